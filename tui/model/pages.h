#pragma once

#include "tui/model/key.h"
#include "tui/model/overlay.h"
#include "tui/model/state.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

/// What the pages, questions and banners say: pure functions of what is known.
namespace sotto::tui {

/// Commands and keys, from their tables; only rows that hold `word`, if one is given.
[[nodiscard]] Page help_page(std::string_view word);
[[nodiscard]] Page status_page(const State& state, const client::event::Status& status);
[[nodiscard]] Page contact_page(const client::event::Contact& contact, LocalTime local);
/// The contact's link as a QR code.
[[nodiscard]] Page link_page(const client::event::Contact& contact);
[[nodiscard]] Page blocked_page(const client::event::BlockedUsers& blocked);
[[nodiscard]] Page search_page(const client::event::SearchResult& result);
[[nodiscard]] Page request_page(const client::event::RequestArrived& request, LocalTime local);
[[nodiscard]] Page relay_key_page(const client::event::RelayKeyChanged& changed);
[[nodiscard]] Page wire_page(const std::deque<client::event::WireSeen>& wire);

/// What is asked about, the question itself, and what was typed of an answer.
[[nodiscard]] std::vector<PageLine> lines_of(const Question& question);
/// The number, what to do with it, what was typed, and what came of that.
[[nodiscard]] std::vector<PageLine> lines_of(const Verification& verification);

[[nodiscard]] Question relay_question(const client::event::RelayTrustNeeded& needed);
[[nodiscard]] Question key_question(const client::event::KeyChanged& changed);
[[nodiscard]] Question block_question(const std::string& user, bool decline);
[[nodiscard]] Question paste_question(const Paste& paste);
/// `undelivered`: how many messages `user` would not get.
[[nodiscard]] Question close_question(const std::string& user, int undelivered);
/// `undelivered`: how many messages each person would not get.
[[nodiscard]] Question quit_question(const std::map<std::string, int>& undelivered);

/// What stands between a chat's title and its log: what the person has to know or do.
[[nodiscard]] std::vector<PageLine> banner(const State& state, const Chat& chat);

/// `digits` in groups of `size`, with spaces between.
[[nodiscard]] std::string grouped(std::string_view digits, std::size_t size);

}  // namespace sotto::tui
