#include "crypto/content.h"

#include "crypto/base/utf8.h"
#include "crypto/primitives.h"
#include "crypto/transcript.h"

#include <algorithm>
#include <cstring>

namespace sotto::crypto {

namespace {

constexpr std::size_t kMaxReceived = 1'024;
constexpr std::size_t kMaxFileData = 32'742;
constexpr std::size_t kMaxFileName = 255;
constexpr std::uint64_t kMaxFileSize = 1ULL << 53U;
constexpr std::size_t kTextHead = 16 + 8;
constexpr std::size_t kHead = 1 + kTextHead;  // of file data too

bool is_text(std::string_view utf8) {
    return !utf8.empty() && utf8.size() <= base::kMaxText && base::is_utf8(utf8);
}

bool is_file_name(std::string_view name) {
    const auto forbidden = [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte < 0x20 || byte == 0x7F || c == '/' || c == '\\';
    };
    // C1 controls are two bytes in UTF-8: 0xC2 0x80 to 0xC2 0x9F.
    const auto c1 = [&](std::size_t i) {
        return static_cast<unsigned char>(name[i]) == 0xC2 && i + 1 < name.size() &&
               static_cast<unsigned char>(name[i + 1]) < 0xA0;
    };
    if (name.empty() || name.size() > kMaxFileName || name == "." || name == ".." ||
        !base::is_utf8(name) || std::any_of(name.begin(), name.end(), forbidden)) {
        return false;
    }
    for (std::size_t i = 0; i < name.size(); ++i) {
        if (c1(i)) {
            return false;
        }
    }
    return true;
}

bool is_kem_field(const Bytes& field, std::size_t size) {
    return field.empty() || field.size() == size;
}

std::string to_string(ByteView bytes) {
    std::string out(bytes.size(), '\0');
    if (!bytes.empty()) {
        std::memcpy(out.data(), bytes.data(), bytes.size());
    }
    return out;
}

Reason reason_of(std::uint8_t byte) {
    return byte == 1 ? Reason::closing : byte == 2 ? Reason::declined_or_blocked : Reason::person;
}

/// One content's body: what may be sent, how it is written.
struct Encode {
    Writer& out;

    bool operator()(const Text& text) const {
        out.raw(text.id).u64(text.time.ms()).raw(view(text.utf8));
        return is_text(text.utf8);
    }
    bool operator()(const Received& received) const {
        for (const MessageId& id : received.ids) {
            out.raw(id);
        }
        return received.ids.size() <= kMaxReceived;
    }
    bool operator()(const Typing& typing) const {
        out.u8(typing.on ? 1 : 0);
        return true;
    }
    bool operator()(const Rekey& rekey) const {
        out.raw(rekey.ephemeral).lp(rekey.kem_ek).raw(rekey.signature);
        return is_kem_field(rekey.kem_ek, kKemPublicKeySize);
    }
    bool operator()(const Rekeyed& rekeyed) const {
        out.raw(rekeyed.ephemeral).lp(rekeyed.kem_ct).raw(rekeyed.signature);
        return is_kem_field(rekeyed.kem_ct, kKemCiphertextSize);
    }
    bool operator()(const Terminate& terminate) const {
        out.u64(terminate.sent).u64(terminate.received);
        out.u8(static_cast<std::uint8_t>(terminate.reason));
        return true;
    }
    bool operator()(const FileOffer& offer) const {
        out.raw(offer.id).u64(offer.size).raw(offer.sha256).lp(offer.name);
        return offer.size <= kMaxFileSize && is_file_name(offer.name);
    }
    bool operator()(const FileAccept& accept) const {
        out.raw(accept.id).u64(accept.offset);
        return true;
    }
    bool operator()(const FileData& data) const {
        out.raw(data.id).u64(data.offset).raw(data.data);
        return !data.data.empty() && data.data.size() <= kMaxFileData;
    }
    bool operator()(const FileProgress& progress) const {
        out.raw(progress.id).u64(progress.offset);
        return true;
    }
    bool operator()(const FileCancel& cancel) const {
        out.raw(cancel.id).u8(static_cast<std::uint8_t>(cancel.reason));
        return true;
    }
};

Expected<Content> malformed() {
    return drop("the record's body does not fit its kind");
}

Expected<Content> decode_text(Reader& in, std::size_t size) {
    if (size < kTextHead) {
        return malformed();
    }
    Text text;
    text.id = in.take<MessageId>();
    text.time = base::WallTime(in.u64());
    text.utf8 = to_string(in.rest());
    if (!is_text(text.utf8)) {
        text.readable = false;
        text.utf8.clear();
    }
    return text;
}

Expected<Content> decode_received(Reader& in, std::size_t size) {
    if (size % 16 != 0 || size / 16 > kMaxReceived) {
        return malformed();
    }
    Received received;
    for (std::size_t i = 0; i < size / 16; ++i) {
        received.ids.push_back(in.take<MessageId>());
    }
    return received;
}

Expected<Content> decode_typing(Reader& in, std::size_t /*size*/) {
    const std::uint8_t on = in.u8();
    if (on > 1) {
        return malformed();
    }
    return Typing{on == 1};
}

template <class T>
Expected<Content> decode_exchange(Reader& in, Bytes T::*field, std::size_t field_size) {
    T out;
    out.ephemeral = in.take<EphemeralKey>();
    const ByteView kem = in.lp();
    out.*field = to_bytes(kem);
    out.signature = in.take<Signature>();
    if (!in.done() || !is_kem_field(out.*field, field_size)) {
        return close("malformed rekey");
    }
    return out;
}

Expected<Content> decode_rekey(Reader& in, std::size_t /*size*/) {
    return decode_exchange<Rekey>(in, &Rekey::kem_ek, kKemPublicKeySize);
}

Expected<Content> decode_rekeyed(Reader& in, std::size_t /*size*/) {
    return decode_exchange<Rekeyed>(in, &Rekeyed::kem_ct, kKemCiphertextSize);
}

Expected<Content> decode_terminate(Reader& in, std::size_t /*size*/) {
    Terminate terminate;
    terminate.sent = in.u64();
    terminate.received = in.u64();
    terminate.reason = reason_of(in.u8());
    return terminate;
}

Expected<Content> decode_file_offer(Reader& in, std::size_t /*size*/) {
    FileOffer offer;
    offer.id = in.take<FileId>();
    offer.size = in.u64();
    offer.sha256 = in.take<Digest>();
    offer.name = to_string(in.lp());
    if (offer.size > kMaxFileSize || !is_file_name(offer.name)) {
        return malformed();
    }
    return offer;
}

Expected<Content> decode_file_accept(Reader& in, std::size_t /*size*/) {
    FileAccept accept;
    accept.id = in.take<FileId>();
    accept.offset = in.u64();
    return accept;
}

Expected<Content> decode_file_data(Reader& in, std::size_t /*size*/) {
    FileData data;
    data.id = in.take<FileId>();
    data.offset = in.u64();
    data.data = to_bytes(in.rest());
    if (data.data.empty() || data.data.size() > kMaxFileData) {
        return malformed();
    }
    return data;
}

Expected<Content> decode_file_progress(Reader& in, std::size_t /*size*/) {
    FileProgress progress;
    progress.id = in.take<FileId>();
    progress.offset = in.u64();
    return progress;
}

Expected<Content> decode_file_cancel(Reader& in, std::size_t /*size*/) {
    FileCancel cancel;
    cancel.id = in.take<FileId>();
    cancel.reason = reason_of(in.u8());
    return cancel;
}

struct Row {
    Kind kind;
    Expected<Content> (*decode)(Reader& in, std::size_t size);
};
constexpr std::array kRows{
    Row{Kind::text, decode_text},
    Row{Kind::received, decode_received},
    Row{Kind::typing, decode_typing},
    Row{Kind::rekey, decode_rekey},
    Row{Kind::rekeyed, decode_rekeyed},
    Row{Kind::terminate, decode_terminate},
    Row{Kind::file_offer, decode_file_offer},
    Row{Kind::file_accept, decode_file_accept},
    Row{Kind::file_data, decode_file_data},
    Row{Kind::file_progress, decode_file_progress},
    Row{Kind::file_cancel, decode_file_cancel},
};

std::size_t padded_size(std::size_t content) {
    const std::size_t step = content + 1 > 4'096 ? 4'096 : 256;
    return (content + 1 + step - 1) / step * step;
}

/// By its first byte: what is wrong with a rekey or rekeyed closes the session.
bool is_exchange(ByteView content) {
    return !content.empty() && (content[0] == static_cast<std::uint8_t>(Kind::rekey) ||
                                content[0] == static_cast<std::uint8_t>(Kind::rekeyed));
}

/// The part of a content that may be long: room is made for it once.
std::size_t variable_size(const Content& content) {
    if (const auto* text = std::get_if<Text>(&content)) {
        return text->utf8.size();
    }
    const auto* file = std::get_if<FileData>(&content);
    return file != nullptr ? file->data.size() : 0;
}

}  // namespace

Kind kind_of(const Content& content) {
    // The rows stand in the order of the variant.
    static_assert(std::variant_size_v<Content> == kRows.size());
    return kRows.at(content.index()).kind;
}

void pad(Bytes& content) {
    const std::size_t size = padded_size(content.size());
    content.push_back(0x80);
    content.resize(size, 0);
}

Expected<std::size_t> unpadded_length(ByteView padded) {
    const std::uint8_t* const begin = padded.data();
    std::size_t end = padded.size();
    while (end != 0 && begin[end - 1] == 0) {
        --end;
    }
    if (end == 0 || begin[end - 1] != 0x80) {
        return drop("no end mark in the padding");
    }
    if (padded_size(end - 1) != padded.size()) {
        return drop("wrong padded length");
    }
    return end - 1;
}

Expected<Bytes> encode(const Content& content) {
    Writer out(padded_size(kHead + variable_size(content)));
    out.u8(static_cast<std::uint8_t>(kind_of(content)));
    if (!std::visit(Encode{out}, content)) {
        return drop("this content is not allowed");
    }
    Bytes bytes = std::move(out).bytes();
    pad(bytes);
    return bytes;
}

Expected<Content> decode(ByteView padded) {
    const auto length = unpadded_length(padded);
    if (!length) {
        return is_exchange(padded) ? close("a rekey that is padded wrongly")
                                   : tl::unexpected<Error>(length.error());
    }
    if (*length == 0) {
        return drop("a record without content");
    }
    const auto row = std::find_if(kRows.begin(), kRows.end(), [&](const Row& candidate) {
        return static_cast<std::uint8_t>(candidate.kind) == padded[0];
    });
    if (row == kRows.end()) {
        return drop("a record of unknown kind");
    }
    Reader in(padded.subspan(1, *length - 1));
    Expected<Content> content = row->decode(in, *length - 1);
    if (content && !in.done()) {
        return malformed();
    }
    return content;
}

}  // namespace sotto::crypto
