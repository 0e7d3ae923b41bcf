#pragma once

#include "crypto/base/enum_table.h"

#include <string_view>

namespace sotto::client {

/// Why a command was refused, for programs: what event::Refused::why says to a person.
enum class RefusalCode {
    bad_command,
    not_connected,
    already_connected,
    wrong_pin,
    bad_name,
    yourself,
    blocked,
    not_blocked,
    key_changed,
    key_not_changed,
    wrong_fingerprint,
    no_key,
    already_asked,
    already_open,
    no_request,
    answer_first,
    no_chat,
    empty_text,
    too_long,
    not_utf8,
    outbox_full,
    nothing_unsent,
    not_shown,
    wrong_digits,
    not_verified,
    lowest_suite,
    bad_link,
    link_without_key,
    link_for_other_relay,
    link_with_other_pin,
    link_with_other_key,
};

struct RefusalRow {
    RefusalCode key;
    std::string_view name;  ///< stable: programs compare it
    std::string_view meaning;
};

inline constexpr base::EnumTable<RefusalCode, RefusalRow> kRefusals({
    {RefusalCode::bad_command, "bad_command", "the face could not read the command"},
    {RefusalCode::not_connected, "not_connected", "there is no connection to the relay"},
    {RefusalCode::already_connected, "already_connected", "the connection stands already"},
    {RefusalCode::wrong_pin, "wrong_pin", "another pin of the relay was shown"},
    {RefusalCode::bad_name, "bad_name", "that is not a user name, or not the beginning of one"},
    {RefusalCode::yourself, "yourself", "that is the own user name"},
    {RefusalCode::blocked, "blocked", "the user is blocked"},
    {RefusalCode::not_blocked, "not_blocked", "the user is not blocked"},
    {RefusalCode::key_changed, "key_changed", "a key change of the user is not settled yet"},
    {RefusalCode::key_not_changed, "key_not_changed", "no key change of the user is known"},
    {RefusalCode::wrong_fingerprint, "wrong_fingerprint",
     "the fingerprint is neither the old key's nor the new key's"},
    {RefusalCode::no_key, "no_key", "no key of the user is pinned"},
    {RefusalCode::already_asked, "already_asked", "a request to the user is outstanding"},
    {RefusalCode::already_open, "already_open", "there is such a chat already"},
    {RefusalCode::no_request, "no_request", "no such request is pending"},
    {RefusalCode::answer_first, "answer_first", "a request of the user is pending"},
    {RefusalCode::no_chat, "no_chat", "there is no such chat"},
    {RefusalCode::empty_text, "empty_text", "the text is empty"},
    {RefusalCode::too_long, "too_long", "the text is longer than 16 KiB"},
    {RefusalCode::not_utf8, "not_utf8", "the text is not UTF-8"},
    {RefusalCode::outbox_full, "outbox_full", "too many texts wait for the peer"},
    {RefusalCode::nothing_unsent, "nothing_unsent", "no text waits for the peer"},
    {RefusalCode::not_shown, "not_shown", "no safety number of the pinned key was shown"},
    {RefusalCode::wrong_digits, "wrong_digits", "the digits are not those of the safety number"},
    {RefusalCode::not_verified, "not_verified", "the user is not verified"},
    {RefusalCode::lowest_suite, "lowest_suite", "no suite better than 1 is remembered"},
    {RefusalCode::bad_link, "bad_link", "that is not a contact link"},
    {RefusalCode::link_without_key, "link_without_key", "the link holds no key"},
    {RefusalCode::link_for_other_relay, "link_for_other_relay", "the link names another relay"},
    {RefusalCode::link_with_other_pin, "link_with_other_pin",
     "the link names another key of the relay"},
    {RefusalCode::link_with_other_key, "link_with_other_key",
     "the link holds another key than the pinned one"},
});

}  // namespace sotto::client
