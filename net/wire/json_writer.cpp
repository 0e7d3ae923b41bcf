#include "net/wire/json_writer.h"

#include "crypto/base/hex.h"

namespace sotto::wire {

void JsonWriter::begin(std::string_view key) {
    out_ += out_.empty() ? '{' : ',';
    out_ += '"';
    out_ += key;
    out_ += "\":";
}

void JsonWriter::quoted(std::string_view value) {
    out_ += '"';
    for (const char c : value) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out_ += '\\';
            out_ += c;
        } else if (byte < 0x20) {
            out_ += "\\u00";
            base::append_hex(out_, byte);
        } else {
            out_ += c;
        }
    }
    out_ += '"';
}

JsonWriter& JsonWriter::texts(std::string_view key, const std::vector<std::string>& values) {
    begin(key);
    char separator = '[';
    for (const std::string& value : values) {
        out_ += separator;
        quoted(value);
        separator = ',';
    }
    out_ += values.empty() ? "[]" : "]";
    return *this;
}

JsonWriter& JsonWriter::numbers(std::string_view key, const std::vector<std::int64_t>& values) {
    begin(key);
    char separator = '[';
    for (const std::int64_t value : values) {
        out_ += separator;
        out_ += std::to_string(value);
        separator = ',';
    }
    out_ += values.empty() ? "[]" : "]";
    return *this;
}

}  // namespace sotto::wire
