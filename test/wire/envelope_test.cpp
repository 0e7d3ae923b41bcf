#include "net/wire/envelope.h"

#include "test/wire/samples.h"
#include "test/wire/scan_oracle.h"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace sotto::wire;
using sotto::base::RelayNonce;
using namespace sotto::wire::test;

namespace {

template <class Message>
Message from_relay(const std::string& text) {
    auto decoded = decode_from_relay(text);
    BOOST_REQUIRE_MESSAGE(decoded.has_value(), text);
    BOOST_REQUIRE_MESSAGE(std::holds_alternative<Message>(*decoded), text);
    return std::get<Message>(std::move(*decoded));
}

template <class Message>
Message from_client(const std::string& text) {
    auto decoded = decode_from_client(text);
    BOOST_REQUIRE_MESSAGE(decoded.has_value(), text);
    BOOST_REQUIRE_MESSAGE(std::holds_alternative<Message>(*decoded), text);
    return std::get<Message>(std::move(*decoded));
}

/// Text that needs every kind of care in JSON.
const std::string kAwkward = "\"\\/\b\f\n\r\t\x01\x1F\x7F \xC3\xA9\xF0\x9F\x98\x80'<>";

}  // namespace

BOOST_AUTO_TEST_SUITE(envelopes)

BOOST_AUTO_TEST_CASE(every_sample_comes_back_byte_for_byte_from_its_decoded_form) {
    for (const std::string& text : lookups()) {
        const auto decoded = decode_from_client(text);
        BOOST_REQUIRE_MESSAGE(decoded.has_value(), text);
        BOOST_TEST(std::visit([](const auto& m) { return encode(m); }, *decoded) == text);
    }
    for (const auto& texts : {forwarded(), answers()}) {
        for (const std::string& text : texts) {
            const auto decoded = decode_from_relay(text);
            BOOST_REQUIRE_MESSAGE(decoded.has_value(), text);
            BOOST_TEST(std::visit([](const auto& m) { return encode(m); }, *decoded) == text);
        }
    }
}

BOOST_AUTO_TEST_CASE(client_hello_keeps_its_versions) {
    const auto got = from_client<ClientHello>(encode(ClientHello{{1, -2, kMaxInteger}, kAwkward}));
    BOOST_TEST((got.versions == std::vector<std::int64_t>{1, -2, kMaxInteger}));
    BOOST_TEST(got.software == kAwkward);
    BOOST_TEST(from_client<ClientHello>(encode(ClientHello{})).versions.empty());
}

BOOST_AUTO_TEST_CASE(relay_hello_keeps_its_limits) {
    const auto got =
        from_relay<RelayHello>(encode(RelayHello{2, RelayNonce{5}, 70'000, 60, kAwkward}));
    BOOST_TEST(got.version == 2);
    BOOST_TEST((got.nonce == RelayNonce{5}));
    BOOST_TEST(got.max_message == 70'000);
    BOOST_TEST(got.poll_seconds == 60);
    BOOST_TEST(got.software == kAwkward);
}

BOOST_AUTO_TEST_CASE(register_takes_any_string_as_user_since_bad_name_is_the_relays_word) {
    for (const std::string& user : {std::string("alice"), std::string("ALICE"), std::string(),
                                    kAwkward, std::string(1000, 'a')}) {
        const auto got =
            from_client<Register>(encode(Register{7, user, IdentityKey{1}, Signature{2}}));
        BOOST_TEST(got.user == user);
        BOOST_TEST((got.identity == IdentityKey{1}));
        BOOST_TEST((got.signature == Signature{2}));
        BOOST_TEST((got.id == Id(7)));
    }
    BOOST_TEST(from_relay<Registered>(encode(Registered{"alice"})).user == "alice");
}

BOOST_AUTO_TEST_CASE(lookups_and_their_answers_come_back) {
    BOOST_TEST(from_client<GetPubkey>(encode(GetPubkey{1, "bob"})).user == "bob");
    BOOST_TEST(!from_client<GetPubkey>(encode(GetPubkey{{}, "bob"})).id.has_value());
    const auto pubkey = from_relay<Pubkey>(encode(Pubkey{-3, "bob", IdentityKey{4}, false}));
    BOOST_TEST((pubkey.id == Id(-3)));
    BOOST_TEST((pubkey.identity == IdentityKey{4}));
    BOOST_TEST(!pubkey.online);

    const auto ask = from_client<GetUserList>(encode(GetUserList{2, kMaxInteger, "ca"}));
    BOOST_TEST(ask.since == kMaxInteger);
    BOOST_TEST((ask.prefix == "ca"));
    BOOST_TEST(!from_client<GetUserList>(encode(GetUserList{})).prefix.has_value());

    const auto list = from_relay<UserList>(encode(UserList{9, 44, true, {"a", "b"}, {"c"}, true}));
    BOOST_TEST(list.version == 44);
    BOOST_TEST((list.online == std::vector<std::string>{"a", "b"}));
    BOOST_TEST((list.offline == std::vector<std::string>{"c"}));
    BOOST_TEST((list.full && list.more));
    BOOST_TEST(encode(UserList{}) == R"({"type":"user_list","version":0,"full":false,)"
                                     R"("online":[],"offline":[],"more":false})");
}

BOOST_AUTO_TEST_CASE(forwarded_messages_come_back_with_their_route) {
    for (const Id id : {Id(), Id(0), Id(kMaxInteger), Id(-kMaxInteger)}) {
        const Route route{"alice", "b.o-b_9", ChatId{1, 2, 0xFF}, id};
        const auto same = [&](const Route& got) {
            BOOST_TEST(got.from == route.from);
            BOOST_TEST(got.to == route.to);
            BOOST_TEST((got.chat == route.chat));
            BOOST_TEST((got.id == route.id));
        };
        const auto request = from_relay<ChatRequest>(encode(
            ChatRequest{route, IdentityKey{3}, sotto::base::WallTime(1ULL << 53U), Signature{4}}));
        same(request.route);
        BOOST_TEST(request.time.ms() == 1ULL << 53U);
        BOOST_TEST((request.identity == IdentityKey{3}));
        BOOST_TEST((request.signature == Signature{4}));
        for (const bool accept : {false, true}) {
            const auto response =
                from_relay<ChatResponse>(encode(ChatResponse{route, accept, Signature{5}}));
            same(response.route);
            BOOST_TEST(response.accept == accept);
            BOOST_TEST((response.signature == Signature{5}));
        }
        for (const std::size_t size : {0U, 1U, 2U, 3U, 65U, 40'000U}) {
            const Bytes payload(size, 0xFB);
            const auto terminate = from_relay<ChatTerminate>(encode(ChatTerminate{route, payload}));
            same(terminate.route);
            BOOST_TEST((terminate.payload == payload));
            const auto relay = from_relay<Relay>(encode(Relay{route, kAwkward, payload}));
            same(relay.route);
            BOOST_TEST(relay.kind == kAwkward);
            BOOST_TEST((relay.payload == payload));
        }
    }
}

BOOST_AUTO_TEST_CASE(every_error_comes_back_also_one_of_tomorrow) {
    for (const ErrorRow& row : error_table()) {
        ErrorMessage sent;
        sent.code = row.key;
        sent.message = kAwkward;
        const auto got = from_relay<ErrorMessage>(encode(sent));
        BOOST_TEST((got.code == row.key));
        BOOST_TEST(got.code_name == row.name);
        BOOST_TEST(got.message == kAwkward);
        BOOST_TEST((got.re.empty() && !got.id && !got.to && !got.chat));
    }
    const auto tomorrow = from_relay<ErrorMessage>(
        encode(ErrorMessage{{}, "too_sunny", "x", "relay", 7, "bob", ChatId{8}}));
    BOOST_TEST(!tomorrow.code.has_value());
    BOOST_TEST(tomorrow.code_name == "too_sunny");
    BOOST_TEST(tomorrow.re == "relay");
    BOOST_TEST((tomorrow.id == Id(7)));
    BOOST_TEST((tomorrow.to == "bob"));
    BOOST_TEST((tomorrow.chat == ChatId{8}));
}

BOOST_AUTO_TEST_CASE(what_an_encoder_writes_is_compact_strict_json) {
    const std::string text =
        encode(ErrorMessage{ErrorCode::busy, "", kAwkward, "relay", 7, "bob", {}});
    BOOST_TEST(json_cpp(text).has_value());
    BOOST_TEST((*json_cpp(text))["message"].asString() == kAwkward);
    BOOST_TEST(encode(GetPubkey{7, "bob"}) == R"({"type":"get_pubkey","id":7,"user":"bob"})");
    BOOST_TEST(encode(ClientHello{{1}, "s"}) ==
               R"({"type":"hello","versions":[1],"software":"s"})");
}

BOOST_AUTO_TEST_CASE(unknown_fields_are_ignored_at_both_ends) {
    for (const std::string& text : samples()) {
        const std::string more = "{\"x\":{\"type\":[null]},\"Type\":1," + text.substr(1);
        BOOST_TEST((decode_from_client(more).has_value() || decode_from_relay(more).has_value()),
                   more);
    }
}

BOOST_AUTO_TEST_SUITE_END()
