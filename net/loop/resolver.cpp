#include "net/loop/resolver.h"

#include <netdb.h>
#include <signal.h>

#include <cerrno>
#include <cstring>
#include <iterator>
#include <memory>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

namespace sotto::net {

namespace {

/// A thread that signals never come to, and that nobody waits for.
template <class Task>
void start_detached(Task task) {
    sigset_t all{};
    sigset_t before{};
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before);  // a thread starts with its maker's mask
    try {
        std::thread(std::move(task)).detach();
    } catch (...) {
        ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
        throw;
    }
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

}  // namespace

std::string look_up_failure(int code, const std::string& host) {
    switch (code) {
        case EAI_NONAME:
#ifdef EAI_NODATA
        case EAI_NODATA:
#endif
            return "there is no host " + host;
        case EAI_AGAIN:
            return "no name server answers: is there a network?";
        case EAI_SYSTEM:
            return std::string("the address of ") + host +
                   " can't be looked up: " + std::strerror(errno);
        default:
            return "the address of " + host + " can't be looked up: " + ::gai_strerror(code);
    }
}

Addresses look_up_addresses(const std::string& host) {
    addrinfo hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* list = nullptr;
    const int error = ::getaddrinfo(host.c_str(), nullptr, &hints, &list);
    const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(list, &::freeaddrinfo);
    Addresses out;
    if (error != 0) {
        out.reason = look_up_failure(error, host);
        return out;
    }
    for (const addrinfo* at = list; at != nullptr; at = at->ai_next) {
        if ((at->ai_family == AF_INET || at->ai_family == AF_INET6) &&
            at->ai_addrlen <= sizeof(sockaddr_storage)) {
            SocketAddress& one = out.found.emplace_back();
            std::memcpy(&one.storage, at->ai_addr, at->ai_addrlen);
            one.size = at->ai_addrlen;
        }
    }
    if (out.found.empty()) {
        out.reason = look_up_failure(EAI_NONAME, host);
    }
    return out;
}

/// What a look-up's thread and the resolver share. The resolver may go first.
struct Resolver::Running {
    std::mutex lock;
    Resolver* owner = nullptr;  ///< null once the resolver is gone; guarded by `lock`
};

Resolver::Resolver(Loop& loop, LookUp look_up)
    : loop_(loop), look_up_(std::move(look_up)), soon_(loop) {}

Resolver::~Resolver() {
    for (const auto& [host, running] : running_) {
        const std::lock_guard<std::mutex> hold(running->lock);
        running->owner = nullptr;
    }
}

void Resolver::find(const std::string& host, Done done) {
    wanted_ = host;
    done_ = std::move(done);
    soon_.cancel();
    if (const auto late = late_.find(host); late != late_.end()) {
        const Late kept = std::move(late->second);
        late_.erase(late);
        if (Loop::Clock::now() < kept.until) {
            answer_soon(host, kept.addresses);
            return;
        }
    }
    if (running_.count(host) != 0) {
        return;
    }
    if (running_.size() >= kMostRunning) {
        answer_soon(host, {{}, "no name server answers: is there a network?"});
        return;
    }
    try {
        start(host);
    } catch (const std::system_error& error) {
        running_.erase(host);
        answer_soon(host, {{}, "no thread for a look-up: " + error.code().message()});
    }
}

void Resolver::cancel() {
    done_ = nullptr;
    soon_.cancel();
}

void Resolver::start(const std::string& host) {
    const auto running = std::make_shared<Running>();
    running->owner = this;
    running_[host] = running;
    start_detached([running, host, look_up = look_up_] {
        Addresses addresses = look_up(host);
        const std::lock_guard<std::mutex> hold(running->lock);
        if (running->owner == nullptr) {
            return;
        }
        // The owner may be gone when this runs on its loop.
        running->owner->loop_.post([running, host, addresses = std::move(addresses)]() mutable {
            if (running->owner != nullptr) {
                running->owner->answer(host, std::move(addresses));
            }
        });
    });
}

void Resolver::answer(const std::string& host, Addresses addresses) {
    running_.erase(host);
    if (done_ && wanted_ == host) {
        const Done then = std::exchange(done_, nullptr);
        then(addresses);
    } else if (!addresses.found.empty()) {
        const auto now = Loop::Clock::now();
        for (auto at = late_.begin(); at != late_.end();) {
            at = at->second.until <= now ? late_.erase(at) : std::next(at);
        }
        late_[host] = {std::move(addresses), now + kKept};
    }
}

void Resolver::answer_soon(const std::string& host, Addresses addresses) {
    soon_.at(Loop::Clock::now(),
             [this, host, addresses = std::move(addresses)] { answer(host, addresses); });
}

}  // namespace sotto::net
