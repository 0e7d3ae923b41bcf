#include "net/wire/strict_json.h"

#include "net/wire/json_cursor.h"

namespace sotto::wire {

Expected<void> check_strict_json(std::string_view text, std::size_t most_values) {
    JsonCursor cursor(text, most_values);
    cursor.skip_space();
    const bool object = cursor.object([&](const JsonString&) { return cursor.skip_value(1); });
    cursor.skip_space();
    if (!object || !cursor.at_end()) {
        return tl::unexpected(Error{Verdict::close, "not strict JSON with an object at the top"});
    }
    return {};
}

}  // namespace sotto::wire
