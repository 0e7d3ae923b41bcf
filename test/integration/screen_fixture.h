#pragma once

#include "test/support/virtual_terminal.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace sotto::test {

/// A temporary directory, removed by the destructor.
class TemporaryDirectory {
  public:
    TemporaryDirectory();
    ~TemporaryDirectory();
    TemporaryDirectory(const TemporaryDirectory&) = delete;
    TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
    [[nodiscard]] std::string operator/(const std::string& name) const {
        return (path_ / name).string();
    }

  private:
    std::filesystem::path path_;
};

/// A relay of its own on loopback, and its users: all are the real programs.
class Scene {
  public:
    using Environment = std::vector<std::pair<std::string, std::string>>;

    Scene();

    /// `sotto` full screen on a terminal of 80x24, registered.
    [[nodiscard]] std::unique_ptr<VirtualTerminal> full_screen(const std::string& name,
                                                               const Environment& more = {});
    /// `sotto --plain`, registered. The terminal neither echoes nor interprets its input, so any
    /// bytes get through. Lines end with a line feed.
    [[nodiscard]] std::unique_ptr<VirtualTerminal> plain(const std::string& name);

    [[nodiscard]] VirtualTerminal& relay() { return *relay_; }
    [[nodiscard]] const std::string& pin() const { return pin_; }
    /// The command line of `sotto` as NAME.
    [[nodiscard]] Program program(const std::string& name, const Environment& more = {}) const;
    /// NAME@HOST:PORT.
    [[nodiscard]] std::string address(const std::string& name) const;
    /// Where NAME keeps its files.
    [[nodiscard]] std::string data(const std::string& name) const { return files_ / name; }

  private:
    TemporaryDirectory files_;
    std::unique_ptr<VirtualTerminal> relay_;
    std::string port_;
    std::string pin_;
};

/// alice, full screen, in an open chat that bob asked for. Her keys go to the input line.
struct Talk : Scene {
    Talk();

    std::unique_ptr<VirtualTerminal> alice;
    std::unique_ptr<VirtualTerminal> bob;
};

/// The bytes that a terminal sends for keys.
namespace keys {
inline const std::string f1 = "\033OP";
inline const std::string f2 = "\033OQ";
inline const std::string f3 = "\033OR";
inline const std::string f4 = "\033OS";
inline const std::string enter = "\r";
inline const std::string escape = "\033";
inline const std::string meta_v = "\033v";
inline const std::string meta_a = "\033a";
inline const std::string meta_enter = "\033\r";
inline const std::string control_c = "\x03";
inline const std::string control_l = "\x0C";
inline const std::string control_u = "\x15";
inline const std::string control_z = "\x1A";
}  // namespace keys

/// Presses Esc until the keys go to the input line, and waits after each: a key right after
/// an Esc counts as Meta.
void to_input(VirtualTerminal& terminal);

/// Presses a key that leads to a pane, which has no cursor.
void to_pane(VirtualTerminal& terminal, const std::string& key);

/// Fails the test and prints the screen if `text` does not appear.
void expect(VirtualTerminal& terminal, const std::string& text);
/// Likewise, if `met` does not become true.
void expect_that(VirtualTerminal& terminal, const std::function<bool()>& met);
/// Likewise, if `text` does not disappear.
void expect_gone(VirtualTerminal& terminal, const std::string& text);

}  // namespace sotto::test
