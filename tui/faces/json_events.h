#pragma once

#include "crypto/base/time.h"
#include "tui/client/event.h"
#include "tui/faces/json_row.h"

#include <optional>
#include <string>
#include <vector>

namespace sotto::tui {

/// `event` as one line of JSON without its newline, for sotto-json(5). `now` is the
/// monotonic clock: a time in the future is written as milliseconds from now. `id`, as JSON, is
/// that of the command which the event answers.
[[nodiscard]] std::string to_json(const client::Event& event, base::MonotonicTime now,
                                  const std::optional<std::string>& id = {});

/// The first line: what speaks here, and for whom.
struct JsonReady {
    int version = 1;  ///< of these events and commands: raised when a program has to change
    std::string software;
    std::string user;
    std::string relay;  ///< host:port
};
[[nodiscard]] std::string to_json(const JsonReady& ready);

/// Every event with its fields, as the manual has them.
[[nodiscard]] std::vector<JsonShape> json_event_shapes();
/// Every word that a field with a fixed set of values may hold.
[[nodiscard]] std::vector<std::string_view> json_event_words();

}  // namespace sotto::tui
