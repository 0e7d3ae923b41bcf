// An operator's hand on the registry while the relay runs on it, and disks that are full.
#include "relay/store/registry_admin.h"

#include "relay/store/registry_look.h"
#include "relay/store/sqlite_registry.h"
#include "test/support/temporary_folder.h"

#include <boost/test/unit_test.hpp>
#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <stdexcept>

using namespace sotto;
using relay::IdentityKey;
using relay::Registry;
using relay::RegistryAdmin;
using relay::SqliteRegistry;

namespace {

IdentityKey key(std::uint8_t byte) {
    IdentityKey out{};
    out.fill(byte);
    return out;
}

/// A registry with a relay on it: alice and bob own their names.
struct House : test::TemporaryFolder {
    House() {
        file = (path / "registry.sqlite").string();
        running = std::make_unique<SqliteRegistry>(file);
        BOOST_REQUIRE(running->claim({{"alice", key(1)}}).has_value());
        BOOST_REQUIRE(running->claim({{"bob", key(2)}}).has_value());
        BOOST_REQUIRE_EQUAL(running->all().size(), 2U);
        BOOST_REQUIRE(told().empty());
    }

    [[nodiscard]] std::vector<Registry::Standing> told() const {
        return running->changes().value();
    }

    std::string file;
    std::unique_ptr<SqliteRegistry> running;
};

std::string why_not(const std::function<void()>& step) {
    try {
        step();
        return "";
    } catch (const std::runtime_error& error) {
        return error.what();
    }
}

/// No file of this process grows past `bytes`, as on a full disk, while it lives.
class FullDisk {
  public:
    explicit FullDisk(rlim_t bytes) {
        before_ = std::signal(SIGXFSZ, SIG_IGN);
        ::getrlimit(RLIMIT_FSIZE, &limit_);
        const rlimit low{bytes, limit_.rlim_max};
        BOOST_REQUIRE_EQUAL(::setrlimit(RLIMIT_FSIZE, &low), 0);
    }
    ~FullDisk() {
        ::setrlimit(RLIMIT_FSIZE, &limit_);
        std::signal(SIGXFSZ, before_);
    }
    FullDisk(const FullDisk&) = delete;
    FullDisk& operator=(const FullDisk&) = delete;

  private:
    rlimit limit_{};
    void (*before_)(int) = nullptr;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(registry_admin, House)

BOOST_AUTO_TEST_CASE(the_running_relay_hears_of_a_release_and_a_block_once) {
    RegistryAdmin admin(file);
    BOOST_TEST(admin.release("alice"));
    BOOST_TEST(admin.block("bob"));
    BOOST_TEST(admin.block("carol"));
    const auto names = told();
    BOOST_REQUIRE_EQUAL(names.size(), 3U);
    BOOST_TEST(names[0].user == "alice");
    BOOST_TEST(!names[0].key.has_value());
    BOOST_TEST(!names[0].blocked);
    BOOST_TEST(names[1].user == "bob");
    BOOST_TEST((names[1].key == key(2)));
    BOOST_TEST(names[1].blocked);
    BOOST_TEST(names[2].user == "carol");
    BOOST_TEST(!names[2].key.has_value());
    BOOST_TEST(names[2].blocked);
    BOOST_TEST(told().empty());
    BOOST_TEST(admin.unblock("bob"));
    BOOST_REQUIRE_EQUAL(told().size(), 1U);
}

BOOST_AUTO_TEST_CASE(what_is_undone_before_the_relay_asks_is_told_as_it_stands) {
    RegistryAdmin admin(file);
    BOOST_TEST(admin.block("alice"));
    BOOST_TEST(admin.unblock("alice"));
    const auto names = told();
    BOOST_REQUIRE_EQUAL(names.size(), 1U);
    BOOST_TEST((names[0].key == key(1)));
    BOOST_TEST(!names[0].blocked);
}

BOOST_AUTO_TEST_CASE(the_relays_own_writing_is_no_change) {
    BOOST_REQUIRE(running->claim({{"carol", key(3)}}).has_value());
    BOOST_REQUIRE(running->reserve_versions(50).has_value());
    BOOST_TEST(told().empty());
}

BOOST_AUTO_TEST_CASE(a_released_name_can_be_claimed_by_another_key_at_once) {
    RegistryAdmin admin(file);
    BOOST_REQUIRE(admin.release("alice"));
    BOOST_REQUIRE(running->claim({{"alice", key(9)}}).has_value());
    BOOST_TEST((admin.find("alice").key == key(9)));
}

BOOST_AUTO_TEST_CASE(what_changes_nothing_says_so_and_is_not_told) {
    RegistryAdmin admin(file);
    BOOST_TEST(!admin.release("nobody"));
    BOOST_TEST(!admin.unblock("alice"));
    BOOST_TEST(admin.block("alice"));
    BOOST_TEST(!admin.block("alice"));
    BOOST_TEST(told().size() == 1U);
    BOOST_TEST(told().empty());
}

BOOST_AUTO_TEST_CASE(the_list_has_each_name_once_and_in_order) {
    RegistryAdmin admin(file);
    (void)admin.block("zoe");
    (void)admin.block("alice");
    const auto names = admin.all();
    BOOST_REQUIRE_EQUAL(names.size(), 3U);
    BOOST_TEST(names[0].user == "alice");
    BOOST_TEST(names[0].blocked);
    BOOST_TEST((names[0].key == key(1)));
    BOOST_TEST(names[1].user == "bob");
    BOOST_TEST(!names[1].blocked);
    BOOST_TEST(names[2].user == "zoe");
    BOOST_TEST(!names[2].key.has_value());
    BOOST_TEST(!admin.find("nobody").key.has_value());
    BOOST_TEST(!admin.find("nobody").blocked);
}

BOOST_AUTO_TEST_CASE(a_block_holds_after_a_restart_and_is_not_told_again) {
    BOOST_TEST(RegistryAdmin(file).block("bob"));
    running.reset();
    running = std::make_unique<SqliteRegistry>(file);
    BOOST_TEST(running->all().size() == 2U);
    BOOST_REQUIRE_EQUAL(running->blocked().size(), 1U);
    BOOST_TEST(running->blocked()[0] == "bob");
    BOOST_TEST(told().empty());
    BOOST_TEST(RegistryAdmin(file).unblock("bob"));
    BOOST_TEST(told().size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_copy_made_while_the_relay_runs_is_a_registry_of_the_same_names) {
    const std::string copy = (path / "copy.sqlite").string();
    RegistryAdmin(file).back_up(copy);
    struct stat facts {};
    BOOST_REQUIRE_EQUAL(::stat(copy.c_str(), &facts), 0);
    BOOST_TEST((facts.st_mode & 077U) == 0U);
    BOOST_TEST(facts.st_nlink == 1U);
    BOOST_REQUIRE(running->claim({{"carol", key(3)}}).has_value());  // after the copy
    SqliteRegistry restored(copy);
    const auto names = restored.all();
    BOOST_REQUIRE_EQUAL(names.size(), 2U);
    BOOST_TEST((names[1].key == key(2)));
    BOOST_TEST(restored.reserve_versions(0).value() == running->reserve_versions(0).value());
}

BOOST_AUTO_TEST_CASE(a_copy_replaces_nothing_and_leaves_nothing_behind) {
    const std::string copy = (path / "copy.sqlite").string();
    std::ofstream(copy) << "dear";
    const auto why = why_not([&] { RegistryAdmin(file).back_up(copy); });
    BOOST_TEST(why == "can't back up to " + copy + ": File exists");
    std::ifstream in(copy);
    BOOST_TEST(std::string(std::istreambuf_iterator<char>(in), {}) == "dear");
    const std::string nowhere = (path / "missing" / "copy").string();
    BOOST_TEST(why_not([&] { RegistryAdmin(file).back_up(nowhere); }).find(nowhere) !=
               std::string::npos);
    for (const auto& entry : std::filesystem::directory_iterator(path)) {
        BOOST_TEST(entry.path().string().find("unfinished") == std::string::npos, entry.path());
    }
}

BOOST_AUTO_TEST_CASE(a_copy_leaves_alone_what_is_called_unfinished_and_is_not_its_own) {
    const std::string copy = (path / "copy.sqlite").string();
    std::ofstream(copy + ".unfinished") << "dear";
    RegistryAdmin(file).back_up(copy);
    std::ifstream in(copy + ".unfinished");
    BOOST_TEST(std::string(std::istreambuf_iterator<char>(in), {}) == "dear");
    BOOST_TEST(relay::look_at_registry(copy, false).names == 2U);
}

BOOST_AUTO_TEST_CASE(a_registry_that_is_not_there_is_said_and_not_made) {
    const std::string missing = (path / "missing.sqlite").string();
    BOOST_TEST(why_not([&] { RegistryAdmin admin(missing); }).find(missing) != std::string::npos);
    BOOST_TEST(!std::filesystem::exists(missing));
}

BOOST_AUTO_TEST_CASE(a_look_changes_nothing_whatever_a_relay_has_left) {
    (void)RegistryAdmin(file).block("carol");
    BOOST_TEST(relay::look_at_registry(file, true).names == 3U);
    const auto left = path / "left";  // as by a relay that is killed now
    const auto files = [](const std::filesystem::path& folder) {
        std::map<std::string, std::string> out;
        for (const auto& entry : std::filesystem::directory_iterator(folder)) {
            if (!entry.is_regular_file()) {
                continue;
            }
            std::ifstream in(entry.path());
            out[entry.path().filename().string()] = {std::istreambuf_iterator<char>(in), {}};
        }
        return out;
    };
    std::filesystem::create_directory(left);
    const std::string copy = (left / "registry.sqlite").string();
    for (const char* part : {"", "-wal", "-shm"}) {
        std::filesystem::copy_file(file + part, copy + part);
    }
    const auto before = files(left);
    BOOST_TEST(before.size() == 3U);
    const auto killed = relay::look_at_registry(copy, false);
    BOOST_TEST(killed.names == 3U);
    BOOST_TEST(killed.whole);
    BOOST_TEST((files(left) == before));
    std::filesystem::remove(copy + "-shm");
    BOOST_TEST(!relay::look_at_registry(copy, false).whole);
    BOOST_TEST(files(left).size() == 2U);
    running.reset();  // ends, and takes its journal with it
    const auto ended = files(path);
    BOOST_TEST(relay::look_at_registry(file, false).names == 3U);
    BOOST_TEST((files(path) == ended));
}

BOOST_AUTO_TEST_CASE(a_look_at_what_is_no_registry_is_told) {
    const std::string other = (path / "other.sqlite").string();
    std::ofstream(other) << std::string(4'096, 'x');
    BOOST_TEST(why_not([&] {
                   (void)relay::look_at_registry(other, false);
               }).find("can't use the registry " + other) == 0U);
    std::ofstream(other, std::ios::trunc).close();
    BOOST_TEST(relay::look_at_registry(other, false).names == 0U);
}

BOOST_AUTO_TEST_CASE(a_full_disk_is_a_failed_claim_and_claims_work_again_when_there_is_room) {
    {
        const FullDisk full(std::filesystem::file_size(file + "-wal"));
        const auto claimed = running->claim({{"carol", key(3)}});
        const auto reserved = running->reserve_versions(1'000'000);
        BOOST_TEST(!claimed.has_value());
        BOOST_TEST(!reserved.has_value());
        BOOST_TEST(told().empty());
        BOOST_TEST(running->all().size() == 2U);
    }
    BOOST_TEST(running->claim({{"carol", key(3)}}).has_value());
    BOOST_TEST(running->all().size() == 3U);
    BOOST_TEST(running->reserve_versions(0).value() < 1'000'000);
}

BOOST_AUTO_TEST_SUITE_END()
