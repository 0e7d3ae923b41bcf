#include "net/system/sqlite_file.h"

#include "test/support/temporary_folder.h"

#include <boost/test/unit_test.hpp>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>

using namespace sotto::net;

namespace {

constexpr int kOurs = 0x7374747A;

struct Folder : sotto::test::TemporaryFolder {
    [[nodiscard]] std::string file() const { return path.string() + "/data.sqlite"; }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(a_database, Folder)

BOOST_AUTO_TEST_CASE(that_is_made_and_its_journals_are_for_their_owner_only) {
    SQLite::Database database = open_sqlite(file(), SQLite::OPEN_CREATE);
    BOOST_TEST(!is_application(database, kOurs));
    make_durable(database, kOurs);
    database.exec("CREATE TABLE t (x)");
    BOOST_TEST(is_application(database, kOurs));
    BOOST_TEST(database.execAndGet("PRAGMA journal_mode").getString() == "wal");
    BOOST_TEST(database.execAndGet("PRAGMA synchronous").getInt() == 2);
    for (const char* suffix : {"", "-wal", "-shm"}) {
        struct stat facts {};
        BOOST_REQUIRE(::stat((file() + suffix).c_str(), &facts) == 0);
        BOOST_TEST((facts.st_mode & 0777U) == 0600U, suffix);
    }
}

BOOST_AUTO_TEST_CASE(of_another_program_is_not_taken) {
    SQLite::Database database = open_sqlite(file(), SQLite::OPEN_CREATE);
    database.exec("CREATE TABLE t (x)");
    BOOST_CHECK_EXCEPTION((void)is_application(database, kOurs), std::runtime_error,
                          [](const std::runtime_error& error) {
                              return error.what() ==
                                     std::string("it is the database of another program");
                          });
}

BOOST_AUTO_TEST_CASE(that_is_not_there_is_made_only_if_that_is_said) {
    BOOST_CHECK_THROW((void)open_sqlite(file(), 0), SQLite::Exception);
    BOOST_TEST(!std::filesystem::exists(file()));
}

BOOST_AUTO_TEST_CASE(without_room_says_that_the_disk_is_full) {
    SQLite::Database database = open_sqlite(file(), SQLite::OPEN_CREATE);
    database.exec("CREATE TABLE t (x)");
    database.exec("PRAGMA max_page_count = 3");
    try {
        database.exec("INSERT INTO t VALUES (randomblob(100000))");
        BOOST_ERROR("there was room");
    } catch (const SQLite::Exception& error) {
        BOOST_TEST(sqlite_trouble(error, file()) == "the disk is full");
    }
}

BOOST_AUTO_TEST_CASE(that_fails_otherwise_says_what_sqlite_says) {
    SQLite::Database database = open_sqlite(file(), SQLite::OPEN_CREATE);
    try {
        database.exec("SELECT nonsense");
        BOOST_ERROR("there is such a column");
    } catch (const SQLite::Exception& error) {
        BOOST_TEST(sqlite_trouble(error, file()) == "no such column: nonsense");
    }
}

BOOST_AUTO_TEST_SUITE_END()
