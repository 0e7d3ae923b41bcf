#include "test/bench/relay/peer.h"
#include "test/bench/relay/sotto_speech.h"

namespace sotto::bench {

/// With default options, except for the limits per address: here all clients share one.
Peer sotto_peer(const std::string& name, const std::string& program, const Scratch& scratch) {
    std::vector<std::string> command{program,
                                     "--address",
                                     "127.0.0.1",
                                     "--port",
                                     "0",
                                     "--state",
                                     scratch.path() + "/" + name,
                                     "--log-level",
                                     "error",
                                     "--relay-bytes",
                                     "0",
                                     "--registrations",
                                     "0",
                                     "--new-names",
                                     "0",
                                     "--max-per-network",
                                     "0"};
    if (output_of("'" + program + "' --help").find("--threads") != std::string::npos) {
        command.insert(command.end(), {"--threads", "1"});
    }
    return {name, "", [command] { return std::make_unique<Child>(command); }, speak<SottoSpeech>};
}

}  // namespace sotto::bench
