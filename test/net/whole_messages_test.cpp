#include "net/websocket/whole_messages.h"

#include "net/websocket/frame_head.h"

#include <boost/test/unit_test.hpp>

#include <random>
#include <string>
#include <vector>

using namespace sotto::net;

namespace {

constexpr std::array<std::uint8_t, 4> kKey{0x37, 0xA1, 0x5C, 0xE2};
constexpr std::size_t kMax = 65'536;
constexpr WholeMessages kServer{true, kMax};

std::string masked(char first, std::string payload) {
    const FrameHead head(first, payload.size(), kKey);
    unmask(reinterpret_cast<std::uint8_t*>(payload.data()), payload.size(), kKey, 0);
    return std::string(head.view()) + payload;
}

struct Taken {
    std::vector<std::string> messages;
    std::size_t done = 0;
};

Taken take(const WholeMessages& reader, std::string& bytes) {
    Taken taken;
    taken.done =
        reader.read(reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size(),
                    [&](std::string_view text, bool is_binary) {
                        taken.messages.push_back((is_binary ? "binary " : "") + std::string(text));
                        return true;
                    });
    return taken;
}

/// Nothing of `bytes` is taken, and nothing of them is changed.
void is_left(std::string bytes, const WholeMessages& reader = kServer) {
    const std::string before = bytes;
    const Taken taken = take(reader, bytes);
    BOOST_TEST(taken.messages.empty());
    BOOST_TEST(taken.done == 0U);
    BOOST_TEST((bytes == before));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(whole_messages)

BOOST_AUTO_TEST_CASE(they_are_handed_on_in_order_up_to_what_is_not_all_here) {
    std::string bytes;
    std::vector<std::string> said;
    for (const std::size_t size : {2U, 125U, 126U, 127U, 4'096U, 65'535U}) {
        said.emplace_back(size, static_cast<char>('a' + said.size()));
        bytes += masked(kText, said.back());
    }
    said.emplace_back("binary \xFF\x80");
    bytes += masked(kBinary, "\xFF\x80");
    const std::size_t whole = bytes.size();
    bytes += masked(kText, "half a message").substr(0, 12);
    const std::string tail = bytes.substr(whole);
    const Taken taken = take(kServer, bytes);
    BOOST_TEST((taken.messages == said));
    BOOST_TEST(taken.done == whole);
    BOOST_TEST((bytes.substr(whole) == tail));
}

BOOST_AUTO_TEST_CASE(no_cut_of_a_frame_is_taken) {
    const std::string frame = masked(kText, std::string(300, 'x'));
    for (std::size_t size = 0; size < frame.size(); ++size) {
        is_left(frame.substr(0, size));
    }
}

BOOST_AUTO_TEST_CASE(all_that_is_no_plain_whole_message_is_left_as_it_came) {
    const std::string text = "a message";
    for (int first = 0; first < 256; ++first) {
        if (static_cast<char>(first) != kText && static_cast<char>(first) != kBinary) {
            is_left(masked(static_cast<char>(first), text));
        }
    }
    is_left(std::string(FrameHead(kText, text.size()).view()) + text);  // not masked
    is_left(masked(kText, text), {false, kMax});                        // masked by a server
    is_left(masked(kText, text), {true, text.size() - 1});              // too large
    is_left(masked(kText, std::string(kMax, 'x')));                     // an 8-byte length
    is_left(std::string("\x81\xFE\x00\x7D\x00\x00\x00\x00", 8) + std::string(125, 'x'));
}

BOOST_AUTO_TEST_CASE(a_text_that_is_not_all_ascii_is_left_masked) {
    for (std::size_t at = 0; at < 100; ++at) {
        std::string text(100, 'x');
        text[at] = '\xC3';
        std::string bytes = masked(kText, "before it") + masked(kText, text);
        const std::string second = bytes.substr(bytes.size() - masked(kText, text).size());
        const Taken taken = take(kServer, bytes);
        BOOST_REQUIRE(taken.messages == std::vector<std::string>{"before it"});
        BOOST_REQUIRE(bytes.substr(taken.done) == second);
    }
}

BOOST_AUTO_TEST_CASE(what_a_server_sends_is_read_unmasked) {
    std::string bytes = std::string(FrameHead(kText, 9).view()) + "a message";
    BOOST_TEST((take({false, kMax}, bytes).messages == std::vector<std::string>{"a message"}));
}

BOOST_AUTO_TEST_CASE(none_is_taken_after_the_taker_has_said_no) {
    const std::string one = masked(kText, "a message");
    std::string bytes = one + one;
    int taken = 0;
    const std::size_t done =
        kServer.read(reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size(),
                     [&](std::string_view, bool) { return ++taken < 1; });
    BOOST_TEST(taken == 1);
    BOOST_TEST(done == one.size());
    BOOST_TEST(bytes.substr(done) == one);
}

BOOST_AUTO_TEST_CASE(random_bytes_are_never_read_beyond_their_end) {
    std::mt19937 random(11);
    for (int round = 0; round < 20'000; ++round) {
        // Exactly as large as it is, so that a sanitizer sees a step beyond it.
        std::vector<std::uint8_t> bytes(random() % 40);
        for (auto& byte : bytes) {
            byte = static_cast<std::uint8_t>(random());
        }
        if (bytes.size() > 1) {
            bytes[0] = 0x81 + random() % 2;
            bytes[1] |= 0x80U;
        }
        std::size_t seen = 0;
        const std::size_t done =
            kServer.read(bytes.data(), bytes.size(), [&](std::string_view text, bool) {
                seen += text.size();
                return true;
            });
        BOOST_REQUIRE(done <= bytes.size());
        BOOST_REQUIRE(seen <= done);
    }
}

BOOST_AUTO_TEST_SUITE_END()
