#include "tui/client/command.h"

#include "crypto/base/enum.h"

#include <string_view>
#include <utility>

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

// A constant for each: clang bounds the steps of one evaluation.
template <class T, std::size_t at>
constexpr bool kInPlace = same_words(type_name<T>(), base::enum_name(static_cast<CommandKind>(at)));

template <class... All, std::size_t... at>
constexpr bool in_order(const std::variant<All...>* /*commands*/,
                        std::index_sequence<at...> /*all*/) {
    return sizeof...(All) == base::enum_count<CommandKind> && (kInPlace<All, at> && ...);
}
static_assert(in_order(static_cast<const Command::What*>(nullptr),
                       std::make_index_sequence<std::variant_size_v<Command::What>>()),
              "CommandKind has the names of the commands, in their order");

}  // namespace

CommandKind Command::kind() const noexcept {
    return static_cast<CommandKind>(what.index());
}

}  // namespace sotto::client
