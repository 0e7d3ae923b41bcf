#include "net/loop/connector.h"

#include "net/loop/loop_impl.h"

#include <asio/connect.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/steady_timer.hpp>

#include <utility>

namespace sotto::net {

namespace {

using asio::ip::tcp;

constexpr auto kResolve = std::chrono::seconds(5);
constexpr auto kConnect = std::chrono::seconds(10);

}  // namespace

/// One call's life. What is under way holds it; whether it still counts, `done` says.
struct Connector::Attempt : std::enable_shared_from_this<Attempt> {
    Attempt(asio::io_context& context, Done then)
        : resolver(context), socket(context), timer(context), done(std::move(then)) {}

    void start(const std::string& host, std::uint16_t port) {
        const auto self = shared_from_this();
        give_up_after(kResolve, "no address was found for the host in time");
        resolver.async_resolve(
            host, std::to_string(port), tcp::resolver::numeric_service,
            [self](const asio::error_code& error, const tcp::resolver::results_type& found) {
                self->resolved(error, found);
            });
    }
    void resolved(const asio::error_code& error, const tcp::resolver::results_type& found) {
        if (!done) {
            return;
        }
        if (error) {
            finish({Descriptor(), "", false, "there is no host of that name"});
            return;
        }
        has_address = true;
        give_up_after(kConnect, "the relay can't be reached in time");
        asio::async_connect(
            socket, found,
            [self = shared_from_this()](const asio::error_code& failed, const tcp::endpoint& at) {
                self->connected(failed, at);
            });
    }
    void connected(const asio::error_code& error, const tcp::endpoint& at) {
        if (!done) {
            return;
        }
        if (error) {
            finish({Descriptor(), "", true, error.message()});
            return;
        }
        asio::error_code ignored;
        socket.non_blocking(true, ignored);
        socket.set_option(tcp::no_delay(true), ignored);
        const int number = socket.release(ignored);
        finish({Descriptor(number), at.address().to_string(), true, ""});
    }
    void give_up_after(std::chrono::seconds wait, const char* reason) {
        timer.expires_after(wait);
        timer.async_wait([self = shared_from_this(), reason](const asio::error_code& error) {
            if (!error && self->done) {
                self->finish({Descriptor(), "", self->has_address, reason});
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
        resolver.cancel();
        socket.close(ignored);
    }

    tcp::resolver resolver;
    tcp::socket socket;
    asio::steady_timer timer;
    Done done;
    bool has_address = false;
};

Connector::Connector(Loop& loop) : loop_(loop) {}

Connector::~Connector() {
    cancel();
}

void Connector::connect(const std::string& host, std::uint16_t port, Done done) {
    cancel();
    attempt_ = std::make_shared<Attempt>(loop_.impl().context,
                                         [this, done = std::move(done)](Result result) {
                                             attempt_.reset();
                                             done(std::move(result));
                                         });
    attempt_->start(host, port);
}

void Connector::cancel() {
    if (const auto gone = std::exchange(attempt_, nullptr)) {
        gone->stop();
    }
}

}  // namespace sotto::net
