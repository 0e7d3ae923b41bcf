#include "relay/broker/worker.h"

#include "crypto/random.h"

#include <algorithm>

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace sotto::relay {

namespace {

// What has gone, for its memory to be given back to the system, and how often at most: what is
// given back costs a page fault when it is wanted again.
constexpr std::size_t kCrowd = 250;       // connections
constexpr std::size_t kMuch = 8U << 20U;  // bytes of one use
constexpr Time kGiveBackEvery = std::chrono::seconds(5);

// Of a mailbox. Past the soft mark who fills it is read less, as the kernel would see to if
// it were one loop; the hard one is for what comes in all the same.
constexpr std::size_t kMailSoft = 4U << 20U;
constexpr std::size_t kMailHard = 16U << 20U;
constexpr Time kMailPause{2};

base::RelayNonce fresh_nonce() {
    base::RelayNonce nonce;
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

net::ServerEndpoint::Options numbered(net::ServerEndpoint::Options options, ConnectionId first) {
    options.first_id = first;
    return options;
}

/// A message that another loop has read.
class CopiedMessage final : public net::ServerEndpoint::Message {
  public:
    CopiedMessage(std::string_view text, bool binary) : text_(text), binary_(binary) {}
    [[nodiscard]] std::string_view text() const override { return text_; }
    [[nodiscard]] bool is_binary() const override { return binary_; }

  private:
    std::string_view text_;
    bool binary_;
};

}  // namespace

Worker::Worker(net::Loop& loop, House& house, unsigned number,
               const net::ServerEndpoint::Options& options, const Limits& limits)
    : loop_(loop),
      house_(house),
      number_(number),
      endpoint_(loop, numbered(options, (ConnectionId{number} << kNumberShift) + 1), callbacks()),
      relay_(house.hub, core_options(endpoint_.pin(), limits), fresh_nonce,
             [this](ConnectionId id) {
                 return is_own(id) ? std::optional(endpoint_.pressure(id)) : std::nullopt;
             }),
      timer_(loop),
      resume_(loop),
      memory_(options.memory) {
    tick();
}

net::ServerEndpoint::Callbacks Worker::callbacks() {
    return {[this](net::ConnectionId id, const net::LinkFacts& facts) {
                handshakes_.add(net::Loop::Clock::now() - facts.accepted);
                const Relay::Arrival arrival{id, facts.exporter, facts.network,
                                             milliseconds(facts.accepted), facts.pin};
                relay_.on_open(arrival, now(), actions_);
                perform();
            },
            [this](net::ConnectionId id, net::ServerEndpoint::Message& message) {
                if (house_.observer) {
                    house_.observer(message.text());
                }
                relay_.on_message(id, message.text(), milliseconds(loop_.turn_began()), actions_);
                perform({&message, id, loop_.turn_began()});
            },
            [this](net::ConnectionId id) {
                relay_.on_too_large(id, now(), actions_);
                perform();
            },
            [this](net::ConnectionId id) {
                relay_.on_end(id, now(), actions_);
                perform();
            },
            [this](const std::string& trouble) { house_.log(Note::Level::error, trouble); }};
}

Time Worker::now() {
    return milliseconds(net::Loop::Clock::now());
}

void Worker::post(Task task) {
    loop_.post([this, alive = std::weak_ptr<int>(alive_), task = std::move(task)] {
        if (!alive.expired()) {
            task(*this);
        }
    });
}

void Worker::tell(ConnectionId id, Task task) {
    if (is_own(id)) {
        task(*this);
    } else {
        house_.workers.at(number_of(id))->post(std::move(task));
    }
}

tl::expected<std::uint16_t, std::string> Worker::listen(const std::string& address,
                                                        std::uint16_t port) {
    return endpoint_.listen(address, port);
}

void Worker::perform(const Incoming& incoming) {
    // Closing a connection may call back; the actions at hand are ours until done.
    Actions actions = std::exchange(actions_, {});
    for (Action& action : actions) {
        perform(action, incoming);
    }
    actions.clear();
    if (actions_.empty()) {
        actions_ = std::move(actions);  // keeps its memory
    }
}

void Worker::perform(Action& action, const Incoming& incoming) {
    if (const auto* to = std::get_if<Forward>(&action)) {
        forward(to->to, incoming);
    } else if (auto* send = std::get_if<Send>(&action)) {
        if (is_own(send->to)) {
            endpoint_.send(send->to, std::move(send->text));
            return;
        }
        tell(send->to, [to = send->to, text = std::move(send->text)](Worker& theirs) {
            theirs.relay_.on_refused(to, text, now(), theirs.actions_);
            theirs.perform();
        });
    } else if (const auto* close = std::get_if<Close>(&action)) {
        endpoint_.close(close->connection, static_cast<std::uint16_t>(close->code), close->reason);
    } else if (const auto* held = std::get_if<Pause>(&action)) {
        pause(*held);
    } else if (auto* claim = std::get_if<Claim>(&action)) {
        house_.claim(std::move(*claim));
    } else if (const auto* replaced = std::get_if<Replace>(&action)) {
        tell(replaced->connection, [id = replaced->connection](Worker& theirs) {
            theirs.relay_.on_replaced(id, theirs.actions_);
            theirs.perform();
        });
    } else if (const auto* note = std::get_if<Note>(&action)) {
        house_.log(note->level, note->text);
    }
}

void Worker::forward(ConnectionId to, const Incoming& incoming) {
    if (is_own(to)) {
        endpoint_.forward(to, *incoming.message);
        time_forward(incoming.since);
        return;
    }
    const std::size_t number = number_of(to);
    const std::string_view text = incoming.message->text();
    outgoing_.resize(house_.workers.size());
    Parcel& parcel = outgoing_[number];
    const std::size_t waiting = house_.workers[number]->mailbox_.bytes() + parcel.bytes();
    if (waiting > kMailHard) {
        relay_.on_undelivered(incoming.from, text, actions_);
        perform();
        return;
    }
    if (parcel.empty()) {
        parcel.since = incoming.since;
        loop_.after_turn([this] { after_turn(); });
    }
    parcel.add({incoming.from, to, text.size(), incoming.message->is_binary()}, text);
    if (waiting > kMailSoft) {
        pause({incoming.from, now() + kMailPause});
    }
}

void Worker::time_forward(net::Loop::Clock::time_point since) {
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
    for (std::size_t number = 0; number < outgoing_.size(); ++number) {
        if (!outgoing_[number].empty()) {
            hand_over(number);
        }
    }
}

void Worker::hand_over(std::size_t number) {
    Worker& other = *house_.workers[number];
    if (other.mailbox_.put(std::exchange(outgoing_[number], {}))) {
        other.post([](Worker& theirs) { theirs.read_mail(); });
    }
}

void Worker::read_mail() {
    for (const Parcel& parcel : mailbox_.take()) {
        parcel.for_each([&](const Parcel::Label& label, std::string_view text) {
            CopiedMessage message(text, label.binary);
            relay_.on_delivery(label.from, label.to, text, actions_);
            perform({&message, label.from, parcel.since});
        });
    }
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
        resume_.at(net::Loop::Clock::time_point(*next), [this] { resume_paused(); });
    }
}

void Worker::tick() {
    timer_.at(net::Loop::Clock::now() + std::chrono::seconds(1), [this] {
        tick();
        relay_.on_tick(now(), actions_);
        perform();
        give_back_memory();
        const std::lock_guard lock(figures_lock_);
        last_figures_ = figures();
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

Figures Worker::figures() const {
    Figures now;
    now.counters = relay_.counters();
    now.totals = endpoint_.totals();
    now.connections = endpoint_.connections();
    now.half_open = endpoint_.half_open();
    now.queued_bytes = endpoint_.queued_bytes() + mailbox_.bytes();
    now.handshakes = handshakes_;
    now.forwards = forwards_;
    now.stopping = stopping_;
    return now;
}

Figures Worker::last_figures() const {
    const std::lock_guard lock(figures_lock_);
    return last_figures_;
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
