#pragma once

#include "tui/model/key.h"
#include "tui/model/overlay.h"

#include <map>
#include <string>
#include <vector>

/// What is asked: pure functions of what it is about.
namespace sotto::tui {

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
/// `undelivered`: how many messages each chat would not get.
[[nodiscard]] Question quit_question(const std::map<client::ChatKey, int>& undelivered);

}  // namespace sotto::tui
