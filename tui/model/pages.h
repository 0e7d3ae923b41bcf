#pragma once

#include "tui/model/key_table.h"
#include "tui/model/overlay.h"
#include "tui/model/state.h"

#include <string>
#include <string_view>
#include <vector>

/// What the pages and banners say: pure functions of what is known.
namespace sotto::tui {

/// Commands and keys, from their tables; only rows that hold `word`, if one is given.
[[nodiscard]] Page help_page(std::string_view word);
/// All of it, from the keys of `where` on.
[[nodiscard]] Page help_page_at(Where where, const State& state);
[[nodiscard]] Page status_page(const State& state, const client::event::Status& status);
[[nodiscard]] Page contact_page(const client::event::Contact& contact, LocalTime local);
/// The contact's link as a QR code.
[[nodiscard]] Page link_page(const client::event::Contact& contact);
[[nodiscard]] Page blocked_page(const client::event::BlockedUsers& blocked);
[[nodiscard]] Page search_page(const client::event::SearchResult& result);
[[nodiscard]] Page request_page(const client::event::RequestArrived& request, LocalTime local);
[[nodiscard]] Page relay_key_page(const client::event::RelayKeyChanged& changed);
[[nodiscard]] Page wire_page(const std::deque<client::event::WireSeen>& wire);

/// What stands between a chat's title and its log: what the person has to know or do.
[[nodiscard]] std::vector<PageLine> banner(const State& state, const Chat& chat);

/// A relay's pin in two lines, which fit everywhere and are easily compared.
void add_pin(std::vector<PageLine>& lines, const std::string& before, const std::string& hex);
/// `digits` in groups of `size`, with spaces between.
[[nodiscard]] std::string grouped(std::string_view digits, std::size_t size);

}  // namespace sotto::tui
