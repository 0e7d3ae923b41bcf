#include "net/loop/connector.h"

#include <arpa/inet.h>
#include <boost/test/unit_test.hpp>
#include <netdb.h>
#include <netinet/in.h>

#include <cerrno>
#include <condition_variable>
#include <cstring>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

using namespace sotto::net;
using Clock = Loop::Clock;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

sockaddr_in at(const std::string& address, std::uint16_t port) {
    sockaddr_in out{};
    out.sin_family = AF_INET;
    out.sin_port = htons(port);
    BOOST_REQUIRE(::inet_pton(AF_INET, address.c_str(), &out.sin_addr) == 1);
    return out;
}

SocketAddress socket_address(const std::string& address) {
    const sockaddr_in plain = at(address, 0);
    SocketAddress out;
    std::memcpy(&out.storage, &plain, sizeof plain);
    out.size = sizeof plain;
    return out;
}

/// Looks up nothing: the host has these addresses.
Resolver::LookUp always(const std::vector<std::string>& addresses) {
    return [addresses](const std::string&) {
        Addresses out;
        for (const std::string& address : addresses) {
            out.found.push_back(socket_address(address));
        }
        return out;
    };
}

class Listening {
  public:
    /// Without `port`, the kernel chooses one.
    explicit Listening(const std::string& address, std::uint16_t port = 0, int backlog = 16)
        : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in name = at(address, port);
        const int on = 1;
        ::setsockopt(socket_.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
        BOOST_REQUIRE(::bind(socket_.get(), reinterpret_cast<sockaddr*>(&name), sizeof name) == 0);
        BOOST_REQUIRE(::listen(socket_.get(), backlog) == 0);
        socklen_t size = sizeof name;
        ::getsockname(socket_.get(), reinterpret_cast<sockaddr*>(&name), &size);
        name_ = name;
    }
    [[nodiscard]] std::uint16_t port() const { return ntohs(name_.sin_port); }
    /// Its queue is full: whoever connects from now on gets no answer at all.
    void fall_silent() {
        for (int i = 0; i < 5; ++i) {
            Descriptor& one = crowd_.emplace_back(
                ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
            (void)::connect(one.get(), reinterpret_cast<sockaddr*>(&name_), sizeof name_);
        }
    }

  private:
    Descriptor socket_;
    sockaddr_in name_{};
    std::vector<Descriptor> crowd_;
};

bool run_until(Loop& loop, const std::function<bool()>& done, milliseconds limit = seconds(20)) {
    for (const auto end = Clock::now() + limit; !done() && Clock::now() < end;) {
        loop.run_for(milliseconds(2));
    }
    return done();
}

struct Call {
    Loop loop;
    std::optional<Connector::Result> result;

    [[nodiscard]] Connector::Done done() {
        return [this](Connector::Result came) { result = std::move(came); };
    }
    void connect(Connector& connector, std::uint16_t port, const std::string& host = "relay") {
        result.reset();
        connector.connect(host, port, done());
        BOOST_REQUIRE(run_until(loop, [this] { return result.has_value(); }));
    }
};

/// A name server that answers when the test says so.
class Server {
  public:
    [[nodiscard]] Resolver::LookUp look_up() {
        return [state = state_](const std::string& host) {
            std::unique_lock<std::mutex> hold(state->lock);
            ++state->asked;
            state->changed.notify_all();
            state->changed.wait(hold, [&] { return state->answers; });
            return always({"127.0.0.1"})(host);
        };
    }
    void wait_for_questions(int count) {
        std::unique_lock<std::mutex> hold(state_->lock);
        BOOST_REQUIRE(
            state_->changed.wait_for(hold, seconds(20), [&] { return state_->asked >= count; }));
    }
    void answer() {
        const std::lock_guard<std::mutex> hold(state_->lock);
        state_->answers = true;
        state_->changed.notify_all();
    }
    [[nodiscard]] int asked() const {
        const std::lock_guard<std::mutex> hold(state_->lock);
        return state_->asked;
    }
    ~Server() { answer(); }

  private:
    struct State {
        std::mutex lock;
        std::condition_variable changed;
        bool answers = false;
        int asked = 0;
    };
    std::shared_ptr<State> state_ = std::make_shared<State>();
};

}  // namespace

BOOST_AUTO_TEST_SUITE(connecting_to_a_host)

BOOST_AUTO_TEST_CASE(a_silent_first_address_does_not_lock_a_user_out) {
    Call call;
    Listening good("127.0.0.2");
    Listening silent("127.0.0.1", good.port(), 0);
    silent.fall_silent();
    Connector connector(call.loop, always({"127.0.0.1", "127.0.0.2"}));

    const auto began = Clock::now();
    call.connect(connector, good.port());
    BOOST_TEST(call.result->socket.is_open());
    BOOST_TEST(call.result->address == "127.0.0.2");
    const bool soon = Clock::now() - began < seconds(5);  // the kernel gives up after minutes
    BOOST_TEST(soon);
}

BOOST_AUTO_TEST_CASE(after_a_refusal_the_next_address_is_tried_at_once) {
    Call call;
    Listening good("127.0.0.2");
    Connector connector(call.loop, always({"127.0.0.1", "127.0.0.3", "127.0.0.2"}));
    call.connect(connector, good.port());
    BOOST_TEST(call.result->address == "127.0.0.2");
}

BOOST_AUTO_TEST_CASE(if_every_address_refuses_the_reason_of_the_first_is_told) {
    Call call;
    std::uint16_t closed = 0;
    {
        Listening gone("127.0.0.1");
        closed = gone.port();
    }
    Connector connector(call.loop, always({"127.0.0.1", "127.0.0.2"}));
    call.connect(connector, closed);
    BOOST_TEST(!call.result->socket.is_open());
    BOOST_TEST(call.result->resolved);
    BOOST_TEST(call.result->reason == std::strerror(ECONNREFUSED));
}

BOOST_AUTO_TEST_CASE(an_address_that_accepted_and_did_not_serve_is_tried_last) {
    Call call;
    Listening mute("127.0.0.1");
    Listening good("127.0.0.2", mute.port());
    Connector connector(call.loop, always({"127.0.0.1", "127.0.0.2"}));
    call.connect(connector, mute.port());
    BOOST_TEST(call.result->address == "127.0.0.1");
    connector.put_last(call.result->address);
    call.connect(connector, mute.port());
    BOOST_TEST(call.result->address == "127.0.0.2");
}

BOOST_AUTO_TEST_CASE(families_take_turns) {
    // ::1 is first in the list twice, 127.0.0.1 third: it must be the second to be tried.
    Call call;
    Listening good("127.0.0.1");
    SocketAddress six;
    sockaddr_in6 loopback{};
    loopback.sin6_family = AF_INET6;
    loopback.sin6_addr = in6addr_loopback;
    std::memcpy(&six.storage, &loopback, sizeof loopback);
    six.size = sizeof loopback;
    Connector connector(call.loop, [six](const std::string&) {
        return Addresses{{six, six, socket_address("127.0.0.1")}, ""};
    });
    call.connect(connector, good.port());
    BOOST_TEST(call.result->address == "127.0.0.1");
}

BOOST_AUTO_TEST_CASE(an_address_in_digits_needs_no_name_server) {
    Call call;
    Listening good("127.0.0.1");
    Connector connector(call.loop);
    call.connect(connector, good.port(), "127.0.0.1");
    BOOST_TEST(call.result->address == "127.0.0.1");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(looking_up_a_host)

BOOST_AUTO_TEST_CASE(a_look_up_that_hangs_holds_nobody_up_at_the_end) {
    Server server;
    const auto began = Clock::now();
    {
        Loop loop;
        Connector connector(loop, server.look_up());
        connector.connect("relay", 1, [](const Connector::Result&) { BOOST_ERROR("answered"); });
        server.wait_for_questions(1);
    }
    const bool soon = Clock::now() - began < seconds(5);
    BOOST_TEST(soon);
}

BOOST_AUTO_TEST_CASE(a_late_answer_is_used_by_the_next_call) {
    Server server;
    Call call;
    Listening good("127.0.0.1");
    Connector connector(call.loop, server.look_up());
    connector.connect("relay", good.port(), call.done());
    server.wait_for_questions(1);
    connector.cancel();
    server.answer();
    call.connect(connector, good.port());
    BOOST_TEST(call.result->address == "127.0.0.1");
    BOOST_TEST(server.asked() == 1);
}

BOOST_AUTO_TEST_CASE(hanging_look_ups_are_bounded) {
    Server server;
    Loop loop;
    Resolver resolver(loop, server.look_up());
    for (std::size_t i = 0; i < Resolver::kMostRunning; ++i) {
        resolver.find("host" + std::to_string(i), [](const Addresses&) {});
    }
    server.wait_for_questions(static_cast<int>(Resolver::kMostRunning));
    std::optional<Addresses> answer;
    resolver.find("one too many", [&](const Addresses& found) { answer = found; });
    BOOST_TEST(!answer.has_value());  // never from inside the call
    BOOST_REQUIRE(run_until(loop, [&] { return answer.has_value(); }));
    BOOST_TEST(answer->found.empty());
    BOOST_TEST(!answer->reason.empty());
}

BOOST_AUTO_TEST_CASE(no_network_and_no_such_host_are_two_things) {
    BOOST_TEST(look_up_failure(EAI_NONAME, "nowhere") == "there is no host nowhere");
    BOOST_TEST(look_up_failure(EAI_AGAIN, "nowhere") ==
               "no name server answers: is there a network?");
}

BOOST_AUTO_TEST_SUITE_END()
