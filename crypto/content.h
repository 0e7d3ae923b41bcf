#pragma once

#include "crypto/base/time.h"
#include "crypto/bytes.h"
#include "crypto/error.h"

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

/// What stands inside a record (section 6): `u8 kind || body`, padded.
namespace sotto::crypto {

/// Kind bytes of the table in section 6.
enum class Kind : std::uint8_t {
    text = 0x01,
    received = 0x02,
    typing = 0x03,
    rekey = 0x10,
    rekeyed = 0x11,
    terminate = 0x1f,
    file_offer = 0x20,
    file_accept = 0x21,
    file_data = 0x22,
    file_progress = 0x23,
    file_cancel = 0x24,
};

/// A text. `readable` is false for one whose body has 24 bytes or more but whose
/// rest is empty, over 16 KiB or not UTF-8: it is acknowledged and shown as
/// "unreadable message" (sections 6 and 9); `utf8` is then empty.
struct Text {
    MessageId id{};
    base::WallTime time;  ///< the sender's clock
    std::string utf8;
    bool readable = true;
};
struct Received {
    std::vector<MessageId> ids;  ///< 0 to 1,024
};
struct Typing {
    bool on = false;
};
struct Rekey {
    EphemeralKey ephemeral{};
    Bytes kem_ek;
    Signature signature{};
};
struct Rekeyed {
    EphemeralKey ephemeral{};
    Bytes kem_ct;
    Signature signature{};
};
enum class Reason : std::uint8_t { person = 0, closing = 1, declined_or_blocked = 2 };
struct Terminate {
    std::uint64_t sent = 0;
    std::uint64_t received = 0;
    Reason reason = Reason::person;
};
struct FileOffer {
    FileId id{};
    std::uint64_t size = 0;
    Digest sha256{};
    std::string name;
};
struct FileAccept {
    FileId id{};
    std::uint64_t offset = 0;
};
struct FileData {
    FileId id{};
    std::uint64_t offset = 0;
    Bytes data;  ///< 1 to 32,742 bytes
};
struct FileProgress {
    FileId id{};
    std::uint64_t offset = 0;
};
struct FileCancel {
    FileId id{};
    Reason reason = Reason::person;
};

using Content = std::variant<Text, Received, Typing, Rekey, Rekeyed, Terminate, FileOffer,
                             FileAccept, FileData, FileProgress, FileCancel>;

[[nodiscard]] Kind kind_of(const Content& content);

/// Content as padded plaintext of a record. Fails (drop) for what the table does
/// not allow, so that nothing malformed can be sent.
[[nodiscard]] Expected<Bytes> encode(const Content& content);

/// Reads an opened record's padded plaintext. An error means: the counter has
/// advanced, the content is dropped; its verdict is `close` for a malformed rekey or rekeyed.
[[nodiscard]] Expected<Content> decode(ByteView padded);

/// Appends 0x80 and zeros up to the next multiple of 256 (or 4,096) bytes.
void pad(Bytes& content);
/// Length of the content inside `padded`, or an error for any padding but the smallest.
[[nodiscard]] Expected<std::size_t> unpadded_length(ByteView padded);

}  // namespace sotto::crypto
