#include "test/abuse/attacks.h"

#include "net/wire/envelope.h"
#include "test/bench/relay_user.h"
#include "test/net/raw_client.h"

#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <random>
#include <stdexcept>
#include <string>
#include <thread>

namespace sotto::abuse {

namespace {

using bench::Speech;
using bench::User;
using net::RawClient;
using Clock = std::chrono::steady_clock;

/// Until when an attack goes on.
class Time {
  public:
    explicit Time(double seconds)
        : end_(Clock::now() + std::chrono::duration_cast<Clock::duration>(
                                  std::chrono::duration<double>(seconds))) {}
    [[nodiscard]] bool left() const { return Clock::now() < end_; }
    void breathe() const { std::this_thread::sleep_for(std::chrono::milliseconds(20)); }

  private:
    Clock::time_point end_;
};

/// Does `step` with a new client again and again; that the relay closes is no surprise.
void again_and_again(std::uint16_t port, double seconds,
                     const std::function<void(RawClient&)>& step) {
    for (const Time time(seconds); time.left();) {
        try {
            RawClient client(port);
            step(client);
        } catch (const std::runtime_error&) {
            time.breathe();  // refused: that is what limits are for
        }
    }
}

/// Holds `count` clients, each brought so far by `prepare`, and goes on with `step`.
void hold_many(std::uint16_t port, double seconds, std::size_t count,
               const std::function<void(RawClient&)>& prepare,
               const std::function<void(RawClient&)>& step) {
    std::deque<std::unique_ptr<RawClient>> clients;
    for (const Time time(seconds); time.left(); time.breathe()) {
        while (clients.size() < count && time.left()) {
            try {
                clients.push_back(std::make_unique<RawClient>(port));
                prepare(*clients.back());
            } catch (const std::runtime_error&) {
                break;
            }
        }
        for (const auto& client : clients) {
            step(*client);
        }
    }
}

void nothing(RawClient& /*client*/) {}

void half_open(std::uint16_t port, double seconds) {
    hold_many(port, seconds, 800, nothing, nothing);
}
void slow_tls(std::uint16_t port, double seconds) {
    hold_many(port, seconds, 200, nothing, [](RawClient& client) { client.send("\x16"); });
}
void slow_upgrade(std::uint16_t port, double seconds) {
    hold_many(
        port, seconds, 50, [](RawClient& client) { client.tls(); },
        [](RawClient& client) { client.send("G"); });
}
void slow_frames(std::uint16_t port, double seconds) {
    hold_many(
        port, seconds, 50,
        [](RawClient& client) {
            client.upgrade();
            client.send(RawClient::head(0x81, 60'000));
        },
        [](RawClient& client) { client.send("x"); });
}
void idle(std::uint16_t port, double seconds) {
    hold_many(
        port, seconds, 100, [](RawClient& client) { client.upgrade(); }, nothing);
}
void random_bytes(std::uint16_t port, double seconds) {
    std::mt19937 random(1);
    again_and_again(port, seconds, [&](RawClient& client) {
        std::string noise(4'096, '\0');
        for (char& byte : noise) {
            byte = static_cast<char>(random());
        }
        client.send(noise);
    });
}
void random_frames(std::uint16_t port, double seconds) {
    std::mt19937 random(2);
    again_and_again(port, seconds, [&](RawClient& client) {
        client.upgrade();
        std::string noise(2'000, '\0');
        for (char& byte : noise) {
            byte = static_cast<char>(random());
        }
        client.send(noise);
    });
}
void churn(std::uint16_t port, double seconds) {
    again_and_again(port, seconds, nothing);
}
void churn_of_handshakes(std::uint16_t port, double seconds) {
    again_and_again(port, seconds, [](RawClient& client) { client.upgrade(); });
}
void old_tls(std::uint16_t port, double seconds) {
    again_and_again(port, seconds, [](RawClient& client) { client.tls(TLS1_2_VERSION); });
}
void lying_lengths(std::uint16_t port, double seconds) {
    again_and_again(port, seconds, [](RawClient& client) {
        client.upgrade();
        client.send(RawClient::head(0x81, std::uint64_t{1} << 40U));
        (void)client.read_frame();
    });
}
void large_heads(std::uint16_t port, double seconds) {
    again_and_again(port, seconds, [](RawClient& client) {
        client.tls();
        client.send("GET / HTTP/1.1\r\nX: " + std::string(200'000, 'x'));
    });
}
void ping_flood(std::uint16_t port, double seconds) {
    std::string pings;
    for (int i = 0; i < 500; ++i) {
        pings += RawClient::frame(0x89, std::string(125, 'p'));
    }
    const Time time(seconds);
    again_and_again(port, seconds, [&](RawClient& client) {
        client.upgrade();
        while (time.left()) {
            client.send(pings);  // and the answers are never read
        }
    });
}
void one_byte_fragments(std::uint16_t port, double seconds) {
    std::string fragments;
    for (int i = 0; i < 2'000; ++i) {
        fragments += RawClient::frame(0x00, "x");
    }
    again_and_again(port, seconds, [&](RawClient& client) {
        client.upgrade();
        client.send(RawClient::frame(0x01, "x"));
        for (int i = 0; i < 40; ++i) {
            client.send(fragments);
        }
    });
}
void false_registrations(std::uint16_t port, double seconds) {
    again_and_again(port, seconds, [](RawClient& client) {
        client.upgrade();
        client.send(RawClient::frame(0x81, R"({"type":"hello","versions":[1],"software":"x"})"));
        (void)client.read_frame_past_pings();
        client.send(RawClient::frame(0x81, wire::encode(wire::Register{{}, "honest0", {}, {}})));
        (void)client.read_frame_past_pings();
    });
}

/// A registered client that says `text` as fast as it can; whether it reads is the loop's.
void flood(std::uint16_t port, double seconds, const std::string& text, bool with_reader) {
    net::Loop loop;
    std::deque<User> users;
    users.emplace_back(loop, Speech::sotto, port, "mallory", "");
    if (with_reader) {
        users.emplace_back(loop, Speech::sotto, port, "marvin", "");
    }
    const Time time(seconds);
    const auto joined = [&] {
        for (const User& user : users) {
            if (!user.joined()) {
                return false;
            }
        }
        return true;
    };
    while (time.left() && !joined()) {
        loop.run_for(std::chrono::milliseconds(10));
    }
    const std::string frame = bench::text_frame(text);
    while (time.left() && joined() && !users[0].ended()) {
        for (int i = 0; i < 20; ++i) {
            users[0].send(frame);
        }
        loop.run_for(std::chrono::milliseconds(1));
    }
    while (time.left()) {
        time.breathe();
    }
}
void requests(std::uint16_t port, double seconds) {
    wire::ChatRequest request;
    request.route = {"mallory", "honest1", {1}, 1};
    flood(port, seconds, wire::encode(request), false);
}
void enumeration(std::uint16_t port, double seconds) {
    flood(port, seconds, R"({"type":"user_list","id":8,"since":0,"prefix":"h"})", false);
}
void lookups(std::uint16_t port, double seconds) {
    flood(port, seconds, R"({"type":"get_pubkey","id":7,"user":"honest1"})", false);
}
void relay_flood(std::uint16_t port, double seconds) {
    wire::Relay message{{"mallory", "marvin", {1}, 9}, "record", wire::Bytes(16'384, 1)};
    flood(port, seconds, wire::encode(message), true);
}
/// The reader registers, then reads nothing more, and much is sent to it.
void slow_reader(std::uint16_t port, double seconds) {
    net::Loop deaf_loop;
    User deaf(deaf_loop, Speech::sotto, port, "deaf", "");
    const Time joining(seconds);
    while (joining.left() && !deaf.joined()) {
        deaf_loop.run_for(std::chrono::milliseconds(10));
    }
    wire::Relay message{{"mallory", "deaf", {1}, 9}, "record", wire::Bytes(16'384, 1)};
    flood(port, seconds, wire::encode(message), false);
}

}  // namespace

const std::vector<Attack>& attacks() {
    static const std::vector<Attack> all{{"connection churn", churn},
                                         {"churn of handshakes", churn_of_handshakes},
                                         {"half-open connections", half_open},
                                         {"slowloris in TLS", slow_tls},
                                         {"slowloris in the upgrade", slow_upgrade},
                                         {"slowloris in frames", slow_frames},
                                         {"idle, not registered", idle},
                                         {"random bytes", random_bytes},
                                         {"random frames", random_frames},
                                         {"TLS 1.2", old_tls},
                                         {"lying frame lengths", lying_lengths},
                                         {"large request heads", large_heads},
                                         {"ping flood, unread", ping_flood},
                                         {"one-byte fragments", one_byte_fragments},
                                         {"false registrations", false_registrations},
                                         {"request flood", requests},
                                         {"name enumeration", enumeration},
                                         {"lookup flood", lookups},
                                         {"relay flood", relay_flood},
                                         {"a reader that does not read", slow_reader}};
    return all;
}

}  // namespace sotto::abuse
