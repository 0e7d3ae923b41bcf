#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sotto::net {

/// Follows what a TLS client says in the clear (RFC 8446 sections 4 and 5.1), ahead of
/// OpenSSL: that takes memory for a whole message once four bytes of it announce its length,
/// and believes in up to 128 KiB. An honest hello has 2 KiB with post-quantum keys. What
/// is encrypted passes: a second hello in the clear may still come behind it (8446, 4.2.10).
class HelloLimit {
  public:
    static constexpr std::size_t kMost = 16'384;

    /// Goes on with the next bytes; false: a message is announced that is longer.
    [[nodiscard]] bool holds(std::string_view bytes) {
        while (!bytes.empty()) {
            std::size_t used = 1;
            if (record_left_ == 0) {
                record_[record_at_++] = static_cast<std::uint8_t>(bytes.front());
                if (record_at_ == record_.size()) {
                    record_at_ = 0;
                    record_left_ = std::size_t{record_[3]} << 8U | record_[4];
                }
            } else if (record_[0] != kHandshake) {
                used = std::min(bytes.size(), record_left_);
                record_left_ -= used;
            } else if (message_left_ != 0) {
                used = std::min({bytes.size(), record_left_, message_left_});
                record_left_ -= used;
                message_left_ -= used;
            } else {
                message_[message_at_++] = static_cast<std::uint8_t>(bytes.front());
                --record_left_;
                if (message_at_ == message_.size()) {
                    message_at_ = 0;
                    message_left_ = std::size_t{message_[1]} << 16U |
                                    std::size_t{message_[2]} << 8U | message_[3];
                }
            }
            bytes.remove_prefix(used);
            if (message_left_ > kMost) {
                return false;
            }
        }
        return true;
    }

  private:
    static constexpr std::uint8_t kHandshake = 22;

    std::array<std::uint8_t, 5> record_{};   ///< head: type, version, length
    std::array<std::uint8_t, 4> message_{};  ///< head: type, length
    std::uint8_t record_at_ = 0;
    std::uint8_t message_at_ = 0;
    std::size_t record_left_ = 0;  ///< bytes of its body still to come
    std::size_t message_left_ = 0;
};

}  // namespace sotto::net
