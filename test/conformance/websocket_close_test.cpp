// RFC 6455 section 7, against the relay's endpoint: how a connection closes.
#include "test/conformance/echo.h"

#include <boost/test/unit_test.hpp>

using namespace sotto::test;
using sotto::net::RawClient;

namespace {

std::string close_frame(int code, std::string_view reason = "") {
    std::string payload{static_cast<char>(code >> 8), static_cast<char>(code)};
    return RawClient::frame(kClose, payload.append(reason));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(closing)

BOOST_AUTO_TEST_CASE(a_code_that_may_be_sent_is_answered_with_itself) {
    for (const int code :
         {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999}) {
        BOOST_TEST(close_after(close_frame(code)) == code);
        BOOST_TEST(close_after(close_frame(code, "with a reason")) == code);
    }
}

BOOST_AUTO_TEST_CASE(a_code_that_must_not_be_sent_is_a_fault) {
    for (const int code :
         {0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 32'768, 65'535}) {
        BOOST_TEST(close_after(close_frame(code)) == 1002, code);
        BOOST_TEST(close_after(close_frame(code, "with a reason")) == 1002, code);
    }
}

BOOST_AUTO_TEST_CASE(a_close_without_a_code_is_answered_by_a_close) {
    EchoClient client;
    const auto answer = client.answer_to(RawClient::frame(kClose, ""));
    BOOST_TEST(answer.opcode == 8);
    BOOST_TEST((answer.payload.empty() || answer.close_code() == 1000));
    BOOST_TEST(client.is_over());
}

BOOST_AUTO_TEST_CASE(half_a_code_is_a_fault) {
    for (const char* half : {"\x03", "\xE8", "x"}) {
        BOOST_TEST(close_after(RawClient::frame(kClose, half)) == 1002);
    }
}

BOOST_AUTO_TEST_CASE(a_reason_is_utf8_of_at_most_123_bytes) {
    BOOST_TEST(close_after(close_frame(1000, std::string(123, 'r'))) == 1000);
    BOOST_TEST(close_after(close_frame(1000, std::string(124, 'r'))) == 1002);
    BOOST_TEST(close_after(close_frame(1000, "\xC3\xA9\xF0\x9F\x90\xA7")) == 1000);
    for (const char* bad : {"\xC3", "\xFF", "abc\xED\xA0\x80", "\xF0\x9F\x90"}) {
        const int code = close_after(close_frame(1000, bad));
        BOOST_TEST((code == 1007 || code == 1002), code);
    }
}

BOOST_AUTO_TEST_CASE(a_close_may_come_a_byte_at_a_time) {
    EchoClient client;
    BOOST_TEST(client.answer_to_parts(one_by_one(close_frame(3'001, "bye"))).close_code() == 3'001);
    BOOST_TEST(client.is_over());
}

BOOST_AUTO_TEST_CASE(what_comes_before_a_close_is_answered_and_nothing_that_comes_after_it) {
    const std::string after[] = {RawClient::frame(kText, "after"), RawClient::frame(kPing, "after"),
                                 RawClient::frame(kTextStart, ""), close_frame(4'000)};
    for (const std::string& more : after) {
        EchoClient client;
        const std::string before = RawClient::frame(kText, "before");
        BOOST_TEST(client.answer_to(before + close_frame(1000) + more).payload == "before");
        BOOST_TEST(client.read_frame_past_pings().close_code() == 1000);
        BOOST_TEST(client.is_over());
    }
}

BOOST_AUTO_TEST_CASE(after_a_fault_nothing_more_is_answered) {
    for (const std::string& fault :
         {RawClient::frame(kText, "\xFF"), RawClient::frame(0x83, ""), close_frame(999)}) {
        EchoClient client;
        BOOST_TEST(client.answer_to(fault + RawClient::frame(kText, "after")).opcode == 8);
        BOOST_TEST(client.is_over());
    }
}

BOOST_AUTO_TEST_SUITE_END()
