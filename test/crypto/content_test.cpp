// Section 6: padding, and every kind of content, well-formed and not.
#include "crypto/content.h"

#include "crypto/primitives.h"
#include "crypto/transcript.h"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

namespace {

using namespace sotto::crypto;

constexpr MessageId kId{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
constexpr FileId kFile(kId.raw());

Bytes padded(Bytes content) {
    pad(content);
    return content;
}

Writer body(Kind kind) {
    return Writer().u8(static_cast<std::uint8_t>(kind));
}

Expected<Content> read(const Writer& content) {
    return decode(padded(content.bytes()));
}

void dropped(const Writer& content) {
    const auto read_back = read(content);
    BOOST_REQUIRE(!read_back);
    BOOST_TEST((read_back.error().verdict == Verdict::drop));
}

void closes(const Writer& content) {
    const auto read_back = read(content);
    BOOST_REQUIRE(!read_back);
    BOOST_TEST((read_back.error().verdict == Verdict::close));
}

/// Encodes, compares with the bytes of the table, decodes and hands back.
template <class T>
T round_trip(const T& content, const Writer& expected) {
    const auto encoded = encode(content);
    BOOST_REQUIRE(encoded.has_value());
    BOOST_TEST(*encoded == padded(expected.bytes()), boost::test_tools::per_element());
    const auto decoded = decode(*encoded);
    BOOST_REQUIRE(decoded.has_value());
    BOOST_REQUIRE(std::holds_alternative<T>(*decoded));
    return std::get<T>(*decoded);
}

FileOffer offer(std::string name, std::uint64_t size = 5) {
    return FileOffer{kFile, size, Digest{7}, std::move(name)};
}

Writer offer_body(std::string_view name, std::uint64_t size = 5) {
    return body(Kind::file_offer).raw(kFile).u64(size).raw(Digest{7}).lp(name);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(content)

BOOST_AUTO_TEST_CASE(padding_is_the_smallest_that_fits) {
    struct Row {
        std::size_t content, padded;
    };
    for (const Row row : {Row{1, 256}, Row{254, 256}, Row{255, 256}, Row{256, 512}, Row{511, 512},
                          Row{4'094, 4'096}, Row{4'095, 4'096}, Row{4'096, 8'192},
                          Row{8'191, 8'192}, Row{8'192, 12'288}, Row{16'409, 20'480}}) {
        Bytes bytes(row.content, 0x80);
        pad(bytes);
        BOOST_TEST(bytes.size() == row.padded);
        const auto length = unpadded_length(bytes);
        BOOST_REQUIRE(length.has_value());
        BOOST_TEST(*length == row.content);
    }
}

BOOST_AUTO_TEST_CASE(a_rekey_or_rekeyed_with_another_padding_closes) {
    for (const Content& content : {Content(Rekey{}), Content(Rekeyed{})}) {
        Bytes bytes = encode(content).value();
        BOOST_TEST(decode(bytes).has_value());
        bytes.resize(bytes.size() + 256, 0);
        BOOST_TEST((decode(bytes).error().verdict == Verdict::close));
    }
}

BOOST_AUTO_TEST_CASE(any_other_padding_is_dropped) {
    const auto refused = [](std::size_t content, std::size_t size) {
        Bytes bytes(content, 1);
        bytes.push_back(0x80);
        bytes.resize(size, 0);
        return !unpadded_length(bytes) && !decode(bytes);
    };
    BOOST_TEST(refused(10, 512));       // more than the smallest
    BOOST_TEST(refused(10, 4'096));     // the larger step for a small content
    BOOST_TEST(refused(5'000, 5'120));  // the smaller step for a large content
    BOOST_TEST(refused(10, 255));       // not a multiple
    BOOST_TEST(refused(10, 11));        // none at all
    BOOST_TEST(refused(4'096, 4'352));  // just past the smaller step
    BOOST_TEST(!unpadded_length(Bytes(256, 0)).has_value());  // no end mark
    BOOST_TEST(!unpadded_length(Bytes(256, 1)).has_value());
    BOOST_TEST(!unpadded_length(Bytes()).has_value());
    Bytes stray = padded(Bytes{3, 1});
    stray.back() = 1;
    BOOST_TEST(!unpadded_length(stray).has_value());
}

BOOST_AUTO_TEST_CASE(no_content_and_unknown_kinds_are_dropped) {
    dropped(Writer());
    const std::string known("\x01\x02\x03\x10\x11\x1f\x20\x21\x22\x23\x24");
    for (unsigned kind = 0; kind < 256; ++kind) {
        if (known.find(static_cast<char>(kind)) == std::string::npos) {
            dropped(Writer().u8(static_cast<std::uint8_t>(kind)).raw(Bytes(40, 1)));
        }
    }
}

BOOST_AUTO_TEST_CASE(a_text_comes_back_as_it_went) {
    const Text text = round_trip(Text{kId, sotto::base::WallTime(77), "grüß dich", true},
                                 body(Kind::text).raw(kId).u64(77).raw(view("grüß dich")));
    BOOST_TEST(text.id == kId, boost::test_tools::per_element());
    BOOST_TEST(text.time.ms() == 77U);
    BOOST_TEST(text.utf8 == "grüß dich");
    BOOST_TEST(text.readable);
    BOOST_TEST(
        encode(Text{kId, sotto::base::WallTime(0), std::string(16 * 1024, 'x'), true}).has_value());
}

BOOST_AUTO_TEST_CASE(a_text_that_cannot_be_shown_is_unreadable_but_keeps_its_id) {
    const std::vector<std::string> bodies{"",
                                          std::string(16 * 1024 + 1, 'x'),
                                          "\xff",
                                          "a\xc3",
                                          "\xc0\xaf",
                                          "\xe0\x80\xaf",
                                          "\xed\xa0\x80",
                                          "\xf4\x90\x80\x80",
                                          "\xf8\x88\x80\x80\x80",
                                          "\x80"};
    for (const std::string& utf8 : bodies) {
        const auto decoded = read(body(Kind::text).raw(kId).u64(1).raw(view(utf8)));
        BOOST_REQUIRE(decoded.has_value());
        const auto& text = std::get<Text>(*decoded);
        BOOST_TEST(!text.readable);
        BOOST_TEST(text.utf8.empty());
        BOOST_TEST(text.id == kId, boost::test_tools::per_element());
        BOOST_TEST(!encode(Text{kId, sotto::base::WallTime(1), utf8, true}).has_value());
    }
}

BOOST_AUTO_TEST_CASE(a_text_too_short_for_its_id_and_time_is_dropped) {
    for (std::size_t size = 0; size < 24; ++size) {
        dropped(body(Kind::text).raw(Bytes(size, 1)));
    }
}

BOOST_AUTO_TEST_CASE(received_holds_0_to_1024_whole_ids) {
    BOOST_TEST(round_trip(Received{}, body(Kind::received)).ids.empty());
    Received full{std::vector<MessageId>(1'024, kId)};
    Writer bytes = body(Kind::received);
    for (const MessageId& id : full.ids) {
        bytes.raw(id);
    }
    BOOST_TEST(round_trip(full, bytes).ids.size() == 1'024U);
    dropped(bytes.raw(kId));
    full.ids.push_back(kId);
    BOOST_TEST(!encode(full).has_value());
    dropped(body(Kind::received).raw(Bytes(15)));
    dropped(body(Kind::received).raw(Bytes(17)));
}

BOOST_AUTO_TEST_CASE(typing_is_0_or_1) {
    BOOST_TEST(round_trip(Typing{true}, body(Kind::typing).u8(1)).on);
    BOOST_TEST(!round_trip(Typing{false}, body(Kind::typing).u8(0)).on);
    dropped(body(Kind::typing));
    dropped(body(Kind::typing).u8(2));
    dropped(body(Kind::typing).u8(1).u8(0).u8(1));
}

BOOST_AUTO_TEST_CASE(rekey_and_rekeyed_carry_a_whole_kem_field_or_none) {
    const EphemeralKey key{9};
    const Signature signature{8};
    const auto bytes = [&](Kind kind, const Bytes& kem) {
        return body(kind).raw(key).lp(kem).raw(signature);
    };
    for (const std::size_t size : {std::size_t{0}, kKemPublicKeySize}) {
        const Bytes kem(size, 5);
        const Rekey rekey = round_trip(Rekey{key, kem, signature}, bytes(Kind::rekey, kem));
        BOOST_TEST((rekey.ephemeral == key && rekey.kem_ek == kem));
        BOOST_TEST((rekey.signature == signature));
    }
    for (const std::size_t size : {std::size_t{0}, kKemCiphertextSize}) {
        const Bytes kem(size, 5);
        const Rekeyed answer = round_trip(Rekeyed{key, kem, signature}, bytes(Kind::rekeyed, kem));
        BOOST_TEST((answer.ephemeral == key && answer.kem_ct == kem));
        BOOST_TEST((answer.signature == signature));
    }
}

BOOST_AUTO_TEST_CASE(a_malformed_rekey_or_rekeyed_closes_the_session) {
    for (const Kind kind : {Kind::rekey, Kind::rekeyed}) {
        closes(body(kind));
        closes(body(kind).raw(Bytes(32)).lp(Bytes(1)).raw(Bytes(64)));
        closes(body(kind).raw(Bytes(32)).lp(Bytes()).raw(Bytes(63)));
        closes(body(kind).raw(Bytes(32)).lp(Bytes()).raw(Bytes(65)));
        closes(body(kind).raw(Bytes(32)).u32(0xffffffff).raw(Bytes(64)));
        // The other one's length.
        const bool asks = kind == Kind::rekey;
        closes(body(kind)
                   .raw(Bytes(32))
                   .lp(Bytes(asks ? kKemCiphertextSize : kKemPublicKeySize))
                   .raw(Bytes(64)));
    }
    BOOST_TEST(!encode(Rekey{{}, Bytes(1), {}}).has_value());
    BOOST_TEST(!encode(Rekeyed{{}, Bytes(kKemPublicKeySize), {}}).has_value());
}

BOOST_AUTO_TEST_CASE(terminate_tells_counts_and_a_reason_and_unknown_ones_read_as_0) {
    const auto bytes = [](std::uint8_t reason) {
        return body(Kind::terminate).u64(3).u64(4).u8(reason);
    };
    const Terminate back = round_trip(Terminate{3, 4, Reason::declined_or_blocked}, bytes(2));
    BOOST_TEST(back.sent == 3U);
    BOOST_TEST(back.received == 4U);
    BOOST_TEST((back.reason == Reason::declined_or_blocked));
    BOOST_TEST((std::get<Terminate>(*read(bytes(1))).reason == Reason::closing));
    for (const std::uint8_t reason : Bytes{0, 3, 255}) {
        BOOST_TEST((std::get<Terminate>(*read(bytes(reason))).reason == Reason::person));
    }
    dropped(body(Kind::terminate).u64(3).u64(4));
    dropped(bytes(0).u8(1));
}

BOOST_AUTO_TEST_CASE(a_file_offer_has_a_plain_name_and_a_size_of_at_most_2_to_the_53) {
    for (const std::string& name : {std::string("a"), std::string("..."), std::string("né .txt"),
                                    std::string(255, 'x'), std::string("\xc2\xa0")}) {
        const FileOffer back = round_trip(offer(name), offer_body(name));
        BOOST_TEST(back.name == name);
        BOOST_TEST((back.id == kFile && back.sha256 == Digest{7}));
    }
    for (const std::string& name :
         {std::string(), std::string("."), std::string(".."), std::string("a/b"),
          std::string("a\\b"), std::string("a\0b", 3), std::string("a\nb"), std::string("\x7f"),
          std::string("\x1b[2J"), std::string("\xc2\x9b"), std::string("\xc2\x80"),
          std::string("\xff"), std::string(256, 'x')}) {
        dropped(offer_body(name));
        BOOST_TEST(!encode(offer(name)).has_value());
    }
    constexpr std::uint64_t largest = 1ULL << 53U;
    BOOST_TEST(round_trip(offer("a", largest), offer_body("a", largest)).size == largest);
    dropped(offer_body("a", largest + 1));
    BOOST_TEST(!encode(offer("a", largest + 1)).has_value());
    dropped(offer_body("a").u8(0).u8(1));
}

BOOST_AUTO_TEST_CASE(accept_and_progress_are_an_id_and_an_offset) {
    const FileAccept accept =
        round_trip(FileAccept{kFile, 6}, body(Kind::file_accept).raw(kFile).u64(6));
    BOOST_TEST((accept.id == kFile && accept.offset == 6));
    const FileProgress progress =
        round_trip(FileProgress{kFile, 6}, body(Kind::file_progress).raw(kFile).u64(6));
    BOOST_TEST((progress.id == kFile && progress.offset == 6));
    for (const Kind kind : {Kind::file_accept, Kind::file_progress}) {
        dropped(body(kind).raw(Bytes(23, 1)));
        dropped(body(kind).raw(Bytes(25, 1)));
    }
}

BOOST_AUTO_TEST_CASE(file_data_is_1_to_32742_bytes) {
    for (const std::size_t size : {std::size_t{1}, std::size_t{32'742}}) {
        const Bytes data(size, 0x80);
        const FileData back =
            round_trip(FileData{kFile, 6, data}, body(Kind::file_data).raw(kFile).u64(6).raw(data));
        BOOST_TEST((back.id == kFile && back.offset == 6 && back.data == data));
    }
    dropped(body(Kind::file_data).raw(kFile).u64(6));
    dropped(body(Kind::file_data).raw(kFile).u64(6).raw(Bytes(32'743, 1)));
    BOOST_TEST(!encode(FileData{kFile, 6, {}}).has_value());
    BOOST_TEST(!encode(FileData{kFile, 6, Bytes(32'743)}).has_value());
}

BOOST_AUTO_TEST_CASE(file_cancel_is_an_id_and_a_reason) {
    const FileCancel back =
        round_trip(FileCancel{kFile, Reason::closing}, body(Kind::file_cancel).raw(kFile).u8(1));
    BOOST_TEST((back.id == kFile && back.reason == Reason::closing));
    dropped(body(Kind::file_cancel).raw(kFile));
    dropped(body(Kind::file_cancel).raw(kFile).u8(1).u8(1));
}

BOOST_AUTO_TEST_SUITE_END()
