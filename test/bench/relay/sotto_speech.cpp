#include "test/bench/relay/sotto_speech.h"

#include "crypto/identity.h"
#include "crypto/random.h"
#include "net/wire/envelope.h"

#include <array>
#include <stdexcept>

namespace sotto::bench {

SottoSpeech::SottoSpeech(Role role, Line& line)
    : WebSocketSpeech(line, "sotto.v1"), role_(std::move(role)) {}

std::string SottoSpeech::message(std::string_view text) const {
    return text_frame(text);
}

void SottoSpeech::on_upgraded() {
    line().write(text_frame(R"({"type":"hello","versions":[1],"software":"bench"})"));
}

std::size_t SottoSpeech::on_payload(std::string_view piece, bool last) {
    if (step() == Step::joined) {
        return last ? 1 : 0;
    }
    text_ += piece;
    if (last) {
        answer();
        text_.clear();
    }
    return 0;
}

void SottoSpeech::answer() {
    if (!greeted_) {
        greeted_ = true;
        line().write(text_frame(registration(text_)));
    } else if (text_.find("\"ok\":true") != std::string::npos) {
        reach(Step::joined);
    } else {
        throw std::runtime_error("not registered: " + text_);
    }
}

std::string SottoSpeech::registration(const std::string& hello) const {
    static crypto::SystemRandom random;
    static const crypto::Identity identity = crypto::Identity::generate(random);
    const auto answer = wire::decode_from_relay(hello);
    if (!answer || !std::holds_alternative<wire::RelayHello>(*answer)) {
        throw std::runtime_error("no hello: " + hello);
    }
    const auto& nonce = std::get<wire::RelayHello>(answer.value()).nonce;
    crypto::Bytes rest{0, 0, 0, 32};
    const auto put = [&](const auto& bytes) {
        rest.insert(rest.end(), bytes.begin(), bytes.end());
    };
    put(line().pin());
    put(std::array<std::uint8_t, 4>{0, 0, 0, static_cast<std::uint8_t>(role_.name.size())});
    put(role_.name);
    put(identity.public_key());
    put(nonce);
    put(line().exporter());
    const auto signature = identity.sign("sotto/1 register", rest);
    return wire::encode(wire::Register{{}, role_.name, identity.public_key(), signature});
}

}  // namespace sotto::bench
