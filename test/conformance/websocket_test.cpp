// RFC 6455 section 5, frames, against the relay's endpoint: fragmentation, control frames,
// masks, reserved bits and opcodes, lengths.
#include "test/conformance/echo.h"

#include <boost/test/unit_test.hpp>

using namespace sotto::test;
using sotto::net::RawClient;

namespace {

constexpr std::size_t kMax = 65'536;  // the server's largest message

std::string frame(int first, std::string_view payload) {
    return RawClient::frame(first, payload);
}

/// Bytes of every value.
std::string some_bytes(std::size_t size) {
    std::string out;
    for (std::size_t i = 0; i < size; ++i) {
        out += static_cast<char>(i * 31 + i / 256);
    }
    return out;
}

/// `payload` as a message in fragments of `size` bytes.
std::string in_fragments(int start, const std::string& payload, std::size_t size) {
    std::string out;
    for (std::size_t at = 0; at < payload.size(); at += size) {
        const bool last = at + size >= payload.size();
        out += frame((at == 0 ? start & 0x0F : 0) | (last ? 0x80 : 0), payload.substr(at, size));
    }
    return out;
}

std::string length_of(int bytes, std::uint64_t length) {
    std::string out;
    for (int i = bytes - 1; i >= 0; --i) {
        out += static_cast<char>(length >> static_cast<unsigned>(8 * i));
    }
    return out;
}

/// A frame of zero bytes whose length is encoded in 2 or 8 bytes, needed or not; its mask is 0.
std::string with_long_length(int first, int bytes, std::uint64_t length) {
    return std::string(1, static_cast<char>(first)) + (bytes == 2 ? '\xFE' : '\xFF') +
           length_of(bytes, length) + std::string(4 + static_cast<std::size_t>(length), '\0');
}

}  // namespace

BOOST_AUTO_TEST_SUITE(whole_messages)

BOOST_AUTO_TEST_CASE(text_and_binary_of_every_kind_of_length_come_back_as_they_went) {
    EchoClient client;
    for (const std::size_t size :
         {0U,   1U,     2U,     3U,      31U,     32U,     33U,     124U,    125U,    126U,   127U,
          128U, 4'095U, 4'097U, 16'383U, 16'384U, 16'385U, 32'768U, 65'534U, 65'535U, 65'536U}) {
        BOOST_TEST(client.echoes(std::string(size, 'x')), size);
        BOOST_TEST(client.echoes(some_bytes(size), kBinary), size);
    }
}

BOOST_AUTO_TEST_CASE(a_frame_may_be_split_at_every_byte) {
    EchoClient client;
    for (const std::size_t size : {0U, 5U, 125U, 126U}) {  // header, mask and payload
        const std::string text(size, 't');
        const std::string bytes = frame(kText, text);
        for (std::size_t at = 1; at < bytes.size(); ++at) {
            BOOST_TEST(client.answer_to_parts(cut_at(bytes, at)).payload == text,
                       size << "/" << at);
        }
        BOOST_TEST(client.answer_to_parts(one_by_one(bytes)).payload == text, size);
    }
}

BOOST_AUTO_TEST_CASE(a_frame_with_an_8_byte_length_may_be_split_in_its_head) {
    EchoClient client;
    const std::string text = some_bytes(kMax);
    const std::string bytes = frame(kBinary, text);
    for (std::size_t at = 1; at <= 18; ++at) {
        BOOST_TEST((client.answer_to_parts(cut_at(bytes, at)).payload == text), at);
    }
}

BOOST_AUTO_TEST_CASE(a_large_message_in_odd_parts_is_whole) {
    EchoClient client;
    const std::string text = some_bytes(kMax);
    const std::string bytes = frame(kBinary, text);
    for (const std::size_t part : {997U, 4'096U, 16'385U}) {
        std::vector<std::string> parts;
        for (std::size_t at = 0; at < bytes.size(); at += part) {
            parts.push_back(bytes.substr(at, part));
        }
        BOOST_TEST((client.answer_to_parts(parts).payload == text), part);
    }
}

BOOST_AUTO_TEST_CASE(many_messages_in_one_record_come_back_in_order) {
    EchoClient client;
    std::string bytes;
    for (int i = 0; i < 1'000; ++i) {
        bytes += frame(kText, "message " + std::to_string(i));
    }
    client.send(bytes);
    for (int i = 0; i < 1'000; ++i) {
        BOOST_REQUIRE_EQUAL(client.read_frame_past_pings().payload, "message " + std::to_string(i));
    }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(fragmentation)

BOOST_AUTO_TEST_CASE(fragments_of_every_size_are_one_message) {
    EchoClient client;
    const std::string text(300, 'f');
    for (std::size_t size = 1; size <= 150; size += 7) {
        BOOST_TEST(client.answer_to(in_fragments(kText, text, size)).payload == text, size);
        const auto binary = client.answer_to(in_fragments(kBinary, some_bytes(300), size));
        BOOST_TEST((binary.opcode == 2 && binary.payload == some_bytes(300)), size);
    }
    const std::string large(kMax, 'F');
    BOOST_TEST((client.answer_to(in_fragments(kText, large, 8)).payload == large));
    BOOST_TEST((client.answer_to(in_fragments(kText, large, 40'000)).payload == large));
}

BOOST_AUTO_TEST_CASE(empty_fragments_count_for_nothing) {
    EchoClient client;
    std::string nothing;
    for (int i = 0; i < 2'000; ++i) {
        nothing += frame(kPart, "");
    }
    BOOST_TEST(client
                   .answer_to(frame(kTextStart, "") + nothing + frame(kPart, "a") + nothing +
                              frame(kLastPart, ""))
                   .payload == "a");
    const auto empty = client.answer_to(frame(kTextStart, "") + frame(kLastPart, ""));
    BOOST_TEST((empty.opcode == 1 && empty.payload.empty()));
}

BOOST_AUTO_TEST_CASE(control_frames_between_fragments_are_answered_at_once_and_disturb_nothing) {
    EchoClient client;
    std::string bytes = frame(kTextStart, "0");
    for (int i = 1; i < 100; ++i) {
        bytes += frame(kPing, "ping " + std::to_string(i)) + frame(kPong, "nobody asked") +
                 frame(i == 99 ? kLastPart : kPart, std::to_string(i % 10));
    }
    client.send(bytes);
    for (int i = 1; i < 100; ++i) {
        const auto pong = client.read_frame_past_pings();
        BOOST_REQUIRE_EQUAL(pong.opcode, 10);
        BOOST_REQUIRE_EQUAL(pong.payload, "ping " + std::to_string(i));
    }
    const auto whole = client.read_frame_past_pings();
    BOOST_TEST(whole.opcode == 1);
    BOOST_TEST(whole.payload.size() == 100U);
    const auto halfway = client.answer_to(frame(kTextStart, "unfinished") + frame(kPing, "now"));
    BOOST_TEST(halfway.payload == "now");
}

BOOST_AUTO_TEST_CASE(a_close_between_fragments_ends_the_message_too) {
    BOOST_TEST(close_after(frame(kTextStart, "never ") + frame(kClose, "\x03\xE8") +
                           frame(kLastPart, "heard")) == 1000);
}

BOOST_AUTO_TEST_CASE(a_message_inside_a_message_and_a_part_of_none_are_refused) {
    for (const std::string& bad : {frame(kPart, "x"), frame(kLastPart, "x"), frame(kLastPart, ""),
                                   frame(kTextStart, "x") + frame(kText, "y"),
                                   frame(kTextStart, "x") + frame(kTextStart, "y"),
                                   frame(kTextStart, "x") + frame(kBinary, "y"),
                                   frame(kBinaryStart, "x") + frame(kText, "y"),
                                   frame(kTextStart, "x") + frame(kPing, "") + frame(kText, "y")}) {
        const std::size_t pong = bad.find('\x89');
        EchoClient client;
        auto answer = client.answer_to(bad);
        if (pong != std::string::npos) {
            answer = client.read_frame_past_pings();
        }
        BOOST_TEST(answer.close_code() == 1002);
    }
    EchoClient client;  // earlier messages are still answered
    BOOST_TEST(client
                   .answer_to(frame(kTextStart, "one") + frame(kLastPart, " two") +
                              frame(kLastPart, "three"))
                   .payload == "one two");
    BOOST_TEST(client.read_frame_past_pings().close_code() == 1002);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(control_frames)

BOOST_AUTO_TEST_CASE(a_ping_of_each_length_up_to_125_is_answered_with_its_bytes) {
    EchoClient client;
    std::string bytes;
    for (std::size_t size = 0; size <= 125; ++size) {
        bytes += frame(kPing, some_bytes(size));
    }
    client.send(bytes);
    for (std::size_t size = 0; size <= 125; ++size) {
        const auto pong = client.read_frame_past_pings();
        BOOST_REQUIRE_EQUAL(pong.opcode, 10);
        BOOST_REQUIRE((pong.payload == some_bytes(size)));
    }
    BOOST_TEST(client.answer_to_parts(one_by_one(frame(kPing, "slow"))).payload == "slow");
}

BOOST_AUTO_TEST_CASE(a_pong_that_nobody_asked_for_is_passed_over) {
    EchoClient client;
    client.send(frame(kPong, "") + frame(kPong, std::string(125, 'p')));
    BOOST_TEST(client.echoes("still here"));
}

BOOST_AUTO_TEST_CASE(a_control_frame_is_whole_and_at_most_125_bytes) {
    for (const int opcode : {8, 9, 10}) {
        BOOST_TEST(close_after(frame(opcode, "")) == 1002, opcode);
        BOOST_TEST(close_after(frame(opcode, "\x03\xE8")) == 1002, opcode);
        const int first = 0x80 | opcode;
        BOOST_TEST(close_after(frame(first, std::string(126, '\x03'))) == 1002, opcode);
        BOOST_TEST(close_after(RawClient::head(first, 65'536)) == 1002, opcode);
        BOOST_TEST(close_after(with_long_length(first, 2, 2)) == 1002, opcode);
        BOOST_TEST(close_after(with_long_length(first, 8, 2)) == 1002, opcode);
    }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(first_bytes)

BOOST_AUTO_TEST_CASE(no_reserved_bit_is_passed_over_on_any_frame) {
    for (int bits = 1; bits <= 7; ++bits) {
        for (const int first : {kText, kBinary, kTextStart, kPing, kPong, kClose}) {
            BOOST_TEST(close_after(frame(first | bits << 4, "")) == 1002, bits << "/" << first);
        }
        EchoClient client;
        client.send(frame(kTextStart, "x"));
        BOOST_TEST(client.answer_to(frame(kLastPart | bits << 4, "y")).close_code() == 1002, bits);
    }
}

BOOST_AUTO_TEST_CASE(no_reserved_opcode_is_passed_over_and_what_came_before_is_answered) {
    for (const int opcode : {3, 4, 5, 6, 7, 11, 12, 13, 14, 15}) {
        BOOST_TEST(close_after(frame(0x80 | opcode, "")) == 1002, opcode);
        BOOST_TEST(close_after(frame(0x80 | opcode, "payload")) == 1002, opcode);
        EchoClient client;
        BOOST_TEST(client.answer_to(frame(kText, "before") + frame(0x80 | opcode, "")).payload ==
                   "before");
        BOOST_TEST(client.read_frame_past_pings().close_code() == 1002, opcode);
    }
}

BOOST_AUTO_TEST_CASE(a_frame_without_a_mask_is_refused) {
    for (const int first : {kText, kBinary, kTextStart, kPing, kPong, kClose}) {
        BOOST_TEST(close_after(RawClient::head(first, 2, false) + "\x03\xE8") == 1002, first);
        BOOST_TEST(close_after(RawClient::head(first, 0, false)) == 1002, first);
    }
    EchoClient client;
    client.send(frame(kTextStart, "x"));
    BOOST_TEST(client.answer_to(RawClient::head(kLastPart, 1, false) + "y").close_code() == 1002);
}

BOOST_AUTO_TEST_CASE(any_mask_is_taken_off_also_in_parts_of_any_offset) {
    EchoClient client;
    const std::string bytes = some_bytes(200);
    for (const std::array<char, 4>& mask : {std::array<char, 4>{0, 0, 0, 0},
                                            {'\xFF', '\xFF', '\xFF', '\xFF'},
                                            {1, 0, 0, 0},
                                            {0, 0, 0, '\x80'},
                                            {'\x12', '\x34', '\x56', '\x78'}}) {
        const std::string masked = frame_with_mask(kBinary, bytes, mask);
        for (std::size_t at = 8; at < 48; ++at) {  // across wide words and their remainders
            BOOST_TEST((client.answer_to_parts(cut_at(masked, at)).payload == bytes), at);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(lengths)

BOOST_AUTO_TEST_CASE(a_length_not_in_its_shortest_form_is_refused) {
    for (const std::uint64_t length : {0U, 1U, 125U}) {
        BOOST_TEST(close_after(with_long_length(kText, 2, length)) == 1002, length);
    }
    for (const std::uint64_t length : {0U, 125U, 126U, 65'535U}) {
        BOOST_TEST(close_after(with_long_length(kText, 8, length)) == 1002, length);
    }
    EchoClient client;  // and the shortest form is not
    BOOST_TEST(client.answer_to(with_long_length(kText, 2, 126)).payload.size() == 126U);
    BOOST_TEST(client.answer_to(with_long_length(kText, 8, 65'536)).payload.size() == 65'536U);
}

BOOST_AUTO_TEST_CASE(what_is_too_large_is_refused_by_its_head_alone) {
    for (const int first : {kText, kBinary, kTextStart}) {
        for (const std::uint64_t length :
             {std::uint64_t{kMax} + 1, std::uint64_t{1} << 31U, std::uint64_t{1} << 32U,
              (std::uint64_t{1} << 63U) - 1}) {
            BOOST_TEST(close_after(RawClient::head(first, length)) == 1009, length);
        }
        BOOST_TEST(close_after(RawClient::head(first, std::uint64_t{1} << 63U)) == 1002);
        BOOST_TEST(close_after(RawClient::head(first, ~std::uint64_t{0})) == 1002);
    }
}

BOOST_AUTO_TEST_CASE(fragments_are_too_large_together_even_if_their_sum_overflows) {
    const std::string start = frame(kTextStart, std::string(60'000, 'x'));
    BOOST_TEST(close_after(start + RawClient::head(kLastPart, 5'537)) == 1009);
    BOOST_TEST(close_after(start + RawClient::head(kPart, 5'537)) == 1009);
    for (const std::uint64_t length :
         {(std::uint64_t{1} << 63U) - 1, (std::uint64_t{1} << 63U) - 60'000}) {
        BOOST_TEST(close_after(start + RawClient::head(kPart, length)) == 1009, length);
    }
    EchoClient client;
    BOOST_TEST(client.answer_to(start + frame(kLastPart, std::string(5'536, 'y'))).payload.size() ==
               kMax);
}

BOOST_AUTO_TEST_CASE(a_frame_that_ends_too_soon_is_no_message) {
    EchoClient client;
    client.send(RawClient::head(kText, 100) + std::string(99, 'x'));
    ::SSL_shutdown(client.ssl());
    BOOST_TEST(client.is_over());
    EchoClient other;  // and the next connection works
    BOOST_TEST(other.echoes("well"));
}

BOOST_AUTO_TEST_SUITE_END()
