#include "net/loop/http_server.h"

#include "net/loop/listener.h"
#include "net/loop/loop_impl.h"

#include <asio/buffer.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/read_until.hpp>
#include <asio/steady_timer.hpp>
#include <asio/write.hpp>

#include <algorithm>
#include <utility>
#include <vector>

namespace sotto::net {

namespace {

constexpr std::size_t kCallers = 16;
constexpr std::size_t kHead = 4'096;
constexpr auto kTime = std::chrono::seconds(5);
constexpr auto kTimeToBegin = std::chrono::seconds(1);
constexpr const char* kTooLarge =
    "HTTP/1.1 431 Request Header Fields Too Large\r\nContent-Length: 0\r\n"
    "Connection: close\r\n\r\n";

}  // namespace

struct HttpServer::Impl : std::enable_shared_from_this<Impl> {
    Impl(Loop& on, Answer given)
        : loop(on),
          answer(std::move(given)),
          listener(
              on,
              [this](Descriptor socket, const Listener::Caller& caller) {
                  serve(std::move(socket), caller);
              },
              nullptr) {}

    /// One caller; its pending operations hold it.
    struct Call : std::enable_shared_from_this<Call> {
        Call(asio::io_context& context, std::weak_ptr<Impl> to)
            : socket(context), timer(context), server(std::move(to)) {}

        void start() {
            close_after(kTimeToBegin);
            socket.async_wait(asio::ip::tcp::socket::wait_read,
                              [self = shared_from_this()](const asio::error_code& error) {
                                  if (!error) {
                                      self->read();
                                  }
                              });
        }
        void read() {
            begun = true;
            close_after(kTime);
            asio::async_read_until(
                socket, asio::dynamic_buffer(text, kHead), "\r\n\r\n",
                [self = shared_from_this()](const asio::error_code& error, std::size_t) {
                    const auto alive = self->server.lock();
                    if (alive && error == asio::error::not_found) {
                        self->reply(kTooLarge);
                    } else if (alive && !error) {
                        self->reply(alive->answer(self->text.substr(0, self->text.find('\r'))));
                    }
                });
        }
        void reply(std::string with) {
            text = std::move(with);
            asio::async_write(
                socket, asio::buffer(text),
                [self = shared_from_this()](const asio::error_code& error, std::size_t) {
                    asio::error_code ignored;
                    self->socket.shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
                    if (!error) {
                        self->drain();
                    }
                });
        }
        /// To close on what has not been read is a reset, which may overtake the answer.
        void drain() {
            text.resize(kHead);
            socket.async_read_some(
                asio::buffer(text),
                [self = shared_from_this()](const asio::error_code& error, std::size_t) {
                    if (!error) {
                        self->drain();
                    }
                });
        }
        void close() {
            asio::error_code ignored;
            socket.close(ignored);
        }
        void close_after(std::chrono::seconds time) {
            timer.expires_after(time);
            timer.async_wait([self = weak_from_this()](const asio::error_code& error) {
                if (const auto alive = self.lock(); alive && !error) {
                    alive->close();
                }
            });
        }

        asio::ip::tcp::socket socket;
        asio::steady_timer timer;
        std::weak_ptr<Impl> server;
        std::string text;
        bool begun = false;  ///< something of the request is here
    };

    /// Makes room for one more: the oldest goes, of those that have said nothing if there are
    /// any. So whoever holds connections open keeps nobody out who has something to ask.
    void make_room() {
        const auto gone = [](const std::weak_ptr<Call>& call) { return call.expired(); };
        calls.erase(std::remove_if(calls.begin(), calls.end(), gone), calls.end());
        if (calls.size() < kCallers) {
            return;
        }
        const auto silent = [](const std::weak_ptr<Call>& call) { return !call.lock()->begun; };
        auto oldest = std::find_if(calls.begin(), calls.end(), silent);
        oldest = oldest == calls.end() ? calls.begin() : oldest;
        oldest->lock()->close();
        calls.erase(oldest);
    }

    void serve(Descriptor socket, const Listener::Caller& caller) {
        make_room();
        const bool ipv6 = caller.address.find(':') != std::string::npos || listens_on_ipv6;
        const auto call = std::make_shared<Call>(loop.impl().context, weak_from_this());
        asio::error_code error;
        call->socket.assign(ipv6 ? asio::ip::tcp::v6() : asio::ip::tcp::v4(), socket.get(), error);
        if (!error) {
            (void)socket.release();
            calls.push_back(call);
            call->start();
        }
    }

    Loop& loop;
    Answer answer;
    Listener listener;
    bool listens_on_ipv6 = false;
    std::vector<std::weak_ptr<Call>> calls;  ///< the oldest first
};

HttpServer::HttpServer(Loop& loop, Answer answer)
    : impl_(std::make_shared<Impl>(loop, std::move(answer))) {}
HttpServer::~HttpServer() = default;

tl::expected<std::uint16_t, std::string> HttpServer::listen(const std::string& address,
                                                            std::uint16_t port) {
    impl_->listens_on_ipv6 = address.find(':') != std::string::npos;
    return impl_->listener.listen(address, port, false);
}

}  // namespace sotto::net
