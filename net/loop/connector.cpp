#include "net/loop/connector.h"

#include "net/loop/loop_impl.h"

#include <asio/ip/tcp.hpp>
#include <asio/steady_timer.hpp>

#include <algorithm>
#include <cstring>
#include <list>
#include <utility>
#include <vector>

namespace sotto::net {

namespace {

using asio::ip::tcp;

tcp::endpoint endpoint_of(const SocketAddress& address, std::uint16_t port) {
    tcp::endpoint out;
    out.resize(address.size);
    std::memcpy(out.data(), &address.storage, address.size);
    out.port(port);
    return out;
}

/// In the order to try them: families in turns, beginning with the system's first choice, and
/// `last` after all others.
std::vector<tcp::endpoint> in_turns(const std::vector<SocketAddress>& found, std::uint16_t port,
                                    const std::string& last) {
    std::list<tcp::endpoint> rest;
    for (const SocketAddress& address : found) {
        rest.push_back(endpoint_of(address, port));
    }
    std::vector<tcp::endpoint> out;
    while (!rest.empty() && out.size() < Connector::kMostAddresses) {
        auto next = rest.begin();
        if (!out.empty()) {
            next = std::find_if(rest.begin(), rest.end(), [&](const tcp::endpoint& one) {
                return one.protocol() != out.back().protocol();
            });
            next = next == rest.end() ? rest.begin() : next;
        }
        out.push_back(*next);
        rest.erase(next);
    }
    std::stable_partition(out.begin(), out.end(), [&](const tcp::endpoint& one) {
        return one.address().to_string() != last;
    });
    return out;
}

}  // namespace

/// One call's life. What is under way holds it; whether it still counts, `done` says.
struct Connector::Attempt : std::enable_shared_from_this<Attempt> {
    Attempt(asio::io_context& on, Done then) : context(on), timer(on), done(std::move(then)) {}

    void wait_for_look_up() {
        limit(kLookUp, [this] {
            finish({Descriptor(), "", false, "no address was found for the host in time"});
        });
    }
    void begin(std::vector<tcp::endpoint> endpoints) {
        waiting = std::move(endpoints);
        std::reverse(waiting.begin(), waiting.end());  // the next is at the back
        try_next();
    }
    void try_next() {
        const tcp::endpoint at = waiting.back();
        waiting.pop_back();
        tcp::socket& socket = *sockets.emplace(sockets.end(), context);
        ++open;
        socket.async_connect(
            at, [self = shared_from_this(), &socket, at](const asio::error_code& error) {
                self->tried(socket, at, error);
            });
        if (waiting.empty()) {
            limit(kConnect, [this] {
                finish({Descriptor(), "", true, "the relay can't be reached in time"});
            });
        } else {
            limit(kNextAddress, [this] { try_next(); });
        }
    }
    void tried(tcp::socket& socket, const tcp::endpoint& at, const asio::error_code& error) {
        if (!done) {
            return;
        }
        if (!error) {
            asio::error_code ignored;
            socket.non_blocking(true, ignored);
            socket.set_option(tcp::no_delay(true), ignored);
            const int number = socket.release(ignored);
            finish({Descriptor(number), at.address().to_string(), true, ""});
            return;
        }
        --open;
        if (reason.empty()) {
            reason = error.message();  // the first address is the system's first choice
        }
        if (!waiting.empty()) {
            try_next();
        } else if (open == 0) {
            finish({Descriptor(), "", true, reason});
        }
    }
    /// Replaces the limit before it.
    template <class Task>
    void limit(std::chrono::milliseconds wait, Task task) {
        timer.expires_after(wait);
        timer.async_wait(
            [self = shared_from_this(), task, turn = ++turns](const asio::error_code& error) {
                if (!error && self->done && self->turns == turn) {
                    task();
                }
            });
    }
    void finish(Result result) {
        const Done then = std::exchange(done, nullptr);
        stop();
        then(std::move(result));
    }
    void stop() {
        asio::error_code ignored;
        done = nullptr;
        timer.cancel();
        for (tcp::socket& socket : sockets) {
            socket.close(ignored);
        }
    }

    asio::io_context& context;
    asio::steady_timer timer;
    unsigned turns = 0;  ///< of the timer: an expired wait may already stand in the queue
    Done done;
    std::vector<tcp::endpoint> waiting;
    std::list<tcp::socket> sockets;  ///< all that were begun
    std::size_t open = 0;            ///< of these, which have not failed
    std::string reason;
};

Connector::Connector(Loop& loop, Resolver::LookUp look_up)
    : loop_(loop), resolver_(loop, std::move(look_up)) {}

Connector::~Connector() {
    cancel();
}

void Connector::connect(const std::string& host, std::uint16_t port, Done done) {
    cancel();
    attempt_ = std::make_shared<Attempt>(loop_.impl().context,
                                         [this, done = std::move(done)](Result result) {
                                             resolver_.cancel();
                                             attempt_.reset();
                                             done(std::move(result));
                                         });
    attempt_->wait_for_look_up();
    resolver_.find(host, [this, port](const Addresses& addresses) {
        if (addresses.found.empty()) {
            attempt_->finish({Descriptor(), "", false, addresses.reason});
        } else {
            attempt_->begin(in_turns(addresses.found, port, last_));
        }
    });
}

void Connector::cancel() {
    resolver_.cancel();
    if (const auto gone = std::exchange(attempt_, nullptr)) {
        gone->stop();
    }
}

}  // namespace sotto::net
