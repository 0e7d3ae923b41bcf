#include "net/loop/listener.h"

#include "net/loop/loop_impl.h"

#include <asio/ip/tcp.hpp>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace sotto::net {

namespace {

constexpr int kBacklog = 1'024;
constexpr int kAcceptsPerTurn = 64;  // as many as are served of the line of handshakes
constexpr int kUnsent = 128 << 10;   // bytes that the kernel holds for a reader behind
constexpr auto kRetry = std::chrono::milliseconds(100);

Listener::Caller caller_of(const asio::ip::tcp::endpoint& from) {
    asio::ip::address address = from.address();
    if (address.is_v6() && address.to_v6().is_v4_mapped()) {
        address = asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6());
    }
    Listener::Caller caller{address.to_string(), address.to_string()};
    if (address.is_v6()) {
        auto bytes = address.to_v6().to_bytes();
        std::fill(bytes.begin() + 8, bytes.end(), std::uint8_t{0});
        caller.network = asio::ip::address_v6(bytes).to_string() + "/64";
    }
    return caller;
}

void tune(int socket) {
    const int on = 1;  // without it pipelined small messages wait 44 ms a time
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    // Else it takes megabytes for each who does not read, which nobody counts.
    ::setsockopt(socket, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &kUnsent, sizeof kUnsent);
}

tl::unexpected<std::string> trouble(const std::string& what) {
    return tl::unexpected(what + ": " + std::strerror(errno));
}

}  // namespace

Listener::Listener(Loop& loop, OnAccept on_accept, OnTrouble on_trouble)
    : loop_(loop),
      on_accept_(std::move(on_accept)),
      on_trouble_(std::move(on_trouble)),
      retry_(loop) {}

Listener::~Listener() {
    stop();
}

tl::expected<std::uint16_t, std::string> Listener::listen(const std::string& address,
                                                          std::uint16_t port, bool reuse_port) {
    asio::error_code error;
    asio::ip::tcp::endpoint at(asio::ip::make_address(address, error), port);
    if (error) {
        return tl::unexpected("'" + address + "' is not an IP address to listen on");
    }
    const std::string where = "can't listen on " + address + " port " + std::to_string(port);
    if (socket_.is_open()) {
        return tl::unexpected(where + ": it listens already");
    }
    Descriptor fresh(
        ::socket(at.protocol().family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    const int on = 1;
    if (!fresh.is_open()) {
        return trouble(where);
    }
    ::setsockopt(fresh.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (at.address().is_v6()) {  // :: takes IPv4 too, whatever the system's default
        const int off = 0;
        ::setsockopt(fresh.get(), IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
    }
    if (reuse_port) {
        ::setsockopt(fresh.get(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
    }
    if (::bind(fresh.get(), at.data(), static_cast<socklen_t>(at.size())) != 0 ||
        ::listen(fresh.get(), kBacklog) != 0) {
        return trouble(where);
    }
    auto size = static_cast<socklen_t>(at.capacity());
    if (::getsockname(fresh.get(), at.data(), &size) != 0 ||
        !loop_.impl().poller.add(fresh.get(), *this)) {
        return trouble(where);
    }
    socket_ = std::move(fresh);
    return at.port();
}

void Listener::stop() {
    retry_.cancel();
    loop_.impl().poller.remove(socket_.get(), *this);
    socket_.reset();
}

void Listener::on_ready(Poller::Ready /*ready*/) {
    for (int turn = 0; turn < kAcceptsPerTurn && socket_.is_open(); ++turn) {
        asio::ip::tcp::endpoint from;
        auto size = static_cast<socklen_t>(from.capacity());
        Descriptor socket(
            ::accept4(socket_.get(), from.data(), &size, SOCK_NONBLOCK | SOCK_CLOEXEC));
        if (socket.is_open()) {
            tune(socket.get());
            on_accept_(std::move(socket), caller_of(from));
        } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
            return;
        } else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
            const std::string why = std::strerror(errno);
            const auto now = Loop::Clock::now();
            const bool is_new = trouble_.is_news(now);
            retry_.at(now + kRetry, [this] { loop_.impl().poller.again(*this); });
            if (is_new && on_trouble_) {
                on_trouble_("no connection can be accepted for now: " + why);
            }
            return;
        }
        // Any other error is the caller's: it is gone already.
    }
    if (socket_.is_open()) {
        loop_.impl().poller.again(*this);
    }
}

}  // namespace sotto::net
