#include "tui/faces/json_face.h"

#include "tui/faces/json_commands.h"
#include "tui/faces/json_events.h"

#include <utility>

namespace sotto::tui {

namespace {

constexpr std::size_t kMaxLine = 128 * 1024;  // 16 KiB of text, each byte written as \u00xx

}  // namespace

JsonFace::JsonFace(int input, int output, Sink sink)
    : input_(input, kMaxLine), output_(output), sink_(std::move(sink)) {}

void JsonFace::on_event(const client::Event& event, Time now) {
    fold(view_, event);
    const auto* refused = std::get_if<client::event::Refused>(&event.what);
    lost_ = lost_ || (refused != nullptr && refused->command == client::CommandKind::send_text);
    write(event, now);
    leave_when_settled();
}

void JsonFace::on_input(Time now) {
    input_.read();
    while (const auto line = input_.next()) {
        if (line->too_long) {
            refuse({}, "the line is longer than 128 KiB", now);
        } else if (!line->text.empty()) {
            command(line->text, now);
        }
    }
    leave_when_settled();
}

void JsonFace::command(std::string_view line, Time now) {
    const auto read = command_from_json(line);
    if (!read) {
        refuse(read.error().command, read.error().why, now);
        return;
    }
    sink_(*read);
}

void JsonFace::refuse(std::optional<client::CommandKind> kind, const std::string& why, Time now) {
    lost_ = true;
    write(
        client::event::Refused{kind, client::RefusalCode::bad_command, client::SafeText::from(why)},
        now);
}

void JsonFace::write(const client::Event& event, Time now) {
    if (!output_.line(to_json(event, now))) {
        leave();  // nobody reads any more
    }
}

void JsonFace::leave_when_settled() {
    if (input_.ended() && is_settled(view_)) {
        leave();
    }
}

void JsonFace::leave() {
    if (!std::exchange(leaving_, true)) {
        sink_(client::command::Quit{});
    }
}

}  // namespace sotto::tui
