#pragma once

#include "test/bench/relay/scratch.h"
#include "test/bench/relay/speech.h"
#include "test/bench/relay_child.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace sotto::bench {

/// A relay that can be measured.
struct Peer {
    std::string name;     ///< in the tables
    std::string missing;  ///< why it can't be measured here; empty if it can
    std::function<std::unique_ptr<Child>()> start;
    std::function<std::unique_ptr<Speech>(const Role&, Line&)> speech;
    std::size_t largest = SIZE_MAX;  ///< payload in bytes; with more it stalls
};

/// The paths of our own programs; an empty one is left out.
struct Programs {
    std::string sotto;
    std::string rival;  ///< another build of sotto-relay, for comparison
    std::string stock;
    std::string raw;
    std::string node;  ///< the folder of the relay on node's `ws`
};

/// All relays in the order of the tables, sotto-relay first. `scratch` must outlive them.
[[nodiscard]] std::vector<Peer> all_peers(const Programs& programs, const Scratch& scratch);

[[nodiscard]] Peer sotto_peer(const std::string& name, const std::string& program,
                              const Scratch& scratch);
[[nodiscard]] Peer stock_peer(const std::string& program, const Scratch& scratch);
[[nodiscard]] Peer raw_peer(const std::string& program, const Scratch& scratch);
[[nodiscard]] Peer nats_peer(const Scratch& scratch);
[[nodiscard]] Peer mosquitto_peer(const Scratch& scratch);
[[nodiscard]] Peer node_peer(const std::string& folder, const Scratch& scratch);

/// What a shell command prints; empty if it can't be run.
[[nodiscard]] std::string output_of(const std::string& command);

/// `name` and the first version number, such as 2.10.1, in a program's output.
[[nodiscard]] std::string with_version(const std::string& name, const std::string& said);

/// The path of an installed program, searched in the system directories, too; empty if there
/// is none.
[[nodiscard]] std::string find_program(const std::string& name);

/// A speech of class S.
template <class S>
std::unique_ptr<Speech> speak(const Role& role, Line& line) {
    return std::make_unique<S>(role, line);
}

}  // namespace sotto::bench
