#include "test/bench/relay/peer.h"
#include "test/bench/relay/sotto_speech.h"

#include <stdio.h>

#include <array>

namespace sotto::bench {

namespace {

/// What `program --help` prints.
std::string help_of(const std::string& program) {
    std::string text;
    FILE* pipe = ::popen(("'" + program + "' --help").c_str(), "r");
    if (pipe == nullptr) {
        return text;
    }
    std::array<char, 4'096> piece{};
    for (std::size_t size = 0; (size = ::fread(piece.data(), 1, piece.size(), pipe)) > 0;) {
        text.append(piece.data(), size);
    }
    ::pclose(pipe);
    return text;
}

}  // namespace

/// As anybody runs it, but for the limits on a single address: here all clients are at one.
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
    if (help_of(program).find("--threads") != std::string::npos) {
        command.insert(command.end(), {"--threads", "1"});
    }
    return {name, "", [command] { return std::make_unique<Child>(command); }, speak<SottoSpeech>};
}

}  // namespace sotto::bench
