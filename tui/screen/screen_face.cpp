#include "tui/screen/screen_face.h"

#include "tui/view/render.h"

#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <ctime>

namespace sotto::tui {

namespace {

constexpr std::chrono::seconds kPasteLasts{2};  ///< then an incomplete paste is taken as it is

std::uint64_t wall_ms() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
}

std::tm local(std::uint64_t ms) {
    const auto seconds = static_cast<std::time_t>(ms / 1'000);
    std::tm out{};
    ::localtime_r(&seconds, &out);
    return out;
}

}  // namespace

ScreenFace::ScreenFace(Options options, Sink sink)
    : sink_(std::move(sink)), screen_({options.colours}), model_(local, options.emoji) {
    model_.on_resize(screen_.size());
    if (options.wire) {
        model_.show_wire();
    }
}

void ScreenFace::on_event(const client::Event& event, Time /*now*/) {
    model_.on_event(event, wall_ms());
    pass_on();
}

void ScreenFace::on_input(Time now) {
    take(screen_.read());
    paste_since_ = screen_.pasting() ? std::optional(now) : std::nullopt;
    const auto patience = screen_.patience();
    settle_at_ = patience ? std::optional(now + *patience) : std::nullopt;
    if (screen_.hung_up() && !ended_) {
        ended_ = true;
        sink_(client::command::Quit{});
    }
}

void ScreenFace::on_tick(Time now) {
    if (settle_at_ && now >= *settle_at_) {
        settle_at_.reset();
        take(screen_.settle());
    }
    if (paste_since_ && now >= *paste_since_ + kPasteLasts) {
        paste_since_.reset();
        take(screen_.end_paste());
    }
}

void ScreenFace::take(const std::vector<Input>& inputs) {
    for (const Input& input : inputs) {
        model_.on_input(input, wall_ms());
        pass_on();
    }
}

std::optional<Face::Time> ScreenFace::next_deadline() const {
    Time next = change_;
    next = paste_since_ ? std::min(next, *paste_since_ + kPasteLasts) : next;
    return settle_at_ ? std::min(next, *settle_at_) : next;
}

void ScreenFace::on_resize() {
    // The size may have changed meanwhile, and what was written then is in the wrong place.
    screen_.forget();
    model_.on_resize(screen_.size());
}

void ScreenFace::refresh(Time now) {
    if (!ended_) {
        const Moment moment{wall_ms(), now};
        screen_.show(render(model_.state(), moment));
        change_ = next_change(model_.state(), moment);
    }
}

void ScreenFace::pass_on() {
    for (const Effect effect : model_.take_effects()) {
        perform(effect);
    }
    for (const client::Command& command : model_.take_commands()) {
        sink_(command);
    }
}

void ScreenFace::perform(Effect effect) {
    switch (effect) {
        case Effect::bell:
            screen_.bell();
            break;
        case Effect::redraw:
            screen_.forget();
            break;
        case Effect::suspend:
            on_suspend();
            break;
    }
}

void ScreenFace::on_suspend() {
    screen_.leave();
    // Stops the whole job, as the terminal does: `make demo` stops with us.
    struct sigaction ours {};
    struct sigaction standard {};
    standard.sa_handler = SIG_DFL;
    ::sigaction(SIGTSTP, &standard, &ours);
    ::kill(0, SIGTSTP);
    ::sigaction(SIGTSTP, &ours, nullptr);
    on_resume();
}

void ScreenFace::on_resume() {
    screen_.enter();
    on_resize();
}

int ScreenFace::input_descriptor() const {
    return ended_ ? -1 : STDIN_FILENO;
}

}  // namespace sotto::tui
