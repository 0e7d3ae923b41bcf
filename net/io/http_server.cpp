#include "net/io/http_server.h"

#include "net/io/listener.h"
#include "net/io/loop_impl.h"

#include <asio/buffer.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/read_until.hpp>
#include <asio/steady_timer.hpp>
#include <asio/write.hpp>

#include <utility>

namespace sotto::net {

namespace {

constexpr std::size_t kCallers = 16;
constexpr std::size_t kHead = 4'096;
constexpr auto kTime = std::chrono::seconds(5);

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
        ~Call() {
            if (const auto alive = server.lock()) {
                --alive->callers;
            }
        }
        void start() {
            timer.expires_after(kTime);
            timer.async_wait([self = weak_from_this()](const asio::error_code& error) {
                if (const auto alive = self.lock(); alive && !error) {
                    asio::error_code ignored;
                    alive->socket.close(ignored);
                }
            });
            asio::async_read_until(
                socket, asio::dynamic_buffer(text, kHead), "\r\n\r\n",
                [self = shared_from_this()](const asio::error_code& error, std::size_t) {
                    const auto alive = self->server.lock();
                    if (!error && alive) {
                        self->reply(*alive);
                    }
                });
        }
        void reply(const Impl& to) {
            text = to.answer(text.substr(0, text.find('\r')));
            asio::async_write(socket, asio::buffer(text),
                              [self = shared_from_this()](const asio::error_code&, std::size_t) {
                                  asio::error_code ignored;
                                  self->socket.shutdown(asio::ip::tcp::socket::shutdown_both,
                                                        ignored);
                              });
        }

        asio::ip::tcp::socket socket;
        asio::steady_timer timer;
        std::weak_ptr<Impl> server;
        std::string text;
    };

    void serve(Descriptor socket, const Listener::Caller& caller) {
        if (callers == kCallers) {
            return;
        }
        const bool ipv6 = caller.address.find(':') != std::string::npos || listens_on_ipv6;
        const auto call = std::make_shared<Call>(loop.impl().context, weak_from_this());
        ++callers;
        asio::error_code error;
        call->socket.assign(ipv6 ? asio::ip::tcp::v6() : asio::ip::tcp::v4(), socket.get(), error);
        if (!error) {
            (void)socket.release();
            call->start();
        }
    }

    Loop& loop;
    Answer answer;
    Listener listener;
    bool listens_on_ipv6 = false;
    std::size_t callers = 0;
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
