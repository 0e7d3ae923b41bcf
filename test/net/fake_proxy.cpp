#include "test/net/fake_proxy.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <stdexcept>
#include <utility>

namespace sotto::test {

namespace {

constexpr int kTurnMs = 20;

sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in out{};
    out.sin_family = AF_INET;
    out.sin_port = htons(port);
    out.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return out;
}

bool ends_with(const std::string& text, const std::string& end) {
    return !end.empty() && text.size() >= end.size() &&
           text.compare(text.size() - end.size(), end.size(), end) == 0;
}

}  // namespace

FakeProxy::FakeProxy(std::vector<Step> steps, std::uint16_t target)
    : steps_(std::move(steps)),
      target_(target),
      listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in name = loopback(0);
    socklen_t size = sizeof name;
    if (::bind(listener_.get(), reinterpret_cast<sockaddr*>(&name), size) != 0 ||
        ::listen(listener_.get(), 4) != 0 ||
        ::getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&name), &size) != 0) {
        throw std::runtime_error("no port for a proxy");
    }
    port_ = ntohs(name.sin_port);
    thread_ = std::thread([this] { serve(); });
}

FakeProxy::~FakeProxy() {
    stopping_ = true;
    thread_.join();
}

std::string FakeProxy::heard() const {
    const std::lock_guard<std::mutex> hold(lock_);
    return heard_;
}

void FakeProxy::serve() {
    pollfd waiting{listener_.get(), POLLIN, 0};
    while (::poll(&waiting, 1, kTurnMs) == 0) {
        if (stopping_) {
            return;
        }
    }
    const net::Descriptor client(::accept(listener_.get(), nullptr, nullptr));
    for (const Step& step : steps_) {
        std::string said;
        while (said.size() < step.size || (step.size == 0 && !ends_with(said, step.until))) {
            pollfd ready{client.get(), POLLIN, 0};
            if (::poll(&ready, 1, kTurnMs) == 0) {
                if (stopping_) {
                    return;
                }
                continue;
            }
            char byte = 0;
            if (::recv(client.get(), &byte, 1, 0) != 1) {
                return;
            }
            said.push_back(byte);
        }
        const std::lock_guard<std::mutex> hold(lock_);
        heard_ += said;
        (void)::send(client.get(), step.answer.data(), step.answer.size(), MSG_NOSIGNAL);
    }
    if (target_ != 0) {
        pass_on(client.get());
    }
}

void FakeProxy::pass_on(int client) const {
    const net::Descriptor relay(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const sockaddr_in name = loopback(target_);
    if (::connect(relay.get(), reinterpret_cast<const sockaddr*>(&name), sizeof name) != 0) {
        return;
    }
    std::array<pollfd, 2> ends{pollfd{client, POLLIN, 0}, pollfd{relay.get(), POLLIN, 0}};
    while (!stopping_) {
        if (::poll(ends.data(), ends.size(), kTurnMs) <= 0) {
            continue;
        }
        for (std::size_t i = 0; i < ends.size(); ++i) {
            if (ends.at(i).revents == 0) {
                continue;
            }
            std::array<char, 4'096> buffer{};
            const auto got = ::recv(ends.at(i).fd, buffer.data(), buffer.size(), 0);
            if (got <= 0 || ::send(ends.at(1 - i).fd, buffer.data(), static_cast<std::size_t>(got),
                                   MSG_NOSIGNAL) != got) {
                return;
            }
        }
    }
}

}  // namespace sotto::test
