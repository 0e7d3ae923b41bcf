// What comes over the wire before and inside WebSocket frames: RFC 6455, and lies.
#include "test/net/link.h"
#include "test/net/raw_client.h"

#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

using namespace sotto::net;

namespace {

constexpr int kText = 0x81;
constexpr int kTextPart = 0x01;
constexpr int kPart = 0x00;
constexpr int kLastPart = 0x80;

/// A server that echoes, and a raw client after its upgrade.
struct Upgraded : Link {
    Upgraded() {
        serve();
        raw = std::make_unique<RawClient>(port);
        meanwhile([this] { raw->upgrade(); });
    }
    /// The first frame that answers `bytes`.
    RawClient::Frame answer_to(const std::string& bytes) {
        RawClient::Frame frame;
        meanwhile([&] {
            raw->send(bytes);
            frame = raw->read_frame_past_pings();
        });
        return frame;
    }
    std::unique_ptr<RawClient> raw;
};

std::string replaced(std::string text, const std::string& what, const std::string& with) {
    const auto at = text.find(what);
    BOOST_REQUIRE_MESSAGE(at != std::string::npos, what);
    return text.replace(at, what.size(), with);
}

/// The status line that answers an upgrade request.
std::string status_of(Link& link, const std::string& request) {
    RawClient raw(link.port);
    std::string head;
    link.meanwhile([&] {
        raw.tls();
        raw.send(request);
        head = raw.read_head();
    });
    return head.substr(0, head.find('\r'));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(upgrade)

BOOST_FIXTURE_TEST_CASE(each_thing_wrong_with_it_has_its_status, Link) {
    serve();
    const std::string good = RawClient::upgrade_request();
    BOOST_TEST(status_of(*this, good).find("101") != std::string::npos);
    const std::string version = "Sec-WebSocket-Version: 13\r\n";
    for (const std::string& bad :
         {replaced(good, version, ""), replaced(good, "Version: 13", "Version: 8"),
          replaced(good, "Version: 13", "Version: 0"), replaced(good, "Version: 13", "Version: x"),
          replaced(good, "sotto.v1", "chat"),
          replaced(good, "Sec-WebSocket-Protocol: sotto.v1\r\n", ""),
          replaced(good, "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n", ""),
          replaced(good, "GET", "POST"), replaced(good, "Upgrade: websocket\r\n", "")}) {
        BOOST_TEST(status_of(*this, bad).find(" 400 ") != std::string::npos,
                   bad << status_of(*this, bad));
    }
    BOOST_TEST(status_of(*this, replaced(good, "GET / ", "GET /other ")).find(" 404 ") !=
               std::string::npos);
    BOOST_TEST(until([this] { return server->half_open() == 0; }));
}

BOOST_FIXTURE_TEST_CASE(a_head_without_end_and_a_large_body_are_cut_off, Link) {
    serve();
    const std::string endless = "GET / HTTP/1.1\r\nX: " + std::string(100'000, 'x');
    BOOST_TEST(status_of(*this, endless).find(" 101 ") == std::string::npos);
    const std::string body =
        replaced(RawClient::upgrade_request(), "Host:", "Content-Length: 10000000\r\nHost:");
    BOOST_TEST(status_of(*this, body).find(" 101 ") == std::string::npos);
    BOOST_TEST(until([this] { return server->half_open() == 0; }));
}

BOOST_FIXTURE_TEST_CASE(tls_1_2_random_bytes_and_plain_http_get_no_connection, Link) {
    serve();
    RawClient old(port);
    RawClient noise(port);
    RawClient plain(port);
    meanwhile([&] {
        BOOST_CHECK_THROW(old.tls(TLS1_2_VERSION), std::runtime_error);
        noise.send(std::string(10'000, '\xA5'));
        plain.send("GET / HTTP/1.1\r\n\r\n");
        BOOST_TEST(noise.ends());
        BOOST_TEST(plain.ends());
    });
    BOOST_TEST(until([this] { return server->totals().failed == 3; }));
    BOOST_TEST(ids.empty());
}

BOOST_FIXTURE_TEST_CASE(keys_are_exchanged_only_in_groups_that_cost_little, Link) {
    serve();
    for (const char* dear : {"ffdhe2048", "ffdhe8192", "P-384", "P-521", "X448"}) {
        RawClient raw(port);
        meanwhile([&] { BOOST_CHECK_THROW(raw.tls(TLS1_3_VERSION, dear), std::runtime_error); });
    }
    std::vector<std::string> cheap{"X25519", "P-256", "P-521:P-256"};
    if (RawClient::knows_groups("X25519MLKEM768")) {  // OpenSSL 3.5
        cheap.emplace_back("X25519MLKEM768");
    }
    for (const std::string& good : cheap) {
        RawClient raw(port);
        meanwhile([&] { raw.tls(TLS1_3_VERSION, good); });
    }
    BOOST_TEST(until([this] { return server->totals().failed >= 5; }));
}

BOOST_FIXTURE_TEST_CASE(bytes_sent_together_with_the_upgrade_are_heard, Link) {
    serve();
    RawClient raw(port);
    RawClient::Frame frame;
    meanwhile([&] {
        raw.tls();
        raw.send(RawClient::upgrade_request() + RawClient::frame(kText, "early"));
        raw.read_head();
        frame = raw.read_frame_past_pings();
    });
    BOOST_TEST(frame.payload == "early");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(frames, Upgraded)

BOOST_AUTO_TEST_CASE(fragments_with_control_frames_between_them_are_one_message) {
    const auto pong =
        answer_to(RawClient::frame(kTextPart, "one ") + RawClient::frame(0x89, "ping") +
                  RawClient::frame(kPart, "") + RawClient::frame(kPart, "two ") +
                  RawClient::frame(0x8A, "") + RawClient::frame(kLastPart, "three"));
    BOOST_TEST(pong.opcode == 10);
    BOOST_TEST(pong.payload == "ping");
    BOOST_TEST(answer_to("").payload == "one two three");
}

BOOST_AUTO_TEST_CASE(a_message_in_one_byte_fragments_and_one_byte_reads_is_whole) {
    const std::string text = "{\"caf\xC3\xA9\":\"\xF0\x9F\x90\xA7\"}";
    std::string bytes;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const int first = i == 0 ? kTextPart : i + 1 == text.size() ? kLastPart : kPart;
        bytes += RawClient::frame(first, text.substr(i, 1));
    }
    BOOST_TEST(answer_to(bytes).payload == text);
    RawClient::Frame frame;
    meanwhile([&] {  // every byte in a TLS record of its own
        for (const char byte : RawClient::frame(kText, text)) {
            raw->send(std::string(1, byte));
        }
        frame = raw->read_frame_past_pings();
    });
    BOOST_TEST(frame.payload == text);
}

BOOST_AUTO_TEST_CASE(messages_whole_and_in_parts_that_come_together_stay_in_order) {
    // More than one read takes, so that each kind stands at each of its edges.
    std::vector<std::string> said;
    std::string bytes;
    for (std::size_t i = 0; bytes.size() < 700'000; ++i) {
        said.push_back(std::to_string(i) + std::string(i * 997 % 9'000, 'x'));
        if (i % 7 == 3) {
            said.back() += "\xC3\xA9";
        }
        const std::size_t cut = said.back().size() / 2;
        bytes += i % 5 == 4 ? RawClient::frame(kTextPart, said.back().substr(0, cut)) +
                                  RawClient::frame(0x8A, "") +
                                  RawClient::frame(kLastPart, said.back().substr(cut))
                            : RawClient::frame(kText, said.back());
    }
    meanwhile([&] {
        raw->send(bytes);
        for (const std::string& text : said) {
            BOOST_REQUIRE(raw->read_frame_past_pings().payload == text);
        }
    });
}

BOOST_AUTO_TEST_CASE(a_flood_in_one_read_leaves_others_their_turn) {
    const std::string ping = RawClient::frame(0x89, "");
    const std::vector<std::function<void()>> floods{
        [&] {
            std::string pings;
            for (int i = 0; i < 8'000; ++i) {
                pings += ping;
            }
            raw->send(pings);
        },
        [&] {
            for (int i = 0; i < 900; ++i) {  // each in a record of its own
                raw->send(ping);
            }
        },
        [&] {
            for (int i = 0; i < 500; ++i) {
                BOOST_REQUIRE(SSL_key_update(raw->ssl(), SSL_KEY_UPDATE_NOT_REQUESTED) == 1);
                BOOST_REQUIRE(SSL_do_handshake(raw->ssl()) == 1);
            }
        }};
    RawClient other(port);
    meanwhile([&] { other.upgrade(); });
    // All of it is there before the loop looks; in few segments, or the kernel would not take it.
    const auto cork = [&](int on) {
        ::setsockopt(raw->socket(), IPPROTO_TCP, TCP_CORK, &on, sizeof on);
    };
    for (const auto& flood : floods) {
        heard.clear();
        cork(1);
        flood();
        raw->send(RawClient::frame(kText, "after the flood"));
        cork(0);
        other.send(RawClient::frame(kText, "somebody else"));
        BOOST_REQUIRE(until([this] { return heard.size() == 2; }));
        BOOST_TEST(heard.front() == "somebody else", "flood " << &flood - floods.data());
    }
}

BOOST_AUTO_TEST_CASE(every_size_of_the_length_field_is_echoed_byte_for_byte) {
    for (const std::size_t size :
         {0U, 1U, 125U, 126U, 127U, 4'095U, 4'096U, 4'097U, 16'384U, 65'535U, 65'536U}) {
        const std::string text(size, 'x');
        const auto frame = answer_to(RawClient::frame(kText, text));
        BOOST_TEST(frame.opcode == 1, size);
        BOOST_TEST((frame.payload == text), size);
    }
}

BOOST_AUTO_TEST_CASE(utf8_is_checked_across_fragments_and_reads) {
    for (const char* good : {"\xC2\x80", "\xE0\xA0\x80", "\xED\x9F\xBF", "\xEF\xBF\xBF",
                             "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF"}) {
        const std::string text = std::string(4'094, 'a') + good;  // over the edge of a read
        BOOST_TEST((answer_to(RawClient::frame(kText, text)).payload == text));
        for (std::size_t cut = 0; cut <= text.size(); cut += cut == 0 ? 4'093 : 1) {
            const auto frame = answer_to(RawClient::frame(kTextPart, text.substr(0, cut)) +
                                         RawClient::frame(kLastPart, text.substr(cut)));
            BOOST_TEST((frame.payload == text), cut);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_ping_is_answered_with_its_own_bytes) {
    const auto frame = answer_to(RawClient::frame(0x89, std::string(125, 'p')));
    BOOST_TEST(frame.opcode == 10);
    BOOST_TEST(frame.payload == std::string(125, 'p'));
}

BOOST_AUTO_TEST_CASE(a_close_is_answered_with_its_code_and_ends_the_connection) {
    BOOST_TEST(answer_to(RawClient::frame(0x88,
                                          "\x03\xE8"
                                          "bye"))
                   .close_code() == 1000);
    meanwhile([this] { BOOST_TEST(raw->ends()); });
    BOOST_TEST(until([this] { return ended == ids; }));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(bad_frames)

BOOST_AUTO_TEST_CASE(each_has_its_close_code) {
    struct Case {
        const char* what;
        std::string bytes;
        int code;
    };
    const auto frame = [](int first, std::string_view payload) {
        return RawClient::frame(first, payload);
    };
    const std::vector<Case> cases{
        {"binary", frame(0x82, "x"), 1003},
        {"not masked", RawClient::head(kText, 5, false) + "hello", 1002},
        {"RSV1", frame(0xC1, "x"), 1002},
        {"RSV2", frame(0xA1, "x"), 1002},
        {"RSV3", frame(0x91, "x"), 1002},
        {"reserved data opcode", frame(0x83, "x"), 1002},
        {"reserved control opcode", frame(0x8B, "x"), 1002},
        {"a continuation of nothing", frame(kLastPart, "x"), 1002},
        {"text inside a message", frame(kTextPart, "x") + frame(kText, "y"), 1002},
        {"a fragmented ping", frame(0x09, "x"), 1002},
        {"a large ping", RawClient::head(0x89, 126) + std::string(126, 'x'), 1002},
        {"a length not in its shortest form", std::string("\x81\xFE\x00\x05", 4) + "abcdhello",
         1002},
        {"a length with its highest bit", RawClient::head(kText, std::uint64_t{1} << 63U), 1002},
        {"invalid UTF-8", frame(kText, "\xC0\xAF"), 1007},
        {"a surrogate", frame(kText, "\xED\xA0\x80"), 1007},
        {"above U+10FFFF", frame(kText, "\xF4\x90\x80\x80"), 1007},
        {"UTF-8 that ends too soon", frame(kText, "ab\xE2\x82"), 1007},
        {"UTF-8 that ends too soon in parts", frame(kTextPart, "ab\xE2") + frame(kLastPart, "\x82"),
         1007},
        {"a close code that nobody may send", frame(0x88, "\x03\xED"), 1002},
        {"a close of one byte", frame(0x88, "\x03"), 1002},
    };
    for (const Case& one : cases) {
        Upgraded house;
        const auto answer = house.answer_to(one.bytes);
        BOOST_TEST(answer.close_code() == one.code, one.what << ": " << answer.close_code());
        BOOST_TEST(house.heard.empty(), one.what);
        if (&one != &cases.front()) {  // who leaves is gone at once; who stays is put out
            house.raw.reset();
        }
        BOOST_TEST(house.until([&] { return house.server->connections() == 0; }), one.what);
    }
}

BOOST_AUTO_TEST_CASE(what_is_too_large_is_told_before_it_is_buffered_and_closed_once) {
    const std::string part(60'000, 'x');
    for (const std::string& bytes :
         {RawClient::head(kText, 65'537), RawClient::head(kText, 1'000'000'000),
          RawClient::head(kText, ~std::uint64_t{0} >> 1U),
          RawClient::frame(kTextPart, part) + RawClient::head(kPart, 5'537)}) {
        Upgraded house;  // and not one byte of what was announced follows
        std::vector<RawClient::Frame> answers;
        house.meanwhile([&] {
            house.raw->send(bytes);
            do {
                answers.push_back(house.raw->read_frame_past_pings());
            } while (answers.back().opcode == 1);
        });
        BOOST_REQUIRE_EQUAL(answers.size(), 2U);
        BOOST_TEST(answers[0].payload == "too_large");
        BOOST_TEST(answers[1].close_code() == 1009);
    }
}

BOOST_AUTO_TEST_CASE(who_goes_on_sending_what_is_too_large_still_gets_the_answer) {
    Upgraded house;
    RawClient::Frame answer;
    house.meanwhile([&] {
        house.raw->send(RawClient::head(kText, 300'000) + std::string(300'000, 'x'));
        answer = house.raw->read_frame_past_pings();
    });
    BOOST_TEST(answer.payload == "too_large");
}

BOOST_AUTO_TEST_CASE(key_updates_are_followed_on_both_sides) {
    Upgraded house;
    RawClient::Frame answer;
    house.meanwhile([&] {
        for (int turn = 0; turn < 5; ++turn) {
            SSL_key_update(house.raw->ssl(), SSL_KEY_UPDATE_REQUESTED);
            house.raw->send(RawClient::frame(kText, "after"));
            answer = house.raw->read_frame_past_pings();
        }
    });
    BOOST_TEST(answer.payload == "after");
}

BOOST_AUTO_TEST_SUITE_END()
