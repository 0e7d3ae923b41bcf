#include "net/system/private_file.h"

#include "net/system/descriptor.h"
#include "net/system/lock_file.h"
#include "test/support/temporary_folder.h"

#include <boost/test/unit_test.hpp>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

using namespace sotto::net;

namespace {

struct Folder : sotto::test::TemporaryFolder {
    [[nodiscard]] std::string file() const { return path.string() + "/secret"; }
    [[nodiscard]] std::size_t entries() const {
        return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(path),
                                                      std::filesystem::directory_iterator()));
    }
};

std::string text_of(const std::string& path) {
    const auto bytes = read_private_file(path, 1'000, Protection::from_reading);
    BOOST_REQUIRE_MESSAGE(bytes.has_value(), bytes.error());
    BOOST_REQUIRE(bytes->has_value());
    return {(*bytes)->begin(), (*bytes)->end()};
}

std::string refusal(const std::string& path, Protection protection = Protection::from_reading) {
    const auto bytes = read_private_file(path, 1'000, protection);
    BOOST_REQUIRE(!bytes.has_value());
    const auto checked = check_private_file(path, protection);
    BOOST_REQUIRE(!checked.has_value());
    BOOST_TEST(checked.error() == bytes.error());
    return bytes.error();
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(a_private_file, Folder)

BOOST_AUTO_TEST_CASE(is_written_whole_and_for_its_owner_only_and_leaves_nothing_else) {
    const mode_t before = ::umask(0);
    BOOST_TEST(write_private_file(file(), "one", IfThere::fail).has_value());
    BOOST_TEST(write_private_file(file(), "two and more", IfThere::replace).has_value());
    ::umask(before);
    BOOST_TEST(text_of(file()) == "two and more");
    BOOST_TEST(entries() == 1U);
    struct stat facts {};
    BOOST_REQUIRE(::stat(file().c_str(), &facts) == 0);
    BOOST_TEST((facts.st_mode & 07777U) == 0600U);
}

BOOST_AUTO_TEST_CASE(that_is_there_stays_if_it_must_not_be_replaced) {
    BOOST_TEST(write_private_file(file(), "first", IfThere::fail).has_value());
    const auto again = write_private_file(file(), "second", IfThere::fail);
    BOOST_REQUIRE(!again.has_value());
    BOOST_TEST(again.error() == "can't write " + file() + ": File exists");
    BOOST_TEST(text_of(file()) == "first");
    BOOST_TEST(entries() == 1U);
}

BOOST_AUTO_TEST_CASE(stays_as_it_was_if_there_is_no_room_for_the_new_one) {
    BOOST_TEST(write_private_file(file(), "old", IfThere::fail).has_value());
    rlimit before{};
    BOOST_REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
    const rlimit small{1'000, before.rlim_max};
    const auto handler = std::signal(SIGXFSZ, SIG_IGN);
    BOOST_REQUIRE(::setrlimit(RLIMIT_FSIZE, &small) == 0);
    const auto written = write_private_file(file(), std::string(5'000, 'x'), IfThere::replace);
    ::setrlimit(RLIMIT_FSIZE, &before);
    std::signal(SIGXFSZ, handler);
    BOOST_REQUIRE(!written.has_value());
    BOOST_TEST(written.error() == "can't write " + file() + ": File too large");
    BOOST_TEST(text_of(file()) == "old");
    BOOST_TEST(entries() == 1U);
}

BOOST_AUTO_TEST_CASE(in_no_folder_is_an_error_that_names_it) {
    const std::string nowhere = path.string() + "/none/secret";
    const auto written = write_private_file(nowhere, "x", IfThere::replace);
    BOOST_REQUIRE(!written.has_value());
    BOOST_TEST(written.error() == "can't write " + nowhere + ": No such file or directory");
}

BOOST_AUTO_TEST_CASE(that_is_not_there_is_no_error) {
    const auto bytes = read_private_file(file(), 10, Protection::from_reading);
    BOOST_REQUIRE(bytes.has_value());
    BOOST_TEST(!bytes->has_value());
    BOOST_TEST(check_private_file(file(), Protection::from_reading).has_value());
}

BOOST_AUTO_TEST_CASE(is_read_up_to_its_most_and_no_further) {
    BOOST_TEST(write_private_file(file(), std::string(1'000, 'x'), IfThere::fail).has_value());
    BOOST_TEST(text_of(file()).size() == 1'000U);
    BOOST_TEST(write_private_file(file(), std::string(1'001, 'x'), IfThere::replace).has_value());
    const auto bytes = read_private_file(file(), 1'000, Protection::from_reading);
    BOOST_REQUIRE(!bytes.has_value());
    BOOST_TEST(bytes.error() == file() + " is longer than any such file");
}

BOOST_AUTO_TEST_CASE(behind_a_symbolic_link_is_neither_read_nor_replaced) {
    const std::string target = path.string() + "/target";
    BOOST_TEST(write_private_file(target, "theirs", IfThere::fail).has_value());
    std::filesystem::create_symlink(target, file());
    const std::string sentence = file() + " is a symbolic link; put the file itself there";
    BOOST_TEST(refusal(file()) == sentence);
    const auto written = write_private_file(file(), "ours", IfThere::replace);
    BOOST_REQUIRE(!written.has_value());
    BOOST_TEST(written.error() == sentence);
    BOOST_TEST(text_of(target) == "theirs");
}

BOOST_AUTO_TEST_CASE(that_others_may_touch_is_refused) {
    BOOST_TEST(write_private_file(file(), "x", IfThere::fail).has_value());
    ::chmod(file().c_str(), 0640);
    BOOST_TEST(refusal(file()) == "others may read " + file() + "; run: chmod 600 " + file());
    BOOST_TEST(read_private_file(file(), 10, Protection::from_writing).has_value());
    ::chmod(file().c_str(), 0620);
    BOOST_TEST(refusal(file(), Protection::from_writing) ==
               "others may write to " + file() + "; run: chmod 600 " + file());
}

BOOST_AUTO_TEST_CASE(is_no_folder_and_no_fifo_and_a_fifo_is_not_waited_for) {
    BOOST_TEST(refusal(path.string()) == path.string() + " is not a file");
    BOOST_REQUIRE(::mkfifo(file().c_str(), 0600) == 0);
    BOOST_TEST(refusal(file()) == file() + " is not a file");
}

BOOST_AUTO_TEST_CASE(is_locked_for_one_at_a_time_until_it_is_closed) {
    Descriptor first(::open(file().c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    const Descriptor second(::open(file().c_str(), O_RDWR | O_CLOEXEC));
    BOOST_TEST((try_lock(first) == Lock::taken));
    BOOST_TEST((try_lock(second) == Lock::in_use));
    first.reset();
    BOOST_TEST((try_lock(second) == Lock::taken));
    BOOST_TEST((try_lock(Descriptor()) == Lock::failed));
}

BOOST_AUTO_TEST_SUITE_END()
