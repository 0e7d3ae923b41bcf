#include "tui/client/words.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace sotto::client {

namespace {

using wire::ErrorCode;

constexpr std::array<std::pair<ErrorCode, std::string_view>, 7> kAboutUs{{
    {ErrorCode::replaced, "you signed in somewhere else with the same identity"},
    {ErrorCode::name_taken,
     "this name belongs to another key on this relay; bring back its key file, or start sotto "
     "OTHER@HOST"},
    {ErrorCode::bad_name, "the relay does not take this name"},
    {ErrorCode::bad_signature, "the relay did not accept the signature"},
    {ErrorCode::unsupported_version, "the relay speaks another version"},
    {ErrorCode::shutting_down, "the relay is stopping"},
    {ErrorCode::rate_limited, "the relay asks for patience; try again later"},
}};
constexpr std::string_view kName = "NAME";
constexpr std::array<std::pair<ErrorCode, std::string_view>, 3> kAboutPeer{{
    {ErrorCode::not_found, "nobody is registered as NAME"},
    {ErrorCode::offline, "NAME is not online"},
    {ErrorCode::busy, "NAME is too slow to take messages just now"},
}};

template <std::size_t N>
std::string_view look(const std::array<std::pair<ErrorCode, std::string_view>, N>& table,
                      ErrorCode code) {
    const auto at = std::find_if(table.begin(), table.end(),
                                 [&](const auto& row) { return row.first == code; });
    return at == table.end() ? std::string_view() : at->second;
}

}  // namespace

std::string sentence(const wire::ErrorMessage& error, const std::string& about) {
    if (!error.code) {
        return "the relay refused it for a reason that this version does not know";
    }
    if (const auto words = look(kAboutPeer, *error.code); !words.empty() && !about.empty()) {
        return std::string(words).replace(words.find(kName), kName.size(), about);
    }
    if (const auto words = look(kAboutUs, *error.code); !words.empty()) {
        return std::string(words);
    }
    const wire::ErrorRow& row = wire::row_of(*error.code);
    return "the relay says " + std::string(row.name) + ": " + std::string(row.meaning);
}

}  // namespace sotto::client
