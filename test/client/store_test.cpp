#include "test/support/print.h"
#include "test/support/seeded_random.h"
#include "test/support/temporary_folder.h"
#include "tui/client/backed_store.h"
#include "tui/client/memory_store.h"
#include "tui/client/seen_texts.h"
#include "tui/store/sqlite_store.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <boost/test/unit_test.hpp>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <functional>

using namespace sotto::client;
namespace crypto = sotto::crypto;

namespace {

constexpr sotto::base::WallTime kNow(1'700'000'000'000);
constexpr std::chrono::minutes kMinute(1);

struct Folder : sotto::test::TemporaryFolder {
    [[nodiscard]] std::string file() const { return path / "contacts.sqlite"; }
};

template <class Octets = crypto::PublicKey>
Octets octets(std::uint8_t first) {
    Octets out;
    out[0] = first;
    out[Octets::kSize - 1] = 0xFF;
    return out;
}

StoredContact sample(const std::string& user) {
    StoredContact out;
    out.user = user;
    out.key = octets(1);
    out.verified = true;
    out.from_link = true;
    out.first_seen = kNow;
    out.best_suite = crypto::Suite::x25519_mlkem768;
    return out;
}

std::string failure(const std::function<void()>& work) {
    try {
        work();
    } catch (const StoreError& error) {
        return error.what();
    }
    return "";
}

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

/// A disk that is full from some moment on.
class FullDisk final : public Store {
  public:
    std::vector<StoredContact> contacts() override { return {}; }
    void put_contact(const StoredContact& /*contact*/) override { fail(); }
    bool remember_chat(const crypto::PublicKey& /*sender*/, const crypto::ChatId& /*chat*/,
                       sotto::base::WallTime /*now*/) override {
        fail();
        return true;
    }

  private:
    static void fail() { throw StoreError("the disk is full"); }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(the_contacts_on_disk)

BOOST_AUTO_TEST_CASE(are_there_after_a_restart_with_every_field) {
    const Folder folder;
    StoredContact changed = sample("dave");
    changed.changed_key = octets(2);
    changed.blocked = true;
    changed.verified = false;
    {
        SqliteStore store(folder.file(), "relay.example:7443");
        store.put_contact(sample("carol"));
        store.put_contact(sample("dave"));
        store.put_contact(changed);  // replaces
    }
    SqliteStore store(folder.file(), "relay.example:7443");
    const auto contacts = store.contacts();
    BOOST_REQUIRE(contacts.size() == 2);
    BOOST_TEST(contacts[0].user == "carol");
    BOOST_TEST((contacts[0].key == octets(1)));
    BOOST_TEST(!contacts[0].changed_key.has_value());
    BOOST_TEST(contacts[0].verified);
    BOOST_TEST(contacts[0].from_link);
    BOOST_TEST(!contacts[0].blocked);
    BOOST_TEST((contacts[0].first_seen == kNow));
    BOOST_TEST((contacts[0].best_suite == crypto::Suite::x25519_mlkem768));
    BOOST_TEST((contacts[1].changed_key == octets(2)));
    BOOST_TEST(contacts[1].blocked);
    BOOST_TEST(!contacts[1].verified);
}

BOOST_AUTO_TEST_CASE(belong_to_one_relay) {
    const Folder folder;
    SqliteStore one(folder.file(), "relay.example:7443");
    one.put_contact(sample("carol"));
    SqliteStore other(folder.file(), "other.example:7443");
    BOOST_TEST(other.contacts().empty());
    BOOST_TEST(one.contacts().size() == 1);
}

BOOST_AUTO_TEST_CASE(of_one_relay_are_found_however_it_was_spelled) {
    const Folder folder;
    {
        SqliteStore store(folder.file(), "Relay.Example:7443");
        store.put_contact(sample("carol"));
    }
    BOOST_TEST(SqliteStore(folder.file(), "relay.example:7444").contacts().empty());
    const auto contacts = SqliteStore(folder.file(), "relay.example:7443").contacts();
    BOOST_REQUIRE(contacts.size() == 1);
    BOOST_TEST((contacts[0].key == octets(1)));
    BOOST_TEST(contacts[0].verified);
}

BOOST_AUTO_TEST_CASE(of_two_spellings_join_and_two_keys_are_a_key_change) {
    const Folder folder;
    StoredContact another = sample("carol");
    another.key = octets(2);
    another.best_suite = crypto::Suite::x25519;
    StoredContact blocked;
    blocked.user = "dave";
    blocked.blocked = true;
    { SqliteStore(folder.file(), "relay.example:7443").put_contact(another); }
    { SqliteStore(folder.file(), "relay.example:7443").put_contact(blocked); }
    {
        SqliteStore store(folder.file(), "Relay.example:7443");
        store.put_contact(sample("carol"));
        store.put_contact(sample("dave"));
    }
    for (int i = 0; i < 2; ++i) {
        const auto contacts = SqliteStore(folder.file(), "relay.example:7443").contacts();
        BOOST_REQUIRE(contacts.size() == 2);
        BOOST_TEST((contacts[0].key == octets(2)));
        BOOST_TEST((contacts[0].changed_key == octets(1)));
        BOOST_TEST((contacts[0].best_suite == crypto::Suite::x25519));
        BOOST_TEST((contacts[1].key == octets(1)));
        BOOST_TEST(!contacts[1].changed_key.has_value());
        BOOST_TEST(contacts[1].blocked);
    }
}

BOOST_AUTO_TEST_CASE(are_readable_by_their_owner_alone) {
    const Folder folder;
    { SqliteStore(folder.file(), "r:1").put_contact(sample("carol")); }
    struct stat facts {};
    BOOST_REQUIRE(::stat(folder.file().c_str(), &facts) == 0);
    BOOST_TEST((facts.st_mode & 0777U) == 0600U);
}

BOOST_AUTO_TEST_CASE(that_others_may_touch_are_refused_with_the_remedy) {
    const Folder folder;
    { SqliteStore(folder.file(), "r:1").put_contact(sample("carol")); }
    for (const mode_t mode : {0640U, 0604U, 0620U, 0666U}) {
        BOOST_REQUIRE(::chmod(folder.file().c_str(), mode) == 0);
        const std::string why = failure([&] { const SqliteStore store(folder.file(), "r:1"); });
        BOOST_TEST(contains(why, "chmod 600 " + folder.file()), why);
    }
    BOOST_REQUIRE(::chmod(folder.file().c_str(), 0600) == 0);
    BOOST_TEST(SqliteStore(folder.file(), "r:1").contacts().size() == 1);
}

BOOST_AUTO_TEST_CASE(that_are_no_database_are_refused_and_left_alone) {
    const Folder folder;
    const std::string content(5'000, 'x');
    std::ofstream(folder.file()) << content;
    BOOST_REQUIRE(::chmod(folder.file().c_str(), 0600) == 0);
    const std::string why = failure([&] { const SqliteStore store(folder.file(), "r:1"); });
    BOOST_TEST(contains(why, folder.file()), why);
    std::ifstream in(folder.file());
    BOOST_TEST(std::string(std::istreambuf_iterator<char>(in), {}) == content);
}

BOOST_AUTO_TEST_CASE(that_are_damaged_or_cut_off_are_refused) {
    const Folder folder;
    {
        SqliteStore store(folder.file(), "r:1");
        for (int i = 0; i < 300; ++i) {
            store.put_contact(sample("user" + std::to_string(i)));
        }
    }
    std::filesystem::resize_file(folder.file(), std::filesystem::file_size(folder.file()) / 2);
    const std::string why = failure([&] { const SqliteStore store(folder.file(), "r:1"); });
    BOOST_TEST(contains(why, "can't use the contacts in " + folder.file()), why);
}

BOOST_AUTO_TEST_CASE(of_a_folder_that_is_not_there_are_refused) {
    const Folder folder;
    const std::string path = folder.path / "none" / "contacts.sqlite";
    BOOST_TEST(contains(failure([&] { const SqliteStore store(path, "r:1"); }), path));
    BOOST_TEST(contains(failure([&] { const SqliteStore store(folder.path.string(), "r:1"); }),
                        "not a file"));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(what_was_seen)

BOOST_AUTO_TEST_CASE(of_chats_lasts_20_minutes_per_sender_and_across_restarts) {
    const Folder folder;
    {
        SqliteStore store(folder.file(), "r:1");
        BOOST_TEST(store.remember_chat(octets(1), octets<crypto::ChatId>(9), kNow));
        BOOST_TEST(!store.remember_chat(octets(1), octets<crypto::ChatId>(9), kNow));
        BOOST_TEST(store.remember_chat(octets(2), octets<crypto::ChatId>(9), kNow));
    }
    SqliteStore store(folder.file(), "r:1");
    BOOST_TEST(!store.remember_chat(octets(1), octets<crypto::ChatId>(9), kNow + 19 * kMinute));
    BOOST_TEST(store.remember_chat(octets(1), octets<crypto::ChatId>(9), kNow + 41 * kMinute));
    MemoryStore memory;
    BOOST_TEST(memory.remember_chat(octets(1), octets<crypto::ChatId>(9), kNow));
    BOOST_TEST(!memory.remember_chat(octets(1), octets<crypto::ChatId>(9), kNow + 19 * kMinute));
    BOOST_TEST(memory.remember_chat(octets(1), octets<crypto::ChatId>(9), kNow + 41 * kMinute));
}

BOOST_AUTO_TEST_CASE(of_texts_by_an_older_sotto_is_removed_and_nothing_else) {
    const Folder folder;
    {
        SqliteStore store(folder.file(), "r:1");
        store.put_contact(sample("carol"));
        BOOST_TEST(store.remember_chat(octets(1), octets<crypto::ChatId>(9), kNow));
    }
    const auto tables = [&] {
        SQLite::Database db(folder.file(), SQLite::OPEN_READWRITE);
        return db.execAndGet("SELECT count(*) FROM sqlite_master WHERE name = 'messages'").getInt();
    };
    {
        SQLite::Database old(folder.file(), SQLite::OPEN_READWRITE);
        old.exec(
            "CREATE TABLE messages (number INTEGER PRIMARY KEY, peer BLOB, id BLOB,"
            " UNIQUE (peer, id))");
        old.exec("INSERT INTO messages (peer, id) VALUES (x'01', x'02')");
    }
    BOOST_REQUIRE(tables() == 1);
    SqliteStore store(folder.file(), "r:1");
    BOOST_TEST(store.contacts().size() == 1);
    BOOST_TEST(!store.remember_chat(octets(1), octets<crypto::ChatId>(9), kNow));
    BOOST_TEST(tables() == 0);
}

BOOST_AUTO_TEST_CASE(of_texts_is_the_newest_ten_thousand_of_each_peer) {
    SeenTexts seen;
    sotto::test::SeededRandom random(3);
    std::vector<crypto::MessageId> ids(10'001);
    for (auto& id : ids) {
        random.fill(id);
        BOOST_REQUIRE(seen.add(octets(1), id));
    }
    BOOST_TEST(!seen.add(octets(1), ids[1]));
    BOOST_TEST(!seen.add(octets(1), ids.back()));
    BOOST_TEST(seen.add(octets(1), ids[0]));  // the oldest was forgotten
    BOOST_TEST(seen.add(octets(2), ids.back()));
}

BOOST_AUTO_TEST_CASE(is_remembered_in_memory_and_said_when_the_disk_is_full) {
    FullDisk disk;
    std::vector<std::string> said;
    BackedStore store(disk, [&](std::string why) { said.push_back(std::move(why)); });
    store.put_contact(sample("carol"));
    BOOST_TEST(store.remember_chat(octets(1), octets<crypto::ChatId>(9), kNow));
    BOOST_TEST(!store.remember_chat(octets(1), octets<crypto::ChatId>(9), kNow));
    BOOST_REQUIRE(said.size() == 3);
    BOOST_TEST(contains(said[0], "the disk is full"));
}

BOOST_AUTO_TEST_SUITE_END()
