#pragma once

#include "net/websocket/server_endpoint.h"
#include "net/wire/limits.h"
#include "relay/core/limits.h"

#include <tl/expected.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <variant>
#include <vector>

namespace sotto::relay {

/// What the program is started for.
enum class Task { serve, print_pin, check, backup, list, show, release, block, unblock };

/// Loops, whoever asks for them: the unit's TasksMax has room for so many.
constexpr std::size_t kMostThreads = 256;

/// What the operator said, on the command line or in the configuration file.
struct Options {
    Task task = Task::serve;
    std::string subject;  ///< a task's name of a user, or file
    std::string file;     ///< the configuration file, if it is there
    std::string address = "::";
    std::uint16_t port = wire::kDefaultPort;
    std::size_t threads = 0;  ///< loops; 0: one per processor
    std::string certificate;
    std::string key;
    std::string state;
    std::string log_level = "info";
    std::string log_format = "plain";
    std::string metrics;                    ///< ADDRESS:PORT; empty: none
    std::size_t max_memory = 1U << 30U;     ///< for all connections, bytes; 0: no bound
    net::ServerEndpoint::Options endpoint;  ///< limits only; the files are set later
    Limits limits;
    std::map<std::string, int> lines;     ///< of the configuration file, by the option said there
    std::vector<std::string> complaints;  ///< for `check` only: else there are no such options

    /// `FILE:LINE: ` if what holds of the option is said there, else nothing: it stands before
    /// a sentence about its value.
    [[nodiscard]] std::string place(const std::string& option) const;
};

/// The exit status: something was printed (help, version: 0) or is wrong (2; of `check`: 1).
struct Leave {
    int status = 0;
};

/// Reads the command line and the configuration file: the one of --config, else the
/// first of $XDG_CONFIG_HOME/sotto/relay.conf, ~/.config/sotto/relay.conf and
/// /etc/sotto/relay.conf that is there. Prints help and complaints itself: all that there
/// are, those about the file with its line. For `check` those are left to it.
[[nodiscard]] std::variant<Options, Leave> read_options(int argc, const char* const* argv);

/// The same once more, for a relay that runs: prints nothing, says what is wrong.
[[nodiscard]] tl::expected<Options, std::string> reread_options(int argc, const char* const* argv);

}  // namespace sotto::relay
