// JsonCpp also reads whatever passes the strict check, and sees the same keys.
#include "net/wire/json_cursor.h"
#include "net/wire/strict_json.h"
#include "test/fuzz/fuzz.h"
#include "test/wire/scan_oracle.h"

using namespace sotto::wire;
using sotto::fuzz::must;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = sotto::fuzz::text_of(data, size);
    if (!check_strict_json(text)) {
        return 0;
    }
    const auto object = test::json_cpp(text);
    must(object.has_value(), "strict JSON is JSON to JsonCpp");
    JsonCursor cursor(text);
    cursor.skip_space();
    std::size_t members = 0;
    const bool read = cursor.object([&](const JsonString& key) {
        const std::string name = value_of(key);
        const Json::Value* value = object->find(name.data(), name.data() + name.size());
        must(value != nullptr, "a key means the same to both");
        ++members;
        JsonString string;
        if (cursor.peek() != '"') {
            return cursor.skip_value(1);
        }
        const bool good = cursor.string(string);
        must(good && value->isString() && value->asString() == value_of(string),
             "a string means the same to both");
        return good;
    });
    must(read && members == object->size(), "both see the same members");
    return 0;
}
