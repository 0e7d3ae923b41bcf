// Plain HTTP for an operator's own machines, and what keeps them from being answered.
#include "net/loop/http_server.h"

#include "net/system/descriptor.h"

#include <arpa/inet.h>
#include <boost/test/unit_test.hpp>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <string>
#include <vector>

using namespace sotto::net;

namespace {

struct House {
    House() { port = server.listen("127.0.0.1", 0).value(); }

    [[nodiscard]] Descriptor connect() const {
        Descriptor made(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
        sockaddr_in to{};
        to.sin_family = AF_INET;
        to.sin_port = htons(port);
        to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        BOOST_REQUIRE_EQUAL(
            ::connect(made.get(), reinterpret_cast<const sockaddr*>(&to), sizeof to), 0);
        return made;
    }
    /// All that comes until the end; "reset" after it if that is how it ended.
    std::string answer(const Descriptor& caller, const std::string& request) {
        (void)::send(caller.get(), request.data(), request.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        return rest(caller);
    }
    std::string rest(const Descriptor& caller) {
        std::string out;
        const auto deadline = Loop::Clock::now() + std::chrono::seconds(20);
        while (Loop::Clock::now() < deadline) {
            loop.run_for(std::chrono::milliseconds(5));
            std::array<char, 4'096> block{};
            const auto size = ::recv(caller.get(), block.data(), block.size(), MSG_DONTWAIT);
            if (size == 0) {
                return out;
            }
            if (size < 0 && errno != EAGAIN) {
                return out + "reset";
            }
            out.append(block.data(), size < 0 ? 0 : static_cast<std::size_t>(size));
        }
        return out + "no end";
    }

    Loop loop;
    HttpServer server{loop, [](const std::string& line) { return "to " + line; }};
    std::uint16_t port = 0;
};

const std::string kRequest = "GET / HTTP/1.1\r\nHost: here\r\n\r\n";

}  // namespace

BOOST_FIXTURE_TEST_SUITE(http_server, House)

BOOST_AUTO_TEST_CASE(a_head_that_is_too_large_is_told_whatever_else_was_sent) {
    const Descriptor caller = connect();
    const std::string said = answer(caller, "GET / HTTP/1.1\r\nX: " + std::string(100'000, 'x'));
    BOOST_TEST(said.rfind("HTTP/1.1 431 ", 0) == 0U, said);
    BOOST_TEST(said.find("reset") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(whoever_holds_connections_open_keeps_nobody_out) {
    std::vector<Descriptor> silent;
    for (int i = 0; i < 40; ++i) {
        silent.push_back(connect());
        loop.run_for(std::chrono::milliseconds(1));
    }
    BOOST_TEST(answer(connect(), kRequest) == "to GET / HTTP/1.1");
    std::vector<Descriptor> slow;
    for (int i = 0; i < 40; ++i) {
        slow.push_back(connect());
        BOOST_TEST(::send(slow.back().get(), "GET", 3, MSG_NOSIGNAL) == 3);
        loop.run_for(std::chrono::milliseconds(1));
    }
    BOOST_TEST(answer(connect(), kRequest) == "to GET / HTTP/1.1");
}

BOOST_AUTO_TEST_CASE(who_says_nothing_is_sent_away_sooner_than_who_has_begun) {
    const auto begin = Loop::Clock::now();
    BOOST_TEST(rest(connect()).empty());
    BOOST_TEST((Loop::Clock::now() - begin < std::chrono::seconds(4)));
}

BOOST_AUTO_TEST_SUITE_END()
