#include "test/bench/relay/peer.h"
#include "test/bench/relay/sotto_speech.h"

#include <filesystem>

namespace sotto::bench {

/// node/relay.js: a relay as one writes it on `ws`.
Peer node_peer(const std::string& folder, const Scratch& scratch) {
    const std::string program = find_program("node");
    const std::vector<std::string> command{program, folder + "/relay.js", scratch.certificate(),
                                           scratch.key()};
    std::string missing;
    if (program.empty()) {
        missing = "node is not installed";
    } else if (!std::filesystem::exists(folder + "/node_modules/ws")) {
        missing = "its package ws is not installed";
    }
    return {"node, ws", missing, [command] { return std::make_unique<Child>(command); },
            speak<SottoSpeech>};
}

}  // namespace sotto::bench
