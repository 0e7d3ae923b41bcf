#include "test/bench/relay/peer.h"
#include "test/bench/relay/sotto_speech.h"

#include <websocketpp/version.hpp>

namespace sotto::bench {

/// ws_stock.cpp: websocketpp on Asio's TLS stream, and a JsonCpp DOM.
Peer stock_peer(const std::string& program, const Scratch& scratch) {
    const std::vector<std::string> command{program, scratch.certificate(), scratch.key()};
    const std::string name = with_version("websocketpp", websocketpp::user_agent) + " as it comes";
    return {name, "", [command] { return std::make_unique<Child>(command); }, speak<SottoSpeech>};
}

}  // namespace sotto::bench
