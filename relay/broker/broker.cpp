#include "relay/broker/broker.h"

#include "net/loop/listener.h"
#include "relay/broker/quiet_thread.h"

#include <exception>
#include <utility>

namespace sotto::relay {

namespace {

/// All share the limits of connections, and the port.
net::ServerEndpoint::Options shared(net::ServerEndpoint::Options options, std::size_t threads,
                                    std::shared_ptr<net::ConnectionLimiter> limiter) {
    options.limiter = std::move(limiter);
    options.reuse_port = threads > 1;
    return options;
}

}  // namespace

Broker::Broker(net::Loop& loop, Registry& registry, const Options& options, Log log,
               Observer observer)
    : loop_(loop),
      hub_(registry),
      shared_{hub_, std::move(log), std::move(observer),
              [this](Claim claim) { registrar_->claim(std::move(claim)); }, workers_} {
    const auto endpoint = shared(options.endpoint, options.threads, limiter_);
    for (std::size_t number = 0; number < options.threads; ++number) {
        net::Loop& own = number == 0 ? loop : *loops_.emplace_back(std::make_unique<net::Loop>());
        workers_.push_back(
            std::make_unique<Worker>(own, shared_, number, endpoint, options.limits));
    }
    registrar_ =
        std::make_unique<Registrar>(hub_, [this](const Hub::Round& round) { report(round); });
}

Broker::~Broker() {
    for (const auto& loop : loops_) {
        loop->stop();
    }
    for (std::thread& thread : threads_) {
        thread.join();
    }
    registrar_.reset();  // now that nobody claims a name any more
}

void Broker::run(net::Loop& loop) {
    for (;;) {
        try {
            loop.run();
            return;
        } catch (const std::exception& error) {  // out of memory: those who are there go on
            shared_.log(Note::Level::error, error.what());
        }
    }
}

void Broker::report(const Hub::Round& round) {
    const auto now = Time(
        std::chrono::duration_cast<Time::duration>(net::Loop::Clock::now().time_since_epoch()));
    for (const Note& note : outage_.news(round, now)) {
        shared_.log(note.level, note.text);
    }
    for (const Dismissal& dismissal : round.dismissed) {
        workers_[dismissal.place.loop]->post(
            [dismissal](Worker& worker) { worker.on_dismissed(dismissal); });
    }
    for (const Claimed& claimed : round.claimed) {
        workers_[claimed.claim.claimant.loop]->post(
            [claimed](Worker& worker) { worker.on_claimed(claimed); });
    }
}

tl::expected<std::uint16_t, std::string> Broker::listen(const std::string& address,
                                                        std::uint16_t port) {
    if (workers_.size() > 1) {  // by itself a port that is shared does not say that it is in use
        net::Listener probe(loop_, nullptr, nullptr);
        if (const auto alone = probe.listen(address, port, false); !alone) {
            return alone;
        }
    }
    auto listening = workers_[0]->listen(address, port);
    for (std::size_t number = 1; number < workers_.size() && listening; ++number) {
        listening = workers_[number]->listen(address, *listening);
    }
    for (const auto& own : loops_) {
        if (listening) {
            threads_.push_back(start_quiet_thread("loop " + std::to_string(threads_.size() + 1),
                                                  [this, &own] { run(*own); }));
        }
    }
    return listening;
}

tl::expected<void, std::string> Broker::reload(const Options& options) {
    auto reloaded = workers_[0]->reload(options.endpoint, options.limits);
    if (!reloaded) {
        return reloaded;
    }
    for (std::size_t number = 1; number < workers_.size(); ++number) {
        workers_[number]->post([this, options](Worker& worker) {
            if (const auto done = worker.reload(options.endpoint, options.limits); !done) {
                const std::lock_guard lock(failure_lock_);
                failure_ = done.error();
            }
        });
    }
    return {};
}

std::optional<std::string> Broker::take_failure() {
    const std::lock_guard lock(failure_lock_);
    return std::exchange(failure_, std::nullopt);
}

Metrics Broker::metrics() const {
    Metrics all = workers_[0]->metrics();
    for (std::size_t number = 1; number < workers_.size(); ++number) {
        all += workers_[number]->last_metrics();
    }
    all.registered = hub_.directory().registered();
    all.online = hub_.directory().online();
    all.turned_away = limiter_->refusals();
    return all;
}

void Broker::shut_down(std::function<void()> done) {
    at_work_ = workers_.size();
    for (const auto& worker : workers_) {
        worker->post([this, done](Worker& theirs) {
            theirs.shut_down([this, done] {
                workers_[0]->post([this, done](Worker& /*first*/) {
                    if (--at_work_ == 0) {
                        done();
                    }
                });
            });
        });
    }
}

}  // namespace sotto::relay
