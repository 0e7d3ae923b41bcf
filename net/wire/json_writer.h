#pragma once

#include "net/wire/base64.h"

#include <gsl/span>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sotto::wire {

/// Writes one compact JSON object, members in the order of the calls.
class JsonWriter {
  public:
    explicit JsonWriter(std::string_view type) { text("type", type); }

    JsonWriter& text(std::string_view key, std::string_view value) {
        begin(key);
        quoted(value);
        return *this;
    }
    JsonWriter& number(std::string_view key, std::int64_t value) {
        begin(key);
        out_ += std::to_string(value);
        return *this;
    }
    JsonWriter& boolean(std::string_view key, bool value) {
        begin(key);
        out_ += value ? "true" : "false";
        return *this;
    }
    JsonWriter& binary(std::string_view key, gsl::span<const std::uint8_t> bytes) {
        begin(key);
        out_ += '"';
        out_ += base64(bytes);
        out_ += '"';
        return *this;
    }
    JsonWriter& texts(std::string_view key, const std::vector<std::string>& values);
    JsonWriter& numbers(std::string_view key, const std::vector<std::int64_t>& values);
    /// An object as the value; `inner` was finished.
    JsonWriter& raw(std::string_view key, std::string_view inner) {
        begin(key);
        out_ += inner;
        return *this;
    }
    [[nodiscard]] std::string finish() && {
        out_ += '}';
        return std::move(out_);
    }

  private:
    void begin(std::string_view key);
    void quoted(std::string_view value);

    std::string out_;
};

}  // namespace sotto::wire
