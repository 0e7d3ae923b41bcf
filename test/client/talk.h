#pragma once

#include "crypto/consent.h"
#include "net/wire/envelope.h"
#include "test/support/print.h"
#include "test/support/world.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The small language of the client's tests.
namespace sotto::test {

namespace command = client::command;
namespace event = client::event;
using client::ChatKey;
using client::ChatState;
using client::CommandKind;
using client::Delivery;
using client::Link;
using client::Trust;
using std::chrono::milliseconds;
using std::chrono::seconds;
using Person = World::Person;
using Texts = std::vector<std::string>;

[[nodiscard]] inline bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}
[[nodiscard]] inline bool is(const std::string& text, const std::string& type) {
    return contains(text, "{\"type\":\"" + type + "\"");
}
[[nodiscard]] inline bool is_record(const std::string& text) {
    return contains(text, "\"kind\":\"record\"");
}
/// Step 1, 2 or 3 of a handshake; 0 if it is none.
[[nodiscard]] inline int step(const std::string& text) {
    const auto message = wire::decode_from_relay(text);
    const auto* relay = message ? std::get_if<wire::Relay>(&*message) : nullptr;
    return relay != nullptr && relay->kind == "handshake" && !relay->payload.empty()
               ? relay->payload[0]
               : 0;
}

/// What `person` sent of one type, decoded.
template <class Message>
[[nodiscard]] std::vector<Message> sent(const Person& person) {
    std::vector<Message> out;
    for (const std::string& text : person.sent) {
        const auto message = wire::decode_from_relay(text);
        if (!message) {
            continue;  // what only a relay reads
        }
        if (const auto* one = std::get_if<Message>(&*message)) {
            out.push_back(*one);
        }
    }
    return out;
}
[[nodiscard]] inline std::size_t count(const Texts& texts, const std::string& type) {
    return static_cast<std::size_t>(std::count_if(
        texts.begin(), texts.end(), [&](const std::string& text) { return is(text, type); }));
}

[[nodiscard]] inline Link link(const Person& person) {
    const auto changes = person.all<event::LinkChanged>();
    return changes.empty() ? Link::offline : changes.back().state;
}
[[nodiscard]] inline std::string last_why(const Person& person) {
    const auto changes = person.all<event::ChatChanged>();
    return changes.empty() ? "" : changes.back().why.str();
}
/// How often a notice has said `part`.
[[nodiscard]] inline std::size_t notices(const Person& person, const std::string& part) {
    const auto all = person.all<event::Notice>();
    return static_cast<std::size_t>(std::count_if(
        all.begin(), all.end(), [&](const auto& one) { return contains(one.text.str(), part); }));
}
[[nodiscard]] inline std::string last_refusal(const Person& person) {
    const auto refused = person.all<event::Refused>();
    return refused.empty() ? "" : refused.back().why.str();
}

/// Both say something and both hear it.
inline void check_talk(World& world, Person& one, Person& other, const std::string& what) {
    world.tell(one, command::SendText{ChatKey::with(other.name), what + " from " + one.name});
    world.tell(other, command::SendText{ChatKey::with(one.name), what + " from " + other.name});
    world.settle();
    BOOST_REQUIRE(!one.texts().empty());
    BOOST_REQUIRE(!other.texts().empty());
    BOOST_TEST(other.texts().back() == what + " from " + one.name);
    BOOST_TEST(one.texts().back() == what + " from " + other.name);
}

/// Somebody whose messages the test makes by hand.
class Puppet {
  public:
    Puppet(std::string name, std::uint64_t seed)
        : random_(seed), identity_(crypto::Identity::generate(random_)), name_(std::move(name)) {}

    [[nodiscard]] const crypto::Identity& identity() const { return identity_; }
    /// The same key under another name.
    Puppet& as(std::string name) {
        name_ = std::move(name);
        return *this;
    }

    struct Request {
        crypto::ChatRequest terms;
        crypto::Signature signature{};
        std::string text;
    };
    /// Without `chat`, a random one.
    [[nodiscard]] Request ask(const Person& person, base::WallTime time,
                              const std::optional<crypto::ChatId>& chat = {}) {
        Request out;
        out.terms = {{name_, identity_.public_key()},
                     {person.name, person.identity->public_key()},
                     {},
                     time};
        random_.fill(out.terms.chat);
        out.terms.chat = chat.value_or(out.terms.chat);
        out.signature = crypto::sign_request(identity_, out.terms);
        wire::ChatRequest message;
        message.route = {name_, person.name, out.terms.chat, 1};
        message.identity = identity_.public_key();
        message.time = time;
        message.signature = out.signature;
        out.text = wire::encode(message);
        return out;
    }
    [[nodiscard]] std::string take_back(const Person& person, const Request& request) const {
        const auto hash = crypto::request_hash(request.terms, request.signature);
        wire::ChatTerminate message;
        message.route = {name_, person.name, request.terms.chat, 2};
        message.payload = crypto::make_signed_terminate(identity_, request.terms.chat, hash);
        return wire::encode(message);
    }

  private:
    SeededRandom random_;
    crypto::Identity identity_;
    std::string name_;
};

}  // namespace sotto::test
