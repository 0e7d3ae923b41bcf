// What can be done without a name: to TCP, TLS, the upgrade and frames. Raw clients on
// addresses of their own, so that the honest users' address pays for nothing.
#include "test/abuse/raw_crowd.h"

#include <openssl/err.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <functional>
#include <memory>
#include <random>
#include <stdexcept>
#include <thread>

namespace sotto::abuse {

namespace {

using net::RawClient;

constexpr double kDeadline = 10;  // the relay's, for TLS with the upgrade, and to register

/// Does `step` with a new client again and again: how often. That the relay ends one is no
/// surprise.
std::size_t again_and_again(const Target& target, const Step& step) {
    std::size_t turns = 0;
    for (const Until until(target.seconds); until.left(); ++turns) {
        try {
            RawClient client(target.port, address(turns % 8));
            step(client);
        } catch (const std::runtime_error&) {
        }
    }
    return turns;
}

/// Holds connections and goes on with `step` beyond the deadline by which all must be cut.
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
Outcome churn_with_resets(const Target& target) {
    return said(again_and_again(target,
                                [](RawClient& client) {
                                    client.upgrade();
                                    const linger at_once{1, 0};
                                    ::setsockopt(client.socket(), SOL_SOCKET, SO_LINGER, &at_once,
                                                 sizeof at_once);
                                }),
                "upgrades, then a reset");
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
Outcome broken_hellos(const Target& target) {
    std::mt19937 random(2);
    const std::string hello = RawClient::client_hello();
    return said(again_and_again(target,
                                [&](RawClient& client) {
                                    std::string bytes = hello;
                                    for (int i = 0; i < 3; ++i) {
                                        bytes[5 + random() % (bytes.size() - 5)] =
                                            static_cast<char>(random());
                                    }
                                    client.send(bytes);
                                }),
                "broken hellos");
}
/// An exchange of keys that costs a server 20 ms, and who asks for it nothing.
Outcome dear_hellos(const Target& target) {
    const std::string hello = RawClient::client_hello("ffdhe8192");
    return said(again_and_again(target, [&](RawClient& client) { client.send(hello); }),
                "hellos for ffdhe8192");
}
Outcome old_tls(const Target& target) {
    std::size_t spoken = 0;
    const std::size_t turns = again_and_again(target, [&](RawClient& client) {
        client.tls(TLS1_2_VERSION);
        ++spoken;
    });
    return said(turns, "handshakes, " + std::to_string(spoken) + " taken", spoken == 0);
}
/// TLS 1.3 has no renegotiation; new keys are what is left to ask for.
Outcome key_updates(const Target& target) {
    std::size_t asked = 0;
    again_and_again(target, [&](RawClient& client) {
        client.upgrade();
        for (const Until until(target.seconds); until.left() && !is_cut(client); ++asked) {
            SSL_key_update(client.ssl(), SSL_KEY_UPDATE_REQUESTED);
            client.send(RawClient::frame(0x8A, ""));
        }
    });
    return said(asked, "new keys asked for");
}

int made_up_session(SSL* /*ssl*/, const EVP_MD* /*digest*/, const unsigned char** id,
                    std::size_t* size, SSL_SESSION** out) {
    static constexpr unsigned char kId[] = "a session that never was";
    static constexpr unsigned char kCipher[] = {0x13, 0x01};
    static constexpr unsigned char kSecret[32] = {1};
    SSL_SESSION* session = SSL_SESSION_new();
    const net::SslContext context(SSL_CTX_new(TLS_client_method()));
    const net::Ssl ssl(SSL_new(context.get()));
    SSL_SESSION_set_protocol_version(session, TLS1_3_VERSION);
    SSL_SESSION_set_cipher(session, SSL_CIPHER_find(ssl.get(), kCipher));
    SSL_SESSION_set1_master_key(session, kSecret, sizeof kSecret);
    SSL_SESSION_set_max_early_data(session, 16'384);
    *id = kId;
    *size = sizeof kId - 1;
    *out = session;
    return 1;
}
Outcome early_data(const Target& target) {
    std::size_t accepted = 0;
    std::size_t finished = 0;
    const net::SslContext context(SSL_CTX_new(TLS_client_method()));
    SSL_CTX_set_psk_use_session_callback(context.get(), made_up_session);
    const std::size_t turns = again_and_again(target, [&](RawClient& client) {
        const net::Ssl ssl(SSL_new(context.get()));
        SSL_set_fd(ssl.get(), client.socket());
        std::size_t sent = 0;
        const std::string request = RawClient::upgrade_request();
        ERR_clear_error();
        if (SSL_write_early_data(ssl.get(), request.data(), request.size(), &sent) == 1 &&
            SSL_connect(ssl.get()) == 1) {
            ++finished;
            accepted += SSL_get_early_data_status(ssl.get()) == SSL_EARLY_DATA_ACCEPTED ? 1 : 0;
        }
    });
    return said(turns,
                "tries, " + std::to_string(finished) + " handshakes, " + std::to_string(accepted) +
                    " heard early",
                accepted == 0 && finished > 0);
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
/// Each announces as much as it may, sends half, and waits.
Outcome half_messages(const Target& target) {
    const Clients clients =
        many(target, std::min<std::size_t>(target.crowd, 300), [](RawClient& client) {
            client.upgrade();
            client.send(RawClient::head(0x81, 65'536) + std::string(32'768, 'x'));
        });
    for (const Until until(target.seconds); until.left();) {
        breathe();
    }
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
/// The same, and the answers are left where they are: the relay must not keep them.
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
    for (const Until until(target.seconds); until.left();) {
        breathe();
    }
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
        {"churn of handshakes", churn_with_resets},
        {"random bytes", random_bytes},
        {"broken client hellos", broken_hellos},
        {"dear client hellos", dear_hellos},
        {"TLS 1.2", old_tls},
        {"key updates", key_updates},
        {"early data", early_data},
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
