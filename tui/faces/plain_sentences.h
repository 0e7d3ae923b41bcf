#pragma once

#include "tui/common/client_view.h"
#include "tui/common/link_news.h"

#include <string>
#include <vector>

namespace sotto::tui {

using Sentences = std::vector<std::string>;

/// What happens, as lines to read: each begins with what it is, `*` news, `!` trouble, `?` a
/// question, or with who said it.
class PlainSentences {
  public:
    /// `before`: the view before this event. Nothing for what is not worth a line.
    [[nodiscard]] Sentences of(const client::Event& event, const ClientView& before);

  private:
    LinkNews news_;
};

/// How the link is: `connected relay.example:7443`.
[[nodiscard]] std::string sentence_of(const client::event::LinkChanged& link);
[[nodiscard]] Sentences sentences_of(const client::event::KeyChanged& change);
/// A row of a list of users.
[[nodiscard]] std::string row_of(const client::event::UserEntry& user);

}  // namespace sotto::tui
