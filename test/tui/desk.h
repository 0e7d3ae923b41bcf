#pragma once

#include "tui/model/model.h"
#include "tui/view/render.h"

#include <map>
#include <string>
#include <vector>

namespace sotto::test {

/// A person at the full screen without a terminal: keys and events in, rows of text and
/// commands out. The clock stands at 2026-11-24 14:05 UTC until it is moved.
class Desk {
  public:
    explicit Desk(tui::Size size = {24, 80});

    /// One key by its name in the table ("C-x o" is two), or a text typed letter by letter.
    void press(const std::string& name);
    void type(const std::string& text);
    void type_line(const std::string& text);
    void paste(const std::string& text);
    void resize(tui::Size size) { model.on_resize(size); }
    void tell(const client::Event& event) { model.on_event(event, wall_ms); }
    /// Tells it in answer to the last command of that kind, which must have been given.
    void answer(client::CommandKind kind, client::Event event);

    /// A secure chat with `user`, shown if `show`.
    void open_chat(const std::string& user, client::Trust trust = client::Trust::unverified,
                   bool show = true);
    void hear(const std::string& user, const std::string& text);
    void ask(const std::string& user);
    void online(const std::vector<std::string>& users);

    [[nodiscard]] tui::Frame frame() const;
    [[nodiscard]] std::string row(int number) const { return frame().row_text(number); }
    [[nodiscard]] std::string screen() const;
    [[nodiscard]] bool shows(const std::string& text) const;
    [[nodiscard]] const tui::State& state() const { return model.state(); }
    /// The commands since the last look.
    [[nodiscard]] std::vector<client::Command> commands();
    template <class T>
    [[nodiscard]] std::vector<T> commands_of() {
        std::vector<T> out;
        for (const client::Command& one : commands()) {
            if (const T* match = std::get_if<T>(&one.what)) {
                out.push_back(*match);
            }
        }
        return out;
    }

    tui::Model model;
    std::uint64_t wall_ms;
    base::MonotonicTime monotonic{};

  private:
    void collect();

    std::vector<client::Command> unseen_;
    std::map<client::CommandKind, client::CommandId> given_;  ///< the last of each kind
    int said_ = 0;
};

}  // namespace sotto::test
