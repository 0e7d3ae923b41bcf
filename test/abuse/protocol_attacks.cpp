// Attacks that need names: registrations, lookups, requests, and readers that don't read.
#include "test/abuse/attacks.h"
#include "test/abuse/person.h"
#include "test/abuse/raw_crowd.h"

#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <deque>
#include <functional>
#include <stdexcept>

namespace sotto::abuse {

namespace {

using net::RawClient;

constexpr double kPatience = 15;  // seconds to wait for what must happen in the end

/// A name that nobody else uses.
std::string name(const std::string& what) {
    return what + std::to_string(::getpid());
}

/// Registered users on a loop of their own.
struct Gang {
    Person& add(const std::string& who) {
        people.emplace_back(loop, port, who, key);
        Person& person = people.back();
        run_until([&] { return person.joined() || person.ended(); });
        if (!person.joined()) {
            throw std::runtime_error(who + " can't register");
        }
        return person;
    }
    void run_until(const std::function<bool()>& done) {
        for (const Until until(kPatience); until.left() && !done();) {
            loop.run_for(std::chrono::milliseconds(5));
        }
    }

    std::uint16_t port;
    net::Loop loop{};
    crypto::Identity key = new_identity();
    std::deque<Person> people{};
};

/// `person` sends what `text` returns as fast as possible, at least for the time of the attack
/// and until `enough`. Returns how often.
std::size_t flood(Gang& gang, Person& person, const Target& target,
                  const std::function<std::string(std::size_t)>& text,
                  const std::function<bool()>& enough) {
    std::size_t said = 0;
    const Until at_least(target.seconds);
    const Until at_most(target.seconds + kPatience);
    while (!person.ended() && (at_least.left() || (!enough() && at_most.left()))) {
        for (int i = 0; i < 50 && person.queued() < 1'000'000; ++i) {
            person.say(text(said++));
        }
        gang.loop.run_for(std::chrono::milliseconds(1));
    }
    return said;
}

/// A flood: most of it must be refused with `code`, and the connection must survive.
Outcome flood_that_is_refused(const Target& target, const std::string& code,
                              const std::function<std::string(const Person&, std::size_t)>& text) {
    Gang gang{target.port};
    Person& mallory = gang.add(name("mallory"));
    const std::size_t said = flood(
        gang, mallory, target, [&](std::size_t number) { return text(mallory, number); },
        [&] { return mallory.refused(code) > 0; });
    return {std::to_string(said) + " said, " + std::to_string(mallory.refused(code)) + " " + code,
            mallory.refused(code) > 0};
}

Outcome requests(const Target& target) {
    return flood_that_is_refused(
        target, "rate_limited", [](const Person& mallory, std::size_t number) {
            const auto byte = static_cast<std::uint8_t>(number);
            return wire::encode(
                wire::ChatRequest{{mallory.name(), "alice", {byte}, 1}, {}, {}, {}});
        });
}
Outcome enumeration(const Target& target) {
    return flood_that_is_refused(target, "rate_limited", [](const Person&, std::size_t number) {
        return wire::encode(wire::GetPubkey{1, "a" + std::to_string(number)});
    });
}
Outcome listing(const Target& target) {
    return flood_that_is_refused(target, "rate_limited", [](const Person&, std::size_t) {
        return wire::encode(wire::GetUserList{1, 0, "a"});
    });
}
/// Messages in the name of others: the first one ends the connection.
Outcome false_senders(const Target& target) {
    std::size_t forbidden = 0;
    std::size_t tries = 0;
    Gang gang{target.port};
    for (const Until until(target.seconds); until.left() || tries == 0; ++tries) {
        Person& mallory = gang.add(name("mallory"));
        mallory.say(record("bob", "alice", {1}));
        gang.run_until([&] { return mallory.ended(); });
        forbidden += mallory.refused("forbidden");
        gang.people.clear();
    }
    return {std::to_string(tries) + " tries, " + std::to_string(forbidden) + " forbidden",
            forbidden == tries};
}
Outcome relay_flood(const Target& target) {
    Gang gang{target.port};
    Person& mallory = gang.add(name("mallory"));
    Person& marvin = gang.add(name("marvin"));
    std::size_t heard = 0;
    marvin.on_relay = [&](const wire::Relay&) { ++heard; };
    const std::string text = record(mallory.name(), marvin.name(), wire::Bytes(16'384, 1));
    const std::size_t said = flood(
        gang, mallory, target, [&](std::size_t) { return text; }, [&] { return heard > 0; });
    return {std::to_string(said) + " said, " + std::to_string(heard) + " heard", heard > 0};
}
/// Above the soft mark senders get `busy`.
Outcome deaf_reader(const Target& target) {
    Gang deaf{target.port};
    const std::string to = deaf.add(name("deaf")).name();  // and its loop no longer runs
    return flood_that_is_refused(target, "busy", [&](const Person& mallory, std::size_t) {
        return record(mallory.name(), to, wire::Bytes(24'000, 1));
    });
}
/// A client that causes error after error, each a `not_found` of 100 bytes, is not read for a
/// while, so its queue does not grow; otherwise it would be cut at the hard mark.
Outcome deaf_asker(const Target& target) {
    RawClient client(target.port);
    const crypto::Identity key = new_identity();
    const std::string who = name("mallory");
    join(client, who, key);
    std::string bytes;
    for (int i = 0; i < 200; ++i) {
        bytes += RawClient::frame(0x81, record(who, "nobody", {1}));
    }
    const timeval wait{1, 0};  // nothing was accepted for so long: it is not read
    ::setsockopt(client.socket(), SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait);
    std::string how = "read on and on";
    bool ended = false;
    std::size_t said = 0;
    for (const Until until(kPatience); until.left() && !ended; said += 200) {
        const int sent = SSL_write(client.ssl(), bytes.data(), static_cast<int>(bytes.size()));
        ended = sent <= 0;
        if (ended) {
            const int error = SSL_get_error(client.ssl(), sent);
            how = error == SSL_ERROR_WANT_WRITE ? "not read any more" : "cut";
        }
    }
    return {std::to_string(said) + " said, then it was " + how, ended};
}
Outcome false_registrations(const Target& target) {
    const crypto::Identity key = new_identity();
    std::size_t tries = 0;
    std::size_t refused = 0;
    for (const Until until(target.seconds); until.left() || tries == 0; ++tries) {
        RawClient client(target.port, "127.0.9.1");
        const std::string answer = join(client, "alice", key);
        refused += answer.find("\"error\"") != std::string::npos ? 1 : 0;
    }
    return {
        std::to_string(tries) + " for a name of others, " + std::to_string(refused) + " refused",
        refused == tries};
}
/// New names from one address, up to its limit.
Outcome registration_storm(const Target& target) {
    const crypto::Identity key = new_identity();
    std::size_t taken = 0;
    std::size_t limited = 0;
    const Until at_least(target.seconds);
    const Until at_most(target.seconds + kPatience);
    while (at_least.left() || (limited == 0 && at_most.left())) {
        RawClient client(target.port, "127.0.9.2");
        const std::string answer = join(client, name("s") + "-" + std::to_string(taken), key);
        const bool refused = answer.find("rate_limited") != std::string::npos;
        limited += refused ? 1 : 0;
        taken += refused || answer.empty() ? 0 : 1;
    }
    return {std::to_string(taken) + " names taken, then " + std::to_string(limited) + " refused",
            limited > 0};
}

/// Registered clients that then stay silent and do not even answer pings.
Outcome registered_crowd(const Target& target) {
    constexpr std::size_t kPerAddress = 90;  // new names that an address may register at once
    const crypto::Identity key = new_identity();
    const std::string network = "127." + std::to_string(1 + ::getpid() % 250) + ".8.";
    std::deque<RawClient> clients;
    std::size_t joined = 0;
    while (clients.size() < target.crowd / 5) {
        const std::size_t number = clients.size();
        clients.emplace_back(target.port, network + std::to_string(1 + number / kPerAddress));
        const std::string answer =
            join(clients.back(), name("c") + "-" + std::to_string(number), key);
        joined += answer.find("\"ok\":true") != std::string::npos ? 1 : 0;
    }
    sit(target);
    return {std::to_string(joined) + " registered at once", joined == clients.size()};
}

}  // namespace

const std::vector<Attack>& attacks_on_the_protocol() {
    static const std::vector<Attack> all{
        {"request flood", requests},
        {"name enumeration", enumeration},
        {"list flood", listing},
        {"false senders", false_senders},
        {"relay flood", relay_flood},
        {"a reader that does not read", deaf_reader},
        {"an asker that does not read", deaf_asker},
        {"false registrations", false_registrations},
        {"registration storm", registration_storm},
        {"a registered crowd", registered_crowd},
    };
    return all;
}

}  // namespace sotto::abuse
