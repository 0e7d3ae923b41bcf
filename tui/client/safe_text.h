#pragma once

#include "crypto/base/protocol_values.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace sotto::client {

/// Text that came from somebody else, made safe to show at one gate: the only form
/// in which a pane, title, notification, log or export takes it. Valid UTF-8, no
/// C0, C1, DEL, bidi controls, zero-width tricks or tag characters (each dropped or
/// made visible as U+FFFD), combining marks capped per cluster, and newlines only
/// where they are allowed.
class SafeText {
  public:
    enum class Lines { one, many };

    SafeText() = default;
    /// The gate. `max_bytes` cuts at a cluster boundary and marks the cut with an ellipsis.
    [[nodiscard]] static SafeText from(std::string_view hostile, Lines lines = Lines::one,
                                       std::size_t max_bytes = base::kMaxText);
    /// For text that the program itself wrote (a literal, digits, a checked user name).
    [[nodiscard]] static SafeText own(std::string text);

    [[nodiscard]] const std::string& str() const noexcept { return text_; }
    [[nodiscard]] bool empty() const noexcept { return text_.empty(); }
    friend bool operator==(const SafeText& a, const SafeText& b) { return a.text_ == b.text_; }
    friend bool operator!=(const SafeText& a, const SafeText& b) { return !(a == b); }

  private:
    explicit SafeText(std::string text) : text_(std::move(text)) {}
    std::string text_;
};

}  // namespace sotto::client
