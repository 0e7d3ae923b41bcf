#include "tui/driver/driver.h"

#include "crypto/base/hex.h"

#include <chrono>
#include <utility>

namespace sotto::program {

namespace {

/// How long to wait for the relay to answer a close; the person waits, too. Sent messages are in
/// the kernel by then, and go out whether we wait or not.
constexpr std::chrono::milliseconds kLeave{150};

}  // namespace

Driver::Driver(net::Loop& loop, Relay relay, net::PinStore& pins,
               std::unique_ptr<client::Client> client, std::function<void()> on_finished)
    : loop_(loop),
      relay_(std::move(relay)),
      pins_(pins),
      client_(std::move(client)),
      on_finished_(std::move(on_finished)),
      timer_(loop),
      leave_(loop),
      endpoint_(loop,
                {[this](const net::RelayCertificate& seen) { return judge(seen); },
                 [this](const net::LinkFacts& facts) {
                     client_->on_link_up({facts.pin, facts.exporter}, now());
                     perform();
                 },
                 [this](std::string_view text) {
                     client_->on_message(text, now());
                     perform();
                 },
                 [this](const net::LinkEnd& end) { ended(end); }},
                {}, relay_.proxy) {}

client::Now Driver::now() {
    using std::chrono::duration_cast;
    using std::chrono::milliseconds;
    const auto wall = std::chrono::system_clock::now().time_since_epoch();
    return {client::Time(duration_cast<milliseconds>(net::Loop::Clock::now().time_since_epoch())),
            base::WallTime(static_cast<std::uint64_t>(duration_cast<milliseconds>(wall).count()))};
}

void Driver::set_face(tui::Face& face) {
    face_ = &face;
    watch_input();
}

/// Watches the face's input while it wants to read.
void Driver::watch_input() {
    const bool wanted = face_ != nullptr && face_->input_descriptor() >= 0;
    if (wanted == (watch_ != nullptr) || std::exchange(watch_changes_, true)) {
        return;
    }
    loop_.post([this] {  // not inside its own callback
        watch_changes_ = false;
        watch_.reset();
        if (face_->input_descriptor() >= 0) {
            watch_ = std::make_unique<net::Loop::Watch>(loop_, face_->input_descriptor(), [this] {
                if (face_->input_descriptor() >= 0) {
                    face_->on_input(now().monotonic);
                    perform();
                }
            });
        }
    });
}

void Driver::execute(const client::Command& command) {
    client_->execute(command, now());
    perform();
}

bool Driver::judge(const net::RelayCertificate& certificate) {
    seen_ = certificate.pin;
    key_changed_ = false;
    switch (pins_.decide(relay_.host, relay_.port, relay_.pin, certificate.pin,
                         certificate.chain_verified)) {
        case net::TrustDecision::trusted:
            return true;
        case net::TrustDecision::refused:
            key_changed_ = true;
            return false;
        case net::TrustDecision::ask:
            break;
    }
    return relay_.trust_new && pins_.put(relay_.host, relay_.port, certificate.pin).has_value();
}

void Driver::ended(const net::LinkEnd& end) {
    using How = client::LinkLoss::How;
    client::LinkLoss loss;
    loss.code = end.code;
    loss.reason = end.reason;
    switch (end.how) {
        case net::LinkEnd::How::untrusted:
            loss.how = key_changed_ ? How::key_changed : How::untrusted;
            loss.pin_hex = base::hex(seen_);
            if (key_changed_) {
                const auto stored = relay_.pin ? relay_.pin : pins_.find(relay_.host, relay_.port);
                loss.stored_hex = stored ? base::hex(*stored) : "";
            }
            break;
        case net::LinkEnd::How::closed:
            loss.how = How::closed;
            break;
        case net::LinkEnd::How::closed_here:
            loss.how = How::closed_here;
            break;
        case net::LinkEnd::How::lost:
            loss.how = How::lost;
            break;
        default:
            loss.how = How::failed;
    }
    client_->on_link_down(loss, now());
    perform();
    if (finished_) {
        on_finished_();
    }
}

/// A pin that the person agreed to, or that was in a link that they agreed to. It counts even if
/// it can't be stored.
void Driver::store_pin(const std::string& hex) {
    const auto pin = base::from_hex<base::Pin>(hex);
    if (pin != seen_) {
        return;
    }
    relay_.pin = pin;
    const auto stored = pins_.put(relay_.host, relay_.port, *pin);
    if (!stored && face_ != nullptr) {
        face_->on_event(
            client::event::Notice{
                client::event::Notice::Level::warning, {}, client::SafeText::from(stored.error())},
            now().monotonic);
    }
}

/// A person who gives a pin other than the stored one has accepted the change, so it is stored.
/// By then the relay has proved that the pin is its own.
void Driver::keep_given_pin() {
    const auto stored = pins_.find(relay_.host, relay_.port);
    if (!relay_.pin || !stored || *stored == *relay_.pin || seen_ != *relay_.pin) {
        return;
    }
    const auto kept = pins_.put(relay_.host, relay_.port, *relay_.pin);
    if (face_ != nullptr) {
        using Level = client::event::Notice::Level;
        face_->on_event(
            client::event::Notice{
                kept ? Level::info : Level::warning,
                {},
                client::SafeText::from(kept ? "the relay's new pin is stored instead of the old one"
                                            : kept.error())},
            now().monotonic);
    }
}

void Driver::perform() {
    if (std::exchange(performing_, true)) {
        return;  // the face sent a command while it handled an event: the loop below continues
    }
    for (bool more = true; more;) {
        more = false;
        for (client::Effect& effect : client_->take_effects()) {
            more = true;
            if (std::holds_alternative<client::effect::Open>(effect)) {
                endpoint_.connect(relay_.host, relay_.port);
            } else if (auto* send = std::get_if<client::effect::Send>(&effect)) {
                endpoint_.send(std::move(send->text));
            } else if (const auto* close = std::get_if<client::effect::Close>(&effect)) {
                endpoint_.close(close->code, close->reason);
            } else if (const auto* store = std::get_if<client::effect::StorePin>(&effect)) {
                store_pin(store->pin_hex);
            }
        }
        for (const client::Event& event : client_->take_events()) {
            more = true;
            if (std::holds_alternative<client::event::Finished>(event.what)) {
                finished_ = true;
                leave_.at(net::Loop::Clock::now() +
                              (endpoint_.is_open() ? kLeave : std::chrono::milliseconds(0)),
                          on_finished_);
            }
            if (std::holds_alternative<client::event::Registered>(event.what)) {
                keep_given_pin();
            }
            if (on_registered_ && std::holds_alternative<client::event::Registered>(event.what)) {
                on_registered_();  // done before the person sees it
            }
            if (face_ != nullptr) {
                face_->on_event(event, now().monotonic);
            }
        }
    }
    performing_ = false;
    if (face_ != nullptr) {
        face_->refresh(now().monotonic);
    }
    watch_input();
    schedule();
}

void Driver::schedule() {
    auto next = client_->next_deadline();
    const auto faces = face_ != nullptr ? face_->next_deadline() : std::nullopt;
    if (faces && (!next || *faces < *next)) {
        next = faces;
    }
    if (!next) {
        timer_.cancel();
        return;
    }
    timer_.at(net::Loop::Clock::time_point(next->time_since_epoch()), [this] {
        client_->on_tick(now());
        if (face_ != nullptr) {
            face_->on_tick(now().monotonic);
        }
        perform();
    });
}

}  // namespace sotto::program
