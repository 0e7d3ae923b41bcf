// What the log says of a registry that can't be written, and how often.
#include "relay/broker/registry_outage.h"

#include <boost/test/unit_test.hpp>

using namespace sotto;
using relay::Claimed;
using relay::Hub;
using relay::Note;
using relay::RegistryOutage;
using relay::Time;
using namespace std::chrono_literals;

namespace {

const std::string kFull = "registry: names could not be written: disk is full";
const std::string kAgain = "registry: names are written again";

Hub::Round round(const std::vector<Claimed::Result>& results,
                 const std::vector<std::string>& errors = {}) {
    Hub::Round out;
    for (const Claimed::Result result : results) {
        out.claimed.push_back({{}, result});
    }
    for (const std::string& error : errors) {
        out.notes.push_back({Note::Level::error, error});
    }
    return out;
}

std::vector<std::string> texts(const std::vector<Note>& notes) {
    std::vector<std::string> out;
    for (const Note& note : notes) {
        out.push_back(note.text);
    }
    return out;
}

using Texts = std::vector<std::string>;

}  // namespace

BOOST_AUTO_TEST_SUITE(registry_outage)

BOOST_AUTO_TEST_CASE(a_full_disk_is_said_once_and_once_that_there_is_room) {
    RegistryOutage outage;
    const auto failed = round({Claimed::Result::not_writable}, {kFull});
    BOOST_TEST((texts(outage.news(failed, Time(0s))) == Texts{kFull}));
    for (const Time now :
         {Time(1s), Time(2s), Time(500s)}) {  // however long nobody asked for a name
        BOOST_TEST(outage.news(failed, now).empty());
    }
    BOOST_TEST(outage.news(round({Claimed::Result::blocked}), Time(501s)).empty());
    BOOST_TEST((texts(outage.news(round({Claimed::Result::taken}), Time(502s))) == Texts{kAgain}));
    BOOST_TEST(outage.news(round({Claimed::Result::owned}), Time(503s)).empty());
    BOOST_TEST((texts(outage.news(failed, Time(504s))) == Texts{kFull}));
}

BOOST_AUTO_TEST_CASE(what_fails_every_second_without_a_claim_is_said_once_too) {
    RegistryOutage outage;
    const auto failed = round({}, {"versions"});
    BOOST_TEST((texts(outage.news(failed, Time(0s))) == Texts{"versions"}));
    for (Time now(1s); now < Time(300s); now += 1s) {
        BOOST_TEST(outage.news(failed, now).empty());
    }
    BOOST_TEST(
        (texts(outage.news(round({}, {"versions", "another"}), Time(300s))) == Texts{"another"}));
    BOOST_TEST((texts(outage.news(failed, Time(361s))) == Texts{"versions"}));
}

BOOST_AUTO_TEST_CASE(what_is_no_error_is_always_said) {
    RegistryOutage outage;
    Hub::Round released;
    released.notes.push_back({Note::Level::info, "name carol is now free"});
    BOOST_TEST(outage.news(released, Time(0s)).size() == 1U);
    BOOST_TEST(outage.news(released, Time(1s)).size() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
