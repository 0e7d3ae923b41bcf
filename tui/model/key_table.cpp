#include "tui/model/key_table.h"

#include "crypto/base/enum_table.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

namespace sotto::tui {

namespace {

constexpr base::EnumTable<Where, KeyPlace> kPlaces({
    {Where::everywhere, "Everywhere", keys_everywhere},
    {Where::input, "The input line", keys_of_input},
    {Where::chat, "The chat", keys_of_chat},
    {Where::pane, "The chat pane (F4)", keys_of_pane},
    {Where::lists, "Lists", keys_of_lists},
    {Where::users, "Users (F2)", keys_of_users},
    {Where::requests, "Requests (F3)", keys_of_requests},
    {Where::page, "Pages", keys_of_page},
    {Where::question, "Questions", keys_of_question},
    {Where::prompt, "Filter and search", keys_of_prompt},
});

/// Where a key is looked for with a focus, the nearest first.
struct Search {
    Focus key;
    std::array<Where, 3> places;
};
constexpr base::EnumTable<Focus, Search> kSearches({
    {Focus::input, {Where::input, Where::chat, Where::everywhere}},
    {Focus::users, {Where::users, Where::lists, Where::everywhere}},
    {Focus::requests, {Where::requests, Where::lists, Where::everywhere}},
    {Focus::chat, {Where::pane, Where::chat, Where::everywhere}},
});

using Index = std::map<std::pair<Where, std::string_view>, const KeyRow*>;

void add(Index& index, const KeyPlace& place) {
    for (const KeyRow& row : place.rows()) {
        for (std::string_view rest = row.keys; !rest.empty();) {
            const std::string_view name = rest.substr(0, rest.find(','));
            index.emplace(std::pair(place.key, name), &row);
            rest.remove_prefix(std::min(name.size() + 1, rest.size()));
        }
    }
}

const Index& index() {
    static const Index made = [] {
        Index out;
        for (const KeyPlace& place : kPlaces) {
            add(out, place);
        }
        return out;
    }();
    return made;
}

}  // namespace

gsl::span<const KeyPlace> key_places() noexcept {
    return {kPlaces.begin(), kPlaces.size()};
}

std::string_view title_of(Where where) {
    return kPlaces[where].title;
}

const KeyRow* find_key(Where where, std::string_view name) {
    const auto at = index().find({where, name});
    return at == index().end() ? nullptr : at->second;
}

const KeyRow* find_key(Focus focus, std::string_view name) {
    for (const Where where : kSearches[focus].places) {
        if (const KeyRow* row = find_key(where, name)) {
            return row;
        }
    }
    return nullptr;
}

bool begins_chord(std::string_view name) {
    return name == "C-x";
}

}  // namespace sotto::tui
