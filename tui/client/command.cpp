#include "tui/client/command.h"

#include "crypto/base/enum.h"

#include <string_view>

namespace sotto::client {

namespace {

template <class T>
constexpr std::string_view type_name() {
    constexpr std::string_view mark = "T = ";
    std::string_view text = __PRETTY_FUNCTION__;
    text.remove_prefix(text.find(mark) + mark.size());
    text = text.substr(0, text.find_first_of(";]"));
    return text.substr(text.rfind(':') + 1);
}

/// `SendText` and `send_text`.
constexpr bool same_words(std::string_view type, std::string_view kind) {
    std::size_t at = 0;
    for (const char letter : type) {
        const bool capital = letter >= 'A' && letter <= 'Z';
        if (capital && at != 0 && (at >= kind.size() || kind[at++] != '_')) {
            return false;
        }
        const char lower = capital ? static_cast<char>(letter - 'A' + 'a') : letter;
        if (at >= kind.size() || kind[at++] != lower) {
            return false;
        }
    }
    return at == kind.size();
}

template <class... All>
constexpr bool in_order(const std::variant<All...>* /*commands*/) {
    std::size_t at = 0;
    return sizeof...(All) == base::enum_count<CommandKind> &&
           (same_words(type_name<All>(), base::enum_name(static_cast<CommandKind>(at++))) && ...);
}
static_assert(in_order(static_cast<const Command::What*>(nullptr)),
              "CommandKind has the names of the commands, in their order");

}  // namespace

CommandKind Command::kind() const noexcept {
    return static_cast<CommandKind>(what.index());
}

}  // namespace sotto::client
