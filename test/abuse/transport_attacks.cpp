// Attacks without a name: on TCP, the upgrade and frames. Raw clients on addresses of their
// own, so that their limits do not affect the honest users' address.
#include "test/abuse/raw_crowd.h"

#include <sys/socket.h>

#include <algorithm>
#include <random>
#include <stdexcept>

namespace sotto::abuse {

namespace {

using net::RawClient;

constexpr double kDeadline = 10;  // the relay's, for TLS, upgrade and registration

/// Holds connections and repeats `step` past the deadline by which all must be cut.
Outcome outlive(const Target& target, const Step& prepare, const Step& step) {
    const Clients clients = many(target, target.crowd / 10, prepare);
    Until next_step(0);
    for (const Until until(kDeadline + 4); until.left() && cut_of(clients) < clients.size();) {
        if (!next_step.left()) {
            next_step = Until(0.5);
            std::for_each(clients.begin(), clients.end(),
                          [&](const auto& client) { step(*client); });
        }
        breathe();
    }
    const std::size_t cut = cut_of(clients);
    return {std::to_string(cut) + " of " + std::to_string(clients.size()) + " cut in time",
            cut == clients.size()};
}

void nothing(RawClient& /*client*/) {}

Outcome half_open(const Target& target) {
    return outlive(target, nothing, nothing);
}
Outcome slow_tls(const Target& target) {
    const std::string hello = RawClient::client_hello();
    std::size_t at = 0;
    const std::size_t clients = target.crowd / 10;
    return outlive(target, nothing, [&](RawClient& client) {
        client.send(hello.substr(at++ / clients % hello.size(), 1));
    });
}
Outcome slow_upgrade(const Target& target) {
    return outlive(
        target,
        [](RawClient& client) {
            client.tls();
            client.send("GET / HTTP/1.1\r\nX: ");
        },
        [](RawClient& client) { client.send("x"); });
}
Outcome slow_frames(const Target& target) {
    return outlive(
        target,
        [](RawClient& client) {
            client.upgrade();
            client.send(RawClient::head(0x81, 60'000));
        },
        [](RawClient& client) { client.send("x"); });
}
Outcome idle_strangers(const Target& target) {
    return outlive(
        target, [](RawClient& client) { client.upgrade(); }, nothing);
}

Outcome churn(const Target& target) {
    return said(again_and_again(target, nothing), "connections");
}
Outcome random_bytes(const Target& target) {
    std::mt19937 random(1);
    return said(again_and_again(target,
                                [&](RawClient& client) {
                                    std::string noise(1 + random() % 4'096, '\0');
                                    for (char& byte : noise) {
                                        byte = static_cast<char>(random());
                                    }
                                    const std::size_t stage = random() % 3;
                                    if (stage == 1) {
                                        client.tls();
                                    } else if (stage == 2) {
                                        client.upgrade();
                                    }
                                    client.send(noise);
                                }),
                "connections full of noise");
}
Outcome large_heads(const Target& target) {
    return said(
        again_and_again(target,
                        [](RawClient& client) {
                            client.tls();
                            client.send("GET / HTTP/1.1\r\nX: " + std::string(200'000, 'x'));
                        }),
        "of 200 kB");
}
Outcome lying_lengths(const Target& target) {
    std::size_t refused = 0;
    const std::size_t turns = again_and_again(target, [&](RawClient& client) {
        client.upgrade();
        client.send(RawClient::head(0x81, std::uint64_t{1} << 40U));
        RawClient::Frame answer = client.read_frame_past_pings();
        while (answer.opcode == 1) {
            answer = client.read_frame_past_pings();
        }
        refused += answer.close_code() == 1009 ? 1 : 0;
    });
    return said(turns, "of 1 TB, " + std::to_string(refused) + " refused",
                refused > 0 && refused == turns);
}
/// Each client announces as much as it may, sends half, and waits.
Outcome half_messages(const Target& target) {
    const Clients clients =
        many(target, std::min<std::size_t>(target.crowd, 300), [](RawClient& client) {
            client.upgrade();
            client.send(RawClient::head(0x81, 65'536) + std::string(32'768, 'x'));
        });
    sit(target);
    return said(clients.size(), "held");
}
Outcome ping_flood(const Target& target) {
    std::string pings;
    for (int i = 0; i < 100; ++i) {
        pings += RawClient::frame(0x89, std::string(125, 'p'));
    }
    std::size_t sent = 0;
    again_and_again(target, [&](RawClient& client) {
        client.upgrade();
        for (const Until until(target.seconds); until.left() && !is_cut(client); sent += 100) {
            client.send(pings);
        }
    });
    return said(sent, "pings");
}
/// The same without reading the answers: the relay must not keep them.
Outcome ping_flood_unread(const Target& target) {
    std::string pings;
    for (int i = 0; i < 500; ++i) {
        pings += RawClient::frame(0x89, std::string(125, 'p'));
    }
    RawClient client(target.port, address(0));
    client.upgrade();
    bool ended = false;
    std::size_t sent = 0;
    for (const Until until(kDeadline + target.seconds); until.left() && !ended; sent += 500) {
        ended = SSL_write(client.ssl(), pings.data(), static_cast<int>(pings.size())) <= 0;
    }
    return said(sent, std::string("pings, then it was ") + (ended ? "cut" : "left"), ended);
}
Outcome one_byte_fragments(const Target& target) {
    std::string fragments;
    for (int i = 0; i < 2'000; ++i) {
        fragments += RawClient::frame(0x00, "x");
    }
    std::size_t sent = 0;
    again_and_again(target, [&](RawClient& client) {
        client.upgrade();
        client.send(RawClient::frame(0x01, "x"));
        for (int i = 0; i < 32; ++i, sent += 2'000) {
            client.send(fragments);
        }
        client.send(RawClient::frame(0x80, "x"));
    });
    return said(sent, "fragments");
}
Outcome empty_fragments(const Target& target) {
    std::string fragments;
    for (int i = 0; i < 2'000; ++i) {
        fragments += RawClient::frame(0x00, "");
    }
    std::size_t sent = 0;
    again_and_again(target, [&](RawClient& client) {
        client.upgrade();
        client.send(RawClient::frame(0x01, ""));
        for (const Until until(target.seconds); until.left() && !is_cut(client); sent += 2'000) {
            client.send(fragments);
        }
    });
    return said(sent, "fragments of nothing");
}
Outcome crowd(const Target& target) {
    const Clients clients = many(target, target.crowd, nothing);
    sit(target);
    return said(clients.size(), "half-open at once");
}

}  // namespace

const std::vector<Attack>& attacks_on_the_transport() {
    static const std::vector<Attack> all{
        {"half-open", half_open, true},
        {"slowloris in TLS", slow_tls, true},
        {"slowloris in the upgrade", slow_upgrade, true},
        {"slowloris in frames", slow_frames, true},
        {"idle, not registered", idle_strangers, true},
        {"connection churn", churn},
        {"random bytes", random_bytes},
        {"large request heads", large_heads},
        {"lying frame lengths", lying_lengths},
        {"half messages", half_messages},
        {"ping flood", ping_flood},
        {"ping flood, unread", ping_flood_unread},
        {"one-byte fragments", one_byte_fragments},
        {"empty fragments", empty_fragments},
        {"a crowd", crowd},
    };
    return all;
}

}  // namespace sotto::abuse
