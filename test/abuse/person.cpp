#include "test/abuse/person.h"

#include "crypto/random.h"
#include "net/tls/certificate.h"
#include "test/net/raw_client.h"

#include <array>
#include <utility>

namespace sotto::abuse {

namespace {

constexpr const char* kHello = R"({"type":"hello","versions":[1],"software":"abuse"})";

net::LinkFacts facts_of(SSL* ssl) {
    static constexpr std::string_view kLabel = "EXPORTER-Channel-Binding";
    net::LinkFacts facts;
    X509* certificate = SSL_get1_peer_certificate(ssl);
    facts.pin = net::spki_pin(certificate);
    X509_free(certificate);
    SSL_export_keying_material(ssl, facts.exporter.data(), facts.exporter.size(), kLabel.data(),
                               kLabel.size(), nullptr, 0, 1);
    return facts;
}

}  // namespace

// Field by field: at -O3 GCC warns that a braced message is used before it is set.
std::string record(const std::string& from, const std::string& to, const wire::Bytes& payload,
                   std::int64_t id) {
    wire::Relay message;
    message.route.from = from;
    message.route.to = to;
    message.route.chat = {1};
    message.route.id = id;
    message.kind = "record";
    message.payload = payload;
    return wire::encode(message);
}

crypto::Identity new_identity() {
    crypto::SystemRandom random;
    return crypto::Identity::generate(random);
}

std::string registration(const std::string& name, const crypto::Identity& who,
                         const base::RelayNonce& nonce, const net::LinkFacts& facts) {
    crypto::Bytes terms;
    const auto put = [&](const auto& bytes) {
        terms.insert(terms.end(), bytes.begin(), bytes.end());
    };
    const auto size = [&](std::size_t bytes) {
        put(std::array<std::uint8_t, 4>{0, 0, 0, static_cast<std::uint8_t>(bytes)});
    };
    size(facts.pin.size());
    put(facts.pin);
    size(name.size());
    put(name);
    put(who.public_key());
    put(nonce);
    put(facts.exporter);
    return wire::encode(
        wire::Register{{}, name, who.public_key(), who.sign("sotto/1 register", terms)});
}

std::string join(net::RawClient& client, const std::string& name, const crypto::Identity& who) {
    client.upgrade();
    client.send(net::RawClient::frame(0x81, kHello));
    const auto hello = wire::decode_from_relay(client.read_frame_past_pings().payload);
    if (!hello || !std::holds_alternative<wire::RelayHello>(*hello)) {
        return {};
    }
    const auto& nonce = std::get<wire::RelayHello>(*hello).nonce;
    client.send(
        net::RawClient::frame(0x81, registration(name, who, nonce, facts_of(client.ssl()))));
    return client.read_frame_past_pings().payload;
}

Person::Person(net::Loop& loop, std::uint16_t port, std::string name, const crypto::Identity& who)
    : name_(std::move(name)),
      who_(who),
      endpoint_(loop, {[](const net::RelayCertificate&) { return true; },
                       [this](const net::LinkFacts& facts) {
                           facts_ = facts;
                           say(kHello);
                       },
                       [this](std::string_view text) { heard(text); },
                       [this](const net::LinkEnd&) { ended_ = true; }}) {
    endpoint_.connect("127.0.0.1", port);
}

void Person::heard(std::string_view text) {
    const auto message = wire::decode_from_relay(text);
    if (!message) {
        return;
    }
    if (const auto* relay = std::get_if<wire::Relay>(&*message)) {
        if (on_relay) {
            on_relay(*relay);
        }
    } else if (const auto* hello = std::get_if<wire::RelayHello>(&*message)) {
        say(registration(name_, who_, hello->nonce, facts_));
    } else if (const auto* error = std::get_if<wire::ErrorMessage>(&*message)) {
        ++refused_[error->code_name];
    } else if (std::holds_alternative<wire::Registered>(*message)) {
        joined_ = true;
    } else {
        ++answers_;
    }
}

std::size_t Person::refused(const std::string& code) const {
    std::size_t sum = 0;
    for (const auto& [name, count] : refused_) {
        sum += code.empty() || code == name ? count : 0;
    }
    return sum;
}

}  // namespace sotto::abuse
