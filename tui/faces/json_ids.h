#pragma once

#include "tui/client/command.h"
#include "tui/client/event.h"
#include "tui/common/command_ids.h"
#include "tui/faces/json_object.h"

#include <tl/expected.hpp>

#include <cstddef>
#include <map>
#include <optional>
#include <string>

namespace sotto::tui {

/// The ids that a program gave its commands, by those that the client knows them by.
class JsonIds {
  public:
    static constexpr std::size_t kMaxBytes = 64;        ///< of an id that is a string
    static constexpr std::size_t kRemembered = 10'000;  ///< the newest

    /// A name of its own for a command; `id` as JSON, if the program gave one.
    [[nodiscard]] client::CommandId add(std::optional<std::string> id);
    /// What the program called the command that brought `event` about; nothing if it gave no
    /// id, or that was long ago. What becomes of a text belongs to the command that sent it.
    [[nodiscard]] std::optional<std::string> of(const client::Event& event);

  private:
    CommandIds<std::string> ids_{kRemembered};
    std::map<client::MessageKey, std::string> texts_;  ///< that are under way
};

/// Takes the member `id` out of a command, as JSON to write; an error is a sentence.
[[nodiscard]] tl::expected<std::optional<std::string>, std::string> take_id(JsonObject& command);

}  // namespace sotto::tui
