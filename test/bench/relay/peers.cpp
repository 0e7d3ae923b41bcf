#include "test/bench/relay/peer.h"

#include <stdio.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <regex>
#include <sstream>

namespace sotto::bench {

std::vector<Peer> all_peers(const Programs& programs, const Scratch& scratch) {
    std::vector<Peer> peers{sotto_peer("sotto-relay", programs.sotto, scratch)};
    if (!programs.rival.empty()) {
        peers.push_back(sotto_peer("the other sotto-relay", programs.rival, scratch));
    }
    peers.push_back(raw_peer(programs.raw, scratch));
    peers.push_back(nats_peer(scratch));
    peers.push_back(stock_peer(programs.stock, scratch));
    peers.push_back(node_peer(programs.node, scratch));
    peers.push_back(mosquitto_peer(scratch));
    return peers;
}

std::string output_of(const std::string& command) {
    std::string text;
    FILE* pipe = ::popen(command.c_str(), "r");
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

std::string with_version(const std::string& name, const std::string& said) {
    std::smatch found;
    return std::regex_search(said, found, std::regex("[0-9]+\\.[0-9]+[0-9.]*"))
               ? name + " " + found.str()
               : name;
}

std::string find_program(const std::string& name) {
    const char* path = std::getenv("PATH");
    std::istringstream folders(std::string(path == nullptr ? "" : path) +
                               ":/usr/local/sbin:/usr/sbin:/sbin");
    for (std::string folder; std::getline(folders, folder, ':');) {
        std::string program = folder + "/" + name;
        if (::access(program.c_str(), X_OK) == 0) {
            return program;
        }
    }
    return {};
}

}  // namespace sotto::bench
