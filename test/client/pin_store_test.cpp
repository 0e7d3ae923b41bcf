#include "tui/store/pin_store.h"

#include "crypto/base/hex.h"
#include "test/support/print.h"

#include <boost/test/unit_test.hpp>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <string>

using namespace sotto::net;

namespace {

Pin pin_of(std::uint8_t byte) {
    Pin pin{};
    pin.fill(byte);
    return pin;
}

struct File {
    ~File() { std::remove(path.c_str()); }
    [[nodiscard]] PinStore load() const {
        auto store = PinStore::load(path);
        BOOST_REQUIRE(store.has_value());
        return *store;
    }
    std::string path = "/tmp/sotto-pins-" + std::to_string(::getpid());
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(pin_store, File)

BOOST_AUTO_TEST_CASE(a_missing_file_is_an_empty_store) {
    BOOST_TEST(!load().find("relay.example", 7443).has_value());
}

BOOST_AUTO_TEST_CASE(a_stored_pin_is_there_after_a_restart_for_that_host_and_port_only) {
    PinStore store = load();
    BOOST_REQUIRE(store.put("relay.example", 7443, pin_of(1)).has_value());
    BOOST_REQUIRE(store.put("::1", 7443, pin_of(2)).has_value());
    const PinStore again = load();
    BOOST_TEST((again.find("relay.example", 7443) == pin_of(1)));
    BOOST_TEST((again.find("::1", 7443) == pin_of(2)));
    BOOST_TEST(!again.find("relay.example", 7444).has_value());
    BOOST_TEST(!again.find("other.example", 7443).has_value());
}

BOOST_AUTO_TEST_CASE(a_pin_is_that_of_the_host_however_it_is_spelled) {
    std::ofstream(path) << "Relay.Example:7443 " + sotto::base::hex(pin_of(1)) + "\n";
    PinStore store = load();
    for (const char* host : {"relay.example", "Relay.Example", "RELAY.EXAMPLE"}) {
        BOOST_TEST((store.find(host, 7443) == pin_of(1)), host);
    }
    BOOST_REQUIRE(store.put("relay.EXAMPLE", 7443, pin_of(2)).has_value());
    BOOST_TEST((load().find("relay.example", 7443) == pin_of(2)));
}

BOOST_AUTO_TEST_CASE(two_pins_of_one_host_are_an_error_and_neither_is_chosen) {
    const std::string one = "Relay.example:7443 " + sotto::base::hex(pin_of(1)) + "\n";
    std::ofstream(path) << one << "relay.example:7443 " + sotto::base::hex(pin_of(2)) + "\n";
    const auto store = PinStore::load(path);
    BOOST_REQUIRE(!store.has_value());
    BOOST_TEST(store.error().find(path + ":2") != std::string::npos);
    std::ofstream(path) << one << "relay.example:7443 " + sotto::base::hex(pin_of(1)) + "\n";
    BOOST_TEST((load().find("relay.example", 7443) == pin_of(1)));
}

BOOST_AUTO_TEST_CASE(the_file_is_the_owners_alone) {
    PinStore store = load();
    BOOST_REQUIRE(store.put("relay.example", 7443, pin_of(1)).has_value());
    struct stat facts {};
    BOOST_REQUIRE(::stat(path.c_str(), &facts) == 0);
    BOOST_TEST((facts.st_mode & 0777U) == 0600U);
}

BOOST_AUTO_TEST_CASE(a_malformed_line_is_an_error_that_names_file_and_line) {
    const std::string good = "relay.example:7443 " + sotto::base::hex(pin_of(1)) + "\n";
    for (const std::string& bad :
         {std::string("relay.example:7443\n"), std::string("relay.example:7443 abc\n"),
          "a:1 " + sotto::base::hex(pin_of(1)) + " more\n"}) {
        std::ofstream(path, std::ios::trunc) << good << bad;
        const auto store = PinStore::load(path);
        BOOST_REQUIRE(!store.has_value());
        BOOST_TEST(store.error().find(path + ":2") != std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(a_file_that_others_may_write_to_is_refused_and_one_that_they_may_read_is_not) {
    PinStore store = load();
    BOOST_REQUIRE(store.put("relay.example", 7443, pin_of(1)).has_value());
    BOOST_REQUIRE(::chmod(path.c_str(), 0644) == 0);
    BOOST_TEST((load().find("relay.example", 7443) == pin_of(1)));
    BOOST_REQUIRE(::chmod(path.c_str(), 0664) == 0);
    const auto refused = PinStore::load(path);
    BOOST_REQUIRE(!refused.has_value());
    BOOST_TEST(refused.error() == "others may write to " + path + "; run: chmod 600 " + path);
}

BOOST_AUTO_TEST_CASE(a_pin_that_cant_be_written_is_said_and_not_held) {
    auto store = PinStore::load("/tmp/sotto-no-such-directory/pins");
    BOOST_REQUIRE(store.has_value());
    BOOST_TEST(!store->put("relay.example", 7443, pin_of(1)).has_value());
    BOOST_TEST(!store->find("relay.example", 7443).has_value());
}

BOOST_AUTO_TEST_CASE(the_first_rule_that_applies_decides_alone) {
    PinStore store = load();
    const auto decide = [&](std::optional<Pin> given, std::uint8_t seen, bool chain) {
        return store.decide("relay.example", 7443, given, pin_of(seen), chain);
    };
    BOOST_TEST((decide({}, 1, false) == TrustDecision::ask));
    BOOST_TEST((decide({}, 1, true) == TrustDecision::trusted));
    BOOST_REQUIRE(store.put("relay.example", 7443, pin_of(1)).has_value());
    BOOST_TEST((decide({}, 1, false) == TrustDecision::trusted));
    BOOST_TEST((decide({}, 2, true) == TrustDecision::refused));
    BOOST_TEST((decide(pin_of(2), 2, false) == TrustDecision::trusted));
    BOOST_TEST((decide(pin_of(2), 1, true) == TrustDecision::refused));
}

BOOST_AUTO_TEST_SUITE_END()
