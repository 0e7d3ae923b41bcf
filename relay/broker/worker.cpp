#include "relay/broker/worker.h"

#include "crypto/random.h"

#include <algorithm>
#include <chrono>

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace sotto::relay {

namespace {

// What has gone, for its memory to be given back to the system, and how often at most: what is
// given back costs a page fault when it is wanted again.
constexpr std::size_t kCrowd = 250;       // connections
constexpr std::size_t kMuch = 8U << 20U;  // bytes of one use
constexpr std::chrono::milliseconds kGiveBackEvery = std::chrono::seconds(5);

constexpr std::chrono::milliseconds kCongestionPause{2};  // of who sends to a loop that lags behind

base::RelayNonce fresh_nonce() {
    base::RelayNonce nonce;
    crypto::SystemRandom random;
    random.fill(nonce);
    return nonce;
}

Relay::Options core_options(std::uint32_t loop, const net::Pin& pin, const Limits& limits) {
    Relay::Options options;
    options.loop = loop;
    options.pin = pin;
    options.limits = limits;
    return options;
}

Time in_milliseconds(net::Loop::Clock::time_point when) {
    return Time(std::chrono::duration_cast<Time::duration>(when.time_since_epoch()));
}

}  // namespace

Worker::Worker(net::Loop& loop, Shared& shared, unsigned number,
               const net::ServerEndpoint::Options& options, const Limits& limits)
    : loop_(loop),
      shared_(shared),
      number_(number),
      endpoint_(loop, options, callbacks()),
      relay_(shared.hub, core_options(number, endpoint_.pin(), limits), fresh_nonce,
             [this](ConnectionId id) { return endpoint_.pressure(id); }),
      delivery_(loop, shared.workers),
      timer_(loop),
      resume_(loop),
      memory_(options.memory) {
    tick();
}

net::ServerEndpoint::Callbacks Worker::callbacks() {
    return {[this](net::ConnectionId id, const net::LinkFacts& facts) {
                handshakes_.add(net::Loop::Clock::now() - facts.accepted);
                const Relay::Arrival arrival{id, facts.exporter, facts.network,
                                             in_milliseconds(facts.accepted), facts.pin};
                relay_.on_open(arrival, now(), actions_);
                perform();
            },
            [this](net::ConnectionId id, net::ServerEndpoint::Message& message) {
                if (shared_.observer) {
                    shared_.observer(message.text());
                }
                relay_.on_message(id, message.text(), in_milliseconds(loop_.turn_began()),
                                  actions_);
                perform();
            },
            [this](net::ConnectionId id) {
                relay_.on_too_large(id, now(), actions_);
                perform();
            },
            [this](net::ConnectionId id) {
                relay_.on_end(id, now(), actions_);
                perform();
            },
            [this](const std::string& trouble) { shared_.log(Note::Level::error, trouble); }};
}

Time Worker::now() {
    return in_milliseconds(net::Loop::Clock::now());
}

void Worker::post(Task task) {
    loop_.post([this, alive = std::weak_ptr<int>(alive_), task = std::move(task)] {
        if (!alive.expired()) {
            task(*this);
        }
    });
}

tl::expected<std::uint16_t, std::string> Worker::listen(const std::string& address,
                                                        std::uint16_t port) {
    return endpoint_.listen(address, port);
}

void Worker::perform(TurnBegan since) {
    // Closing a connection may call back; the actions at hand are ours until done.
    Actions actions = std::exchange(actions_, {});
    for (Action& action : actions) {
        perform(action, since);
    }
    actions.clear();
    if (actions_.empty()) {
        actions_ = std::move(actions);  // keeps its memory
    }
}

void Worker::perform(Action& action, TurnBegan since) {
    if (const auto* message = std::get_if<Forward>(&action)) {
        forward(*message, since);
    } else if (const auto* send = std::get_if<Send>(&action)) {
        endpoint_.send(send->to, send->text);
    } else if (auto* bounce = std::get_if<Bounce>(&action)) {
        delivery_.bounce(std::move(*bounce));
    } else if (const auto* close = std::get_if<Close>(&action)) {
        endpoint_.close(close->connection, static_cast<std::uint16_t>(close->code), close->reason);
    } else if (const auto* held = std::get_if<Pause>(&action)) {
        pause(*held);
    } else if (auto* claim = std::get_if<Claim>(&action)) {
        shared_.claim(std::move(*claim));
    } else if (const auto* replaced = std::get_if<Replace>(&action)) {
        is_here(replaced->place) ? on_replaced(*replaced) : delivery_.replace(*replaced);
    } else if (const auto* note = std::get_if<Note>(&action)) {
        shared_.log(note->level, note->text);
    }
}

void Worker::forward(const Forward& message, TurnBegan since) {
    if (is_here(message.to)) {
        endpoint_.send(message.to.connection, message.text);
        time_forward(since);
        return;
    }
    const auto outcome = delivery_.deliver(message);
    if (outcome == Delivery::Outcome::no_room) {
        relay_.on_undelivered(message.from.connection, message.text, actions_);
        perform();
    } else if (outcome == Delivery::Outcome::congested) {
        pause({message.from.connection, now() + kCongestionPause});
    }
}

void Worker::time_forward(TurnBegan since) {
    if (forwarded_.empty()) {
        loop_.after_turn([this] { after_turn(); });
    }
    if (forwarded_.empty() || forwarded_.back().first != since) {
        forwarded_.emplace_back(since, 0);
    }
    ++forwarded_.back().second;
}

void Worker::after_turn() {
    const auto end = net::Loop::Clock::now();
    for (const auto& [since, times] : forwarded_) {
        forwards_.add(end - since, times);
    }
    forwarded_.clear();
}

void Worker::on_queue() {
    for (const Batch& batch : queue_.take_all()) {
        batch.for_each([&](const Forward& message) {
            relay_.on_delivery(message, in_milliseconds(loop_.turn_began()), actions_);
            perform(batch.since);
        });
    }
}

void Worker::on_bounce(const Bounce& bounce) {
    relay_.on_bounce(bounce.to.connection, bounce.error, now(), actions_);
    perform();
}

void Worker::on_replaced(const Replace& replaced) {
    relay_.on_replaced(replaced.place.connection, actions_);
    perform();
}

void Worker::on_claimed(const Claimed& claimed) {
    relay_.on_claimed(claimed, actions_);
    perform();
}

void Worker::on_dismissed(const Dismissal& dismissal) {
    relay_.on_dismissed(dismissal, actions_);
    perform();
}

void Worker::pause(const Pause& pause) {
    endpoint_.pause_reading(pause.connection, true);
    paused_.add(pause);
    resume_paused();
}

void Worker::resume_paused() {
    while (const auto ended = paused_.take_ended(now())) {
        endpoint_.pause_reading(*ended, false);
    }
    if (const auto next = paused_.next()) {
        resume_.at(net::Loop::Clock::time_point(next->time_since_epoch()),
                   [this] { resume_paused(); });
    }
}

void Worker::tick() {
    timer_.at(net::Loop::Clock::now() + std::chrono::seconds(1), [this] {
        tick();
        relay_.on_tick(now(), actions_);
        perform();
        give_back_memory();
        const std::lock_guard lock(metrics_lock_);
        last_metrics_ = metrics();
    });
}

/// What a crowd leaves behind when it goes, or a few who had much, is free, but scattered: the
/// allocator gives it back to the system only when asked. Of 530 MiB for 10,000 half-open
/// connections 475 stayed.
void Worker::give_back_memory() {
    const std::size_t here = endpoint_.connections() + endpoint_.half_open();
    most_connections_ = std::max(most_connections_, here);
    if (now() < give_back_at_) {
        return;
    }
    if (most_connections_ - here >= kCrowd || (memory_ && memory_->has_fallen_by(kMuch))) {
        most_connections_ = here;
        give_back_at_ = now() + kGiveBackEvery;
#ifdef __GLIBC__
        ::malloc_trim(0);
#endif
    }
}

tl::expected<void, std::string> Worker::reload(const net::ServerEndpoint::Options& options,
                                               const Limits& limits) {
    auto reloaded = endpoint_.reload(options);
    if (reloaded) {
        relay_.set_pin(endpoint_.pin());
        relay_.set_limits(limits);
    }
    return reloaded;
}

Metrics Worker::metrics() const {
    Metrics now;
    now.counters = relay_.counters();
    now.totals = endpoint_.totals();
    now.connections = endpoint_.connections();
    now.half_open = endpoint_.half_open();
    now.queued_bytes = endpoint_.queued_bytes() + queue_.bytes();
    now.handshakes = handshakes_;
    now.forwards = forwards_;
    now.stopping = stopping_;
    return now;
}

Metrics Worker::last_metrics() const {
    const std::lock_guard lock(metrics_lock_);
    return last_metrics_;
}

void Worker::shut_down(std::function<void()> done) {
    stopping_ = true;
    endpoint_.stop_listening();
    relay_.shut_down(actions_);
    perform();
    done_ = std::move(done);
    deadline_ = now() + std::chrono::seconds(4);
    wait_for_the_last();
}

void Worker::wait_for_the_last() {
    if (endpoint_.connections() == 0 || now() >= deadline_) {
        done_();
        return;
    }
    timer_.at(net::Loop::Clock::now() + std::chrono::milliseconds(20),
              [this] { wait_for_the_last(); });
}

}  // namespace sotto::relay
