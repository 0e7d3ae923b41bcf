#include "net/proxy/proxy_connector.h"

#include "net/loop/loop_impl.h"
#include "net/proxy/proxy_dialogue.h"

#include <asio/posix/stream_descriptor.hpp>
#include <asio/steady_timer.hpp>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <utility>

namespace sotto::net {

/// A connection to the proxy, until the relay is at its other end. What is under way holds it;
/// whether it still counts, `done` says.
struct ProxyConnector::Talk : std::enable_shared_from_this<Talk> {
    Talk(asio::io_context& context, ProxyDialogue with, Connector::Result connected,
         Connector::Done then)
        : socket(context, connected.socket.release()),
          timer(context),
          dialogue(std::move(with)),
          address(std::move(connected.address)),
          done(std::move(then)) {}

    void start() {
        timer.expires_after(kDialogue);
        timer.async_wait([self = shared_from_this()](const asio::error_code& error) {
            if (!error) {
                self->fail("the proxy did not reach the relay in time");
            }
        });
        go_on();
    }
    void go_on() {
        to_send += dialogue.take_output();
        if (dialogue.state() == ProxyDialogue::State::failed) {
            fail(dialogue.reason());
        } else if (!to_send.empty()) {
            when(asio::posix::stream_descriptor::wait_write, [this] { send(); });
        } else if (dialogue.state() == ProxyDialogue::State::done) {
            finish({Descriptor(socket.release()), address, true, ""});
        } else {
            when(asio::posix::stream_descriptor::wait_read, [this] { receive(); });
        }
    }
    template <class Task>
    void when(asio::posix::stream_descriptor::wait_type what, Task task) {
        socket.async_wait(what, [self = shared_from_this(), task](const asio::error_code& error) {
            if (!self->done) {
                return;
            }
            if (error) {
                self->fail("the proxy closed the connection");
            } else {
                task();
            }
        });
    }
    void send() {
        const auto sent =
            ::send(socket.native_handle(), to_send.data(), to_send.size(), MSG_NOSIGNAL);
        if (sent < 0 && errno != EAGAIN && errno != EINTR) {
            fail("the proxy closed the connection");
            return;
        }
        to_send.erase(0, sent > 0 ? static_cast<std::size_t>(sent) : 0);
        go_on();
    }
    void receive() {
        std::array<char, 512> buffer{};
        const auto wanted = std::min(buffer.size(), dialogue.wanted());
        const auto got = ::recv(socket.native_handle(), buffer.data(), wanted, 0);
        if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) {
            fail("the proxy closed the connection");
            return;
        }
        if (got > 0) {
            dialogue.read({buffer.data(), static_cast<std::size_t>(got)});
        }
        go_on();
    }
    void fail(const std::string& why) { finish({Descriptor(), address, true, why}); }
    void finish(Connector::Result result) {
        const Connector::Done then = std::exchange(done, nullptr);
        stop();
        if (then) {
            then(std::move(result));
        }
    }
    void stop() {
        asio::error_code ignored;
        done = nullptr;
        timer.cancel();
        socket.close(ignored);
    }

    asio::posix::stream_descriptor socket;
    asio::steady_timer timer;
    ProxyDialogue dialogue;
    std::string address;
    std::string to_send;
    Connector::Done done;
};

ProxyConnector::ProxyConnector(Loop& loop, std::optional<Proxy> proxy, Resolver::LookUp look_up)
    : loop_(loop), proxy_(std::move(proxy)), connector_(loop, std::move(look_up)) {}

ProxyConnector::~ProxyConnector() {
    cancel();
}

void ProxyConnector::connect(const std::string& host, std::uint16_t port, Connector::Done done) {
    cancel();
    if (!proxy_) {
        connector_.connect(host, port, std::move(done));
        return;
    }
    done_ = std::move(done);
    connector_.connect(proxy_->host, proxy_->port, [this, host, port](Connector::Result result) {
        talk(std::move(result), host, port);
    });
}

void ProxyConnector::talk(Connector::Result result, const std::string& host, std::uint16_t port) {
    if (!result.socket.is_open()) {
        result.reason = "the proxy can't be reached: " + result.reason;
        std::exchange(done_, nullptr)(std::move(result));
        return;
    }
    talk_ = std::make_shared<Talk>(loop_.impl().context, ProxyDialogue(*proxy_, host, port),
                                   std::move(result), [this](Connector::Result came) {
                                       talk_.reset();
                                       std::exchange(done_, nullptr)(std::move(came));
                                   });
    talk_->start();
}

void ProxyConnector::cancel() {
    connector_.cancel();
    done_ = nullptr;
    if (const auto gone = std::exchange(talk_, nullptr)) {
        gone->stop();
    }
}

bool ProxyConnector::is_busy() const {
    return connector_.is_busy() || talk_ != nullptr;
}

void ProxyConnector::put_last(const std::string& address) {
    if (!proxy_) {
        connector_.put_last(address);
    }
}

}  // namespace sotto::net
