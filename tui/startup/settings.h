#pragma once

#include <gsl/span>
#include <tl/expected.hpp>

#include <string>
#include <string_view>
#include <variant>

namespace sotto::program {

/// Exit statuses (sotto(1)).
enum Status : int { kOk = 0, kFailure = 1, kUsage = 2 };

inline constexpr std::string_view kNoProxy = "none";

/// The settings from the command line, then from the configuration file.
struct Settings {
    std::string address;  ///< NAME@HOST[:PORT], checked; empty if not given
    std::string send;     ///< the peer's name, checked
    std::string config;
    std::string data;
    std::string pin;  ///< 64 hexadecimal digits, checked
    std::string passphrase_file;
    /// A proxy by `net::parse_proxy`, checked; kNoProxy or empty if there is none. ALL_PROXY is
    /// in it already.
    std::string proxy;
    std::string emoji_width;  ///< 1 or 2 if given
    bool demo = false;
    bool json = false;
    bool plain = false;
    bool wire = false;
    bool incognito = false;
    bool trust_new_relay = false;
};

/// A row of the table for `--help`, the configuration file and the manual.
struct OptionRow {
    std::string_view name;      ///< without its dashes; a row without argument is a switch
    std::string_view argument;  ///< as in `--help`
    std::string_view help;
    bool in_file;  ///< allowed in the configuration file
    std::variant<std::string Settings::*, bool Settings::*> member;
    /// What is wrong with a value, as a sentence without a name; empty if it is valid.
    std::string (*complaint)(const std::string& value);
};
[[nodiscard]] gsl::span<const OptionRow> option_table() noexcept;

/// Why there are no settings: the exit status, and what to print first.
struct NoSettings {
    int status = kOk;
    std::string text;  ///< help or version if status is kOk, else what is wrong
};

/// Reads the command line and the configuration file (`--config`, or
/// $XDG_CONFIG_HOME/sotto/config if it exists). The command line wins.
[[nodiscard]] tl::expected<Settings, NoSettings> read_settings(int argc, const char* const* argv);

}  // namespace sotto::program
