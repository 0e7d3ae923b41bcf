#include "test/relay/relay_fixture.h"

#include "crypto/secret.h"
#include "test/sim/settle_claims.h"

#include <boost/test/unit_test.hpp>

namespace sotto::test {

using relay::Actions;

namespace {

template <class One>
std::vector<One> all(const Actions& actions) {
    std::vector<One> found;
    for (const relay::Action& action : actions) {
        if (const auto* one = std::get_if<One>(&action)) {
            found.push_back(*one);
        }
    }
    return found;
}

}  // namespace

RelayHouse::RelayHouse(std::size_t page_names) {
    crypto::init();
    pin.fill(0x50);
    options.page_names = page_names;
    restart();
}

void RelayHouse::restart() {
    options.pin = pin;
    relay.reset();
    hub = std::make_unique<relay::Hub>(registry, hub_options);
    relay = std::make_unique<relay::Relay>(
        *hub, options,
        [this] {
            base::RelayNonce nonce;
            random_.fill(nonce);
            return nonce;
        },
        [this](Id id) { return queued[id]; });
}

void RelayHouse::open(Id id, relay::Time accepted) {
    out.clear();
    relay->on_open({id, exporter(id), address, accepted}, now, out);
}

void RelayHouse::say(Id id, const std::string& text) {
    out.clear();
    relay->on_message(id, text, now, out);
    sim::settle_claims(*hub, *relay, out);
}

void RelayHouse::end(Id id) {
    out.clear();
    relay->on_end(id, now, out);
}

void RelayHouse::tick() {
    out.clear();
    relay->on_tick(now, out);
    sim::attend(*hub, *relay, out);
}

base::Exporter RelayHouse::exporter(Id id) {
    base::Exporter value;
    value.fill(static_cast<std::uint8_t>(id));
    return value;
}

base::RelayNonce RelayHouse::greet(Id id) {
    say(id, R"({"type":"hello","versions":[1],"software":"test"})");
    BOOST_REQUIRE_EQUAL(sent(id).size(), 1U);
    const auto answer = wire::decode_from_relay(sent(id).front());
    BOOST_REQUIRE(answer.has_value());
    const auto* hello = std::get_if<wire::RelayHello>(&*answer);
    BOOST_REQUIRE(hello != nullptr);
    return hello->nonce;
}

crypto::Identity& RelayHouse::identity(const std::string& owner) {
    const auto at = identities_.find(owner);
    if (at != identities_.end()) {
        return at->second;
    }
    return identities_.emplace(owner, crypto::Identity::generate(random_)).first->second;
}

std::string RelayHouse::registration(const std::string& user, Id id,
                                     const base::RelayNonce& nonce) {
    const crypto::Identity& who = identity(signer.empty() ? user : signer);
    crypto::Bytes rest{0, 0, 0, 32};  // LP(spki_sha256) || LP(user) || IK || nonce || exporter
    const auto put = [&](const auto& bytes) {
        rest.insert(rest.end(), bytes.begin(), bytes.end());
    };
    put(pin);
    put(std::array<std::uint8_t, 4>{0, 0, 0, static_cast<std::uint8_t>(user.size())});
    put(user);
    put(who.public_key());
    put(nonce);
    put(exporter(id));
    wire::Register request;
    request.user = user;
    request.identity = who.public_key();
    request.signature = who.sign("sotto/1 register", rest);
    return wire::encode(request);
}

void RelayHouse::join(Id id, const std::string& user) {
    open(id);
    say(id, registration(user, id, greet(id)));
    BOOST_REQUIRE_EQUAL(sent(id).size(), 1U);
    BOOST_REQUIRE_EQUAL(sent(id).front(),
                        R"({"type":"register","user":")" + user + R"(","ok":true})");
}

std::vector<std::string> RelayHouse::sent(Id id) const {
    std::vector<std::string> texts;
    for (const relay::Action& action : out) {
        const auto* send = std::get_if<relay::Send>(&action);
        if (send != nullptr && send->to == id) {
            texts.push_back(send->text);
        }
    }
    return texts;
}

std::vector<RelayHouse::Id> RelayHouse::forwarded() const {
    std::vector<Id> ids;
    for (const relay::Forward& forward : forwards()) {
        ids.push_back(forward.to.connection);
    }
    return ids;
}

std::vector<relay::Forward> RelayHouse::forwards() const {
    return all<relay::Forward>(out);
}

std::vector<relay::Bounce> RelayHouse::bounces() const {
    return all<relay::Bounce>(out);
}

std::optional<wire::CloseCode> RelayHouse::closed(Id id) const {
    for (const relay::Action& action : out) {
        const auto* close = std::get_if<relay::Close>(&action);
        if (close != nullptr && close->connection == id) {
            return close->code;
        }
    }
    return std::nullopt;
}

std::optional<relay::Time> RelayHouse::paused(Id id) const {
    for (const relay::Action& action : out) {
        const auto* pause = std::get_if<relay::Pause>(&action);
        if (pause != nullptr && pause->connection == id) {
            return pause->until;
        }
    }
    return std::nullopt;
}

std::optional<wire::ErrorMessage> RelayHouse::error(Id id) const {
    for (const std::string& text : sent(id)) {
        const auto decoded = wire::decode_from_relay(text);
        const auto* found = decoded ? std::get_if<wire::ErrorMessage>(&*decoded) : nullptr;
        if (found != nullptr) {
            return *found;
        }
    }
    return std::nullopt;
}

std::optional<wire::UserList> RelayHouse::list(Id id, std::int64_t since,
                                               const std::string& prefix) {
    wire::GetUserList request;
    request.id = 8;
    request.since = since;
    if (!prefix.empty()) {
        request.prefix = prefix;
    }
    say(id, wire::encode(request));
    const auto texts = sent(id);
    const auto decoded = wire::decode_from_relay(texts.empty() ? "" : texts.front());
    const auto* found = decoded ? std::get_if<wire::UserList>(&*decoded) : nullptr;
    return found == nullptr ? std::nullopt : std::optional(*found);
}

std::string message(const std::string& type, const std::string& from, const std::string& to) {
    const std::map<std::string, std::string> rest{
        {"relay", R"(,"kind":"record","payload":"AAAA")"},
        {"chat_request", R"(,"identity":"AA==","time":1,"signature":"AA==")"},
        {"chat_response", R"(,"accept":true,"signature":"AA==")"},
        {"chat_terminate", R"(,"payload":"AAAA")"}};
    return R"({"type":")" + type + R"(","id":7,"from":")" + from + R"(","to":")" + to +
           R"(","chat":")" + kChat + "\"" + rest.at(type) + "}";
}

}  // namespace sotto::test
