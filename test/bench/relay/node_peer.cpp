#include "test/bench/relay/peer.h"
#include "test/bench/relay/sotto_speech.h"

#include <filesystem>

namespace sotto::bench {

/// node/relay.js: a straightforward relay on `ws`.
Peer node_peer(const std::string& folder, const Scratch& scratch) {
    const std::string program = find_program("node");
    const std::string package = folder + "/node_modules/ws/package.json";
    if (program.empty() || !std::filesystem::exists(package)) {
        return {
            "node, ws", program.empty() ? "node is not installed" : "ws is not installed", {}, {}};
    }
    const std::vector<std::string> command{program, folder + "/relay.js", scratch.certificate(),
                                           scratch.key()};
    const std::string name = with_version("node", output_of(program + " --version")) + ", " +
                             with_version("ws", output_of("grep '\"version\"' '" + package + "'"));
    return {name, "", [command] { return std::make_unique<Child>(command); }, speak<SottoSpeech>};
}

}  // namespace sotto::bench
