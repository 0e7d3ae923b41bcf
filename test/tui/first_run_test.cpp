#include "tui/startup/first_run.h"

#include "test/tui/face_fixture.h"
#include "tui/startup/data_directory.h"

#include <boost/test/unit_test.hpp>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

using namespace sotto;
using namespace sotto::test;
using namespace sotto::program;

namespace {

/// A person who answers, and a folder for what comes of it.
struct Desk {
    Desk() {
        crypto::init();
        std::string name = (std::filesystem::temp_directory_path() / "sotto-XXXXXX").string();
        BOOST_REQUIRE(::mkdtemp(name.data()) != nullptr);
        folder = name;
    }
    ~Desk() { std::filesystem::remove_all(folder); }

    void answer(const std::string& text) const { in.put(text); }
    [[nodiscard]] std::string put(const std::string& name, const std::string& text,
                                  mode_t mode = 0600) const {
        const std::string file = folder + "/" + name;
        std::ofstream(file, std::ios::binary) << text;
        ::chmod(file.c_str(), mode);
        return file;
    }
    [[nodiscard]] std::string identity() const { return folder + "/identity"; }
    [[nodiscard]] std::string why_not(const Passphrases& known) const {
        try {
            (void)open_identity(identity(), known);
        } catch (const std::runtime_error& error) {
            return error.what();
        }
        return "nothing";
    }

    Pipe in;
    Pipe out;
    Prompt prompt{in.reader(), out.writer()};
    std::string folder;
};

bool holds(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

/// Somebody who says these passphrases, one after the other.
Passphrases says(std::vector<std::string> words) {
    const auto next = std::make_shared<std::vector<std::string>>(std::move(words));
    const auto take = [next] {
        std::string word = next->empty() ? "nobody knows" : next->front();
        if (!next->empty()) {
            next->erase(next->begin());
        }
        return word;
    };
    return {take, [take](bool) { return std::optional(take()); }};
}
Passphrases nobody() {
    return {[] { return std::string(); }, [](bool) { return std::optional<std::string>(); }};
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(first_run, Desk)

BOOST_AUTO_TEST_CASE(a_name_and_a_relay_make_an_address) {
    answer("  alice \nrelay.example\n");
    BOOST_TEST(ask_address(prompt, "") == "alice@relay.example:7443");
    answer("bob\n[::1]:7000\n");
    BOOST_TEST(ask_address(prompt, "") == "bob@[::1]:7000");
}

BOOST_AUTO_TEST_CASE(both_may_be_answered_at_once) {
    answer("alice@relay.example:7000\n");
    BOOST_TEST(ask_address(prompt, "") == "alice@relay.example:7000");
}

BOOST_AUTO_TEST_CASE(the_login_name_is_offered_if_it_can_be_one) {
    answer("\nrelay.example\n");
    BOOST_TEST(ask_address(prompt, "lena") == "lena@relay.example:7443");
    BOOST_TEST(holds(out.take(), "Your name [lena]: "));
    answer("\nalice\nrelay.example\n");
    BOOST_TEST(ask_address(prompt, "Lena K") == "alice@relay.example:7443");
    BOOST_TEST(holds(out.take(), "Your name: "));
}

BOOST_AUTO_TEST_CASE(an_answer_that_will_not_do_is_explained_and_asked_for_again) {
    answer("Alice\nalice@\nal ice\nalice\n\nhttps://relay\nrelay:99999\nbob@relay\nrelay:1\n");
    BOOST_TEST(ask_address(prompt, "") == "alice@relay:1");
    const std::string said = out.take();
    BOOST_TEST(holds(said, "That can't be a name"));
    BOOST_TEST(holds(said, "neither a name nor NAME@HOST"));
    BOOST_TEST(holds(said, "the port is not a number from 1 to 65535"));
    BOOST_TEST(holds(said, "Just the relay"));
}

BOOST_AUTO_TEST_CASE(the_end_of_the_input_leaves_at_any_question) {
    for (const char* before : {"", "alice\n", "Alice\n", "alice\nrelay:0\n"}) {
        Desk desk;
        desk.answer(before);
        desk.in.close_writer();
        BOOST_CHECK_THROW((void)ask_address(desk.prompt, ""), Left);
    }
}

BOOST_AUTO_TEST_CASE(nothing_is_taken_from_the_input_but_the_answers) {
    answer("alice\nrelay\n/chat bob\n");
    (void)ask_address(prompt, "");
    BOOST_TEST(in.take() == "/chat bob\n");
}

BOOST_AUTO_TEST_CASE(a_secret_is_taken_as_it_is) {
    answer("  two words \n");
    BOOST_TEST(prompt.ask_hidden("? ") == "  two words ");
    in.close_writer();
    BOOST_CHECK_THROW((void)prompt.ask_hidden("? "), Left);
}

BOOST_AUTO_TEST_CASE(a_passphrase_may_stand_in_a_file) {
    const Passphrases known = passphrases(prompt, put("secret", "open sesame\nmore\n"));
    BOOST_TEST(known.choose() == "open sesame");
    BOOST_TEST(known.recall(false).value() == "open sesame");
    BOOST_TEST(!known.recall(true).has_value());
    BOOST_CHECK_THROW((void)passphrases(prompt, folder + "/none").choose(), std::runtime_error);
    BOOST_CHECK_THROW((void)passphrases(prompt, put("empty", "")).choose(), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(without_a_person_a_new_identity_has_no_passphrase) {
    const Passphrases known = passphrases(prompt, "");  // pipes are nobody
    BOOST_TEST(known.choose().empty());
    BOOST_TEST(!known.recall(false).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(data_directory, Desk)

BOOST_AUTO_TEST_CASE(an_identity_is_made_once_for_its_owner_alone_and_found_again) {
    const auto made = open_identity(identity(), nobody()).public_key();
    struct stat facts {};
    BOOST_REQUIRE(::stat(identity().c_str(), &facts) == 0);
    BOOST_TEST((facts.st_mode & 0777U) == 0600U);
    BOOST_TEST((open_identity(identity(), nobody()).public_key() == made));
    std::size_t files = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        files += entry.is_regular_file() ? 1 : 0;
    }
    BOOST_TEST(files == 1U);  // nothing half-made is left
}

BOOST_AUTO_TEST_CASE(a_wrong_passphrase_may_be_mended_twice) {
    const auto made = open_identity(identity(), says({"sesame"})).public_key();
    BOOST_TEST((open_identity(identity(), says({"a", "b", "sesame"})).public_key() == made));
    BOOST_TEST(holds(why_not(says({"a", "b", "c", "sesame"})), "wrong passphrase"));
}

BOOST_AUTO_TEST_CASE(a_passphrase_that_nobody_can_be_asked_for_is_told) {
    (void)open_identity(identity(), says({"sesame"}));
    BOOST_TEST(holds(why_not(nobody()), "--passphrase-file"));
}

BOOST_AUTO_TEST_CASE(an_identity_that_others_may_read_is_refused_with_the_remedy) {
    (void)open_identity(identity(), nobody());
    ::chmod(identity().c_str(), 0640);
    BOOST_TEST(why_not(nobody()) ==
               "others may read " + identity() + "; run: chmod 600 " + identity());
}

BOOST_AUTO_TEST_CASE(a_truncated_damaged_or_foreign_file_is_refused_and_left_as_it_is) {
    (void)open_identity(identity(), nobody());
    std::ifstream file(identity(), std::ios::binary);
    const std::string whole{std::istreambuf_iterator<char>(file), {}};
    std::string flipped = whole;
    flipped.back() = static_cast<char>(flipped.back() ^ 1);
    for (const std::string& bad : {whole.substr(0, whole.size() - 1), whole.substr(0, 10),
                                   std::string(), whole + "x", flipped, std::string("key\n")}) {
        (void)put("identity", bad);
        const std::string why = why_not(nobody());
        BOOST_TEST((holds(why, "truncated") || holds(why, "damaged")), why);
        std::ifstream after(identity(), std::ios::binary);
        BOOST_TEST(std::string(std::istreambuf_iterator<char>(after), {}) == bad);
    }
}

BOOST_AUTO_TEST_CASE(a_folder_in_place_of_the_identity_is_told) {
    std::filesystem::create_directory(identity());
    BOOST_TEST(holds(why_not(nobody()), "is not a file"));
}

BOOST_AUTO_TEST_CASE(a_data_directory_is_made_for_its_owner_and_a_file_in_its_place_is_told) {
    const std::string fresh = folder + "/deep/down";
    BOOST_TEST(open_data(fresh) == fresh);
    struct stat facts {};
    BOOST_REQUIRE(::stat(fresh.c_str(), &facts) == 0);
    BOOST_TEST((facts.st_mode & 0777U) == 0700U);
    const std::string file = put("file", "");
    try {
        (void)open_data(file);
        BOOST_TEST(false, "a file is no directory");
    } catch (const std::runtime_error& error) {
        BOOST_TEST(holds(error.what(), "can't write to " + file));
    }
}

BOOST_AUTO_TEST_CASE(the_address_of_the_last_time_is_remembered) {
    const std::string file = folder + "/address";
    BOOST_TEST(!remembered_address(file).has_value());
    remember_address(file, "alice@relay.example:7443");
    BOOST_TEST(remembered_address(file).value() == "alice@relay.example:7443");
    remember_address(file, "bob@[::1]:7000");
    BOOST_TEST(remembered_address(file).value() == "bob@[::1]:7000");
    (void)put("address", "relay.example\n");
    BOOST_CHECK_THROW((void)remembered_address(file), std::runtime_error);
}

BOOST_AUTO_TEST_SUITE_END()
