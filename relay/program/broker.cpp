#include "relay/program/broker.h"

#include "crypto/random.h"

#include <algorithm>
#include <utility>

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace sotto::relay {

namespace {

constexpr std::size_t kCrowd = 250;  // connections that have gone

std::array<std::uint8_t, 32> fresh_nonce() {
    std::array<std::uint8_t, 32> nonce{};
    crypto::SystemRandom random;
    random.fill(nonce);
    return nonce;
}

Relay::Options core_options(const net::Pin& pin, const Limits& limits) {
    Relay::Options options;
    options.pin = pin;
    options.limits = limits;
    return options;
}

Time milliseconds(net::Loop::Clock::time_point when) {
    return std::chrono::duration_cast<Time>(when.time_since_epoch());
}

}  // namespace

Broker::Broker(net::Loop& loop, Registry& registry, const net::ServerEndpoint::Options& options,
               Log log, Observer observer, const Limits& limits)
    : log_(std::move(log)),
      observer_(std::move(observer)),
      endpoint_(loop, options,
                {[this](net::ConnectionId id, const net::LinkFacts& facts) {
                     const Relay::Arrival arrival{id, facts.exporter, facts.network,
                                                  milliseconds(facts.accepted), facts.pin};
                     relay_.on_open(arrival, now(), actions_);
                     perform(nullptr);
                 },
                 [this](net::ConnectionId id, net::ServerEndpoint::Message& message) {
                     if (observer_) {
                         observer_(message.text());
                     }
                     relay_.on_message(id, message.text(), now(), actions_);
                     perform(&message);
                 },
                 [this](net::ConnectionId id) {
                     relay_.on_too_large(id, now(), actions_);
                     perform(nullptr);
                 },
                 [this](net::ConnectionId id) {
                     relay_.on_end(id, now(), actions_);
                     perform(nullptr);
                 },
                 [this](const std::string& trouble) { log_(Note::Level::error, trouble); }}),
      relay_(registry, core_options(endpoint_.pin(), limits), fresh_nonce,
             [this](ConnectionId id) { return endpoint_.queued_bytes(id); }),
      timer_(loop),
      resume_(loop) {
    tick();
}

Time Broker::now() {
    return milliseconds(net::Loop::Clock::now());
}

tl::expected<std::uint16_t, std::string> Broker::listen(const std::string& address,
                                                        std::uint16_t port) {
    return endpoint_.listen(address, port);
}

void Broker::perform(net::ServerEndpoint::Message* message) {
    // Closing a connection may call back; the actions at hand are ours until done.
    Actions actions = std::exchange(actions_, {});
    for (Action& action : actions) {
        if (const auto* forward = std::get_if<Forward>(&action)) {
            endpoint_.forward(forward->to, *message);
        } else if (auto* send = std::get_if<Send>(&action)) {
            endpoint_.send(send->to, std::move(send->text));
        } else if (const auto* close = std::get_if<Close>(&action)) {
            endpoint_.close(close->connection, static_cast<std::uint16_t>(close->code),
                            close->reason);
        } else if (const auto* held = std::get_if<Pause>(&action)) {
            pause(*held);
        } else if (const auto* note = std::get_if<Note>(&action)) {
            log_(note->level, note->text);
        }
    }
    actions.clear();
    if (actions_.empty()) {
        actions_ = std::move(actions);  // keeps its memory
    }
}

void Broker::pause(const Pause& pause) {
    endpoint_.pause_reading(pause.connection, true);
    paused_.emplace(pause.until, pause.connection);
    resume_paused();
}

void Broker::resume_paused() {
    while (!paused_.empty() && paused_.begin()->first <= now()) {
        endpoint_.pause_reading(paused_.begin()->second, false);
        paused_.erase(paused_.begin());
    }
    if (!paused_.empty()) {
        resume_.at(net::Loop::Clock::time_point(paused_.begin()->first),
                   [this] { resume_paused(); });
    }
}

void Broker::tick() {
    timer_.at(net::Loop::Clock::now() + std::chrono::seconds(1), [this] {
        relay_.on_tick(now(), actions_);
        perform(nullptr);
        give_back_memory();
        tick();
    });
}

/// What a crowd leaves behind when it goes is free, but scattered: the allocator gives it back
/// to the system only when asked. Of 530 MiB for 10,000 half-open connections 475 stayed.
void Broker::give_back_memory() {
    const std::size_t here = endpoint_.connections() + endpoint_.half_open();
    most_connections_ = std::max(most_connections_, here);
    if (most_connections_ - here >= kCrowd) {
        most_connections_ = here;
#ifdef __GLIBC__
        ::malloc_trim(0);
#endif
    }
}

tl::expected<void, std::string> Broker::reload(const net::ServerEndpoint::Options& options,
                                               const Limits& limits) {
    auto reloaded = endpoint_.reload(options);
    if (reloaded) {
        relay_.set_pin(endpoint_.pin());
        relay_.set_limits(limits);
    }
    return reloaded;
}

Figures Broker::figures() const {
    Figures now;
    now.counters = relay_.counters();
    now.totals = endpoint_.totals();
    now.connections = endpoint_.connections();
    now.half_open = endpoint_.half_open();
    now.queued_bytes = endpoint_.queued_bytes();
    now.registered = relay_.directory().registered();
    now.online = relay_.directory().online();
    now.stopping = stopping_;
    return now;
}

void Broker::shut_down(std::function<void()> done) {
    stopping_ = true;
    endpoint_.stop_listening();
    relay_.shut_down(actions_);
    perform(nullptr);
    done_ = std::move(done);
    deadline_ = now() + std::chrono::seconds(4);
    wait_for_the_last();
}

void Broker::wait_for_the_last() {
    if (endpoint_.connections() == 0 || now() >= deadline_) {
        done_();
        return;
    }
    timer_.at(net::Loop::Clock::now() + std::chrono::milliseconds(20),
              [this] { wait_for_the_last(); });
}

}  // namespace sotto::relay
