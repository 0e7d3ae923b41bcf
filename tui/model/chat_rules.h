#pragma once

#include "tui/model/context.h"

#include <string>

/// Rules of the chat pane: going from chat to chat, what is said there, reading, searching.
namespace sotto::tui {

/// Shows the chat at `place`, with what was being written there; nothing if there is none.
void go_to(Context& context, Chats::Place place);
/// /chat NAME, Enter on a user: shows the chat, or asks for one.
void select_chat(Context& context, const std::string& user);
/// Takes the chat off the screen; what it showed is gone.
void remove_chat(Context& context, Chats::Place place);
/// True for a chat on the screen that nothing comes of by itself.
[[nodiscard]] bool is_over(const State& state, const std::string& user);
/// Removes the chat with `user`, or asks first if messages wait in it.
void put_away(Context& context, const std::string& user);

/// Adds a line of the program itself to the log of `chat`.
void say(Context& context, Chat& chat, LogEntry::Kind kind, client::SafeText text);
/// Says it where the person looks: an answer to what was just typed.
void say_here(Context& context, LogEntry::Kind kind, const std::string& text);
/// The person sees what is added to this chat now.
[[nodiscard]] bool is_watched(const State& state, const Chat& chat);
/// The person is at work in the chat: what stands at its end was read.
void mark_seen(State& state);

/// Up if negative.
void scroll_chat(State& state, int rows);
void search_for(Context& context, const std::string& word);
/// The next hit: an older or a newer one.
void search_again(Context& context, bool older);

}  // namespace sotto::tui
