#include "tui/faces/json_face.h"

#include <utility>

namespace sotto::tui {

namespace {

constexpr std::size_t kMaxLine = 128 * 1024;  // 16 KiB of text, each byte written as \u00xx

}  // namespace

JsonFace::JsonFace(int input, int output, Sink sink, const JsonReady& ready)
    : input_(input, kMaxLine), output_(output), sink_(std::move(sink)) {
    (void)output_.line(to_json(ready));  // that nobody reads shows with the first event
}

void JsonFace::on_event(const client::Event& event, Time now) {
    fold(view_, event);
    const auto* refused = std::get_if<client::event::Refused>(&event.what);
    lost_ = lost_ || (refused != nullptr && refused->command == client::CommandKind::send_text);
    write(to_json(event, now, ids_.of(event)));
    leave_when_settled();
}

void JsonFace::on_input(Time now) {
    input_.read();
    while (const auto line = input_.next()) {
        if (line->too_long) {
            refuse({{}, {}, "the line is longer than 128 KiB"}, now);
        } else if (!line->text.empty()) {
            command(line->text, now);
        }
    }
    leave_when_settled();
}

void JsonFace::command(std::string_view line, Time now) {
    auto read = command_from_json(line);
    if (!read) {
        refuse(read.error(), now);
        return;
    }
    read->command.id = ids_.add(std::move(read->id));
    sink_(read->command);
}

void JsonFace::refuse(const JsonRefusal& refusal, Time now) {
    lost_ = true;
    write(to_json(client::event::Refused{refusal.command, client::RefusalCode::bad_command,
                                         client::SafeText::from(refusal.why)},
                  now, refusal.id));
}

void JsonFace::write(const std::string& line) {
    if (!output_.line(line)) {
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
