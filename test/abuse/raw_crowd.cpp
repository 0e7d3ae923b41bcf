#include "test/abuse/raw_crowd.h"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <stdexcept>
#include <thread>

namespace sotto::abuse {

namespace {

constexpr std::size_t kPerAddress = 500;

}  // namespace

std::string address(std::size_t number) {
    return "127." + std::to_string(1 + ::getpid() % 250) + "." + std::to_string(number / 250) +
           "." + std::to_string(1 + number % 250);
}

void breathe() {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
}

bool is_cut(const net::RawClient& client) {
    char bytes[4'096];
    ssize_t size = 1;
    while (size > 0) {
        size = ::recv(client.socket(), bytes, sizeof bytes, MSG_DONTWAIT);
    }
    return size == 0 || (errno != EAGAIN && errno != EWOULDBLOCK);
}

std::size_t cut_of(const Clients& clients) {
    return static_cast<std::size_t>(std::count_if(
        clients.begin(), clients.end(), [](const auto& client) { return is_cut(*client); }));
}

Outcome said(std::size_t count, const std::string& what, bool good) {
    return {std::to_string(count) + " " + what, good};
}

Clients many(const Target& target, std::size_t count, const Step& prepare) {
    Clients out;
    while (out.size() < count) {
        out.push_back(
            std::make_unique<net::RawClient>(target.port, address(out.size() / kPerAddress)));
        prepare(*out.back());
    }
    return out;
}

std::size_t again_and_again(const Target& target, const Step& step) {
    std::size_t turns = 0;
    for (const Until until(target.seconds); until.left(); ++turns) {
        try {
            net::RawClient client(target.port, address(turns % 8));
            step(client);
        } catch (const std::runtime_error&) {
        }
    }
    return turns;
}

void sit(const Target& target) {
    for (const Until until(target.seconds); until.left();) {
        breathe();
    }
}

}  // namespace sotto::abuse
