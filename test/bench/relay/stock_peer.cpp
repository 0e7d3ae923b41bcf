#include "test/bench/relay/peer.h"
#include "test/bench/relay/sotto_speech.h"

namespace sotto::bench {

/// ws_stock.cpp: websocketpp on Asio's TLS stream, and a JsonCpp DOM.
Peer stock_peer(const std::string& program, const Scratch& scratch) {
    const std::vector<std::string> command{program, scratch.certificate(), scratch.key()};
    return {"websocketpp as it comes", "", [command] { return std::make_unique<Child>(command); },
            speak<SottoSpeech>};
}

}  // namespace sotto::bench
