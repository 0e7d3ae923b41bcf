#include "relay/store/sqlite_registry.h"

#include "test/support/temporary_folder.h"

#include <boost/test/unit_test.hpp>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <optional>
#include <stdexcept>

using namespace sotto;
using relay::IdentityKey;
using relay::SqliteRegistry;

namespace {

struct Folder : test::TemporaryFolder {
    std::filesystem::path file = path / "registry.sqlite";
};

IdentityKey key(std::uint8_t byte) {
    IdentityKey out{};
    out.fill(byte);
    return out;
}

/// Whose the name is afterwards.
std::optional<IdentityKey> claim(SqliteRegistry& registry, const std::string& user,
                                 const IdentityKey& who) {
    const auto owners = registry.claim({{user, who}});
    return owners ? std::optional(owners->at(0)) : std::nullopt;
}

/// Empty if the registry opens and can be read, else what the operator is told.
std::string why_not(const std::filesystem::path& file) {
    try {
        SqliteRegistry registry(file.string());
        (void)registry.all();
        return "";
    } catch (const std::exception& error) {
        return error.what();
    }
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(sqlite_registry, Folder)

BOOST_AUTO_TEST_CASE(a_claimed_name_is_there_after_a_restart_with_its_key) {
    {
        SqliteRegistry registry(file.string());
        BOOST_TEST(registry.all().empty());
        BOOST_REQUIRE((claim(registry, "alice", key(1)) == key(1)));
        BOOST_REQUIRE((claim(registry, "bob", key(2)) == key(2)));
    }
    SqliteRegistry registry(file.string());
    const auto names = registry.all();
    BOOST_REQUIRE_EQUAL(names.size(), 2U);
    BOOST_TEST(names[0].user == "alice");
    BOOST_TEST((names[0].key == key(1)));
    BOOST_TEST(names[1].user == "bob");
    BOOST_TEST((names[1].key == key(2)));
}

BOOST_AUTO_TEST_CASE(a_claim_is_durable_before_it_returns_without_a_clean_end) {
    SqliteRegistry registry(file.string());
    BOOST_REQUIRE((claim(registry, "alice", key(1)) == key(1)));
    // A crash now: what is on disk, journal included, is all there is.
    const auto copy = path / "copy";
    std::filesystem::create_directory(copy);
    for (const char* end : {"", "-wal"}) {
        std::filesystem::copy_file(file.string() + end,
                                   copy / ("registry.sqlite" + std::string(end)));
    }
    SqliteRegistry after((copy / "registry.sqlite").string());
    BOOST_REQUIRE_EQUAL(after.all().size(), 1U);
    BOOST_TEST((after.all()[0].key == key(1)));
}

BOOST_AUTO_TEST_CASE(a_second_claim_of_a_name_says_whose_it_is_and_changes_nothing) {
    SqliteRegistry registry(file.string());
    BOOST_REQUIRE((claim(registry, "alice", key(1)) == key(1)));
    BOOST_TEST((claim(registry, "alice", key(2)) == key(1)));
    BOOST_TEST((claim(registry, "alice", key(1)) == key(1)));
    BOOST_TEST((registry.all()[0].key == key(1)));
}

BOOST_AUTO_TEST_CASE(of_several_claims_at_once_the_first_of_a_name_counts) {
    SqliteRegistry registry(file.string());
    BOOST_REQUIRE((claim(registry, "carol", key(9)) == key(9)));
    const auto owners =
        registry.claim({{"alice", key(1)}, {"bob", key(2)}, {"alice", key(3)}, {"carol", key(4)}});
    BOOST_REQUIRE(owners.has_value());
    BOOST_TEST((*owners == std::vector<IdentityKey>{key(1), key(2), key(1), key(9)}));
    BOOST_TEST(registry.all().size() == 3U);
}

BOOST_AUTO_TEST_CASE(reserved_versions_never_go_back_also_after_a_restart) {
    std::int64_t reserved = 0;
    {
        SqliteRegistry registry(file.string());
        BOOST_TEST(registry.reserve_versions(0).value() >= 1);
        reserved = registry.reserve_versions(10'000).value();
        BOOST_TEST(reserved == 10'000);
        BOOST_TEST(registry.reserve_versions(5).value() == reserved);
    }
    SqliteRegistry registry(file.string());
    BOOST_TEST(registry.reserve_versions(0).value() == reserved);
}

BOOST_AUTO_TEST_CASE(the_files_are_the_owners_alone) {
    SqliteRegistry registry(file.string());
    BOOST_REQUIRE((claim(registry, "alice", key(1)) == key(1)));
    for (const auto& entry : std::filesystem::directory_iterator(path)) {
        struct stat facts {};
        BOOST_REQUIRE_EQUAL(::stat(entry.path().c_str(), &facts), 0);
        BOOST_TEST((facts.st_mode & 077U) == 0U, entry.path());
    }
}

BOOST_AUTO_TEST_CASE(a_file_that_is_no_database_is_refused_with_its_name_and_left_alone) {
    const std::string text(4'096, 'x');
    std::ofstream(file) << text;
    const auto why = why_not(file);
    BOOST_TEST(why.find(file.string()) != std::string::npos, why);
    std::ifstream in(file);
    BOOST_TEST(std::string(std::istreambuf_iterator<char>(in), {}) == text);
}

BOOST_AUTO_TEST_CASE(a_truncated_registry_is_refused) {
    {
        SqliteRegistry registry(file.string());
        for (int number = 0; number < 200; ++number) {
            BOOST_REQUIRE((claim(registry, "user" + std::to_string(number), key(3)) == key(3)));
        }
    }
    const auto size = std::filesystem::file_size(file);
    BOOST_REQUIRE_GT(size, 8'192U);
    std::filesystem::resize_file(file, size / 2);
    BOOST_TEST(!why_not(file).empty());
}

BOOST_AUTO_TEST_CASE(a_registry_damaged_in_its_middle_is_said_with_its_path) {
    {
        SqliteRegistry registry(file.string());
        for (int number = 0; number < 200; ++number) {
            BOOST_REQUIRE((claim(registry, "user" + std::to_string(number), key(3)) == key(3)));
        }
    }
    const auto size = std::filesystem::file_size(file);
    std::fstream out(file, std::ios::in | std::ios::out | std::ios::binary);
    out.seekp(4'096);  // the first page says that all is well
    out << std::string(size - 4'096, 'x');
    out.close();
    const auto why = why_not(file);
    BOOST_TEST(why.find(file.string()) != std::string::npos, why);
}

BOOST_AUTO_TEST_CASE(a_folder_that_is_not_there_is_refused_with_the_path) {
    const auto missing = path / "missing" / "registry.sqlite";
    BOOST_TEST(why_not(missing).find(missing.string()) != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
