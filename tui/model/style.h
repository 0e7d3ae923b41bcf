#pragma once

/// What a piece of text is, not how it looks: the screen gives each a colour, and each
/// can be told without colours too.
namespace sotto::tui {

enum class Style {
    normal,
    dim,
    bold,
    title,     ///< bar above a pane; the status line
    focused,   ///< bar above the pane that has the focus
    selected,  ///< the selected row of the list that has the focus
    marked,    ///< the selected row of a list that has not; a search hit
    own,       ///< the name of this side
    peer,
    verified,
    unverified,
    alarm,  ///< KEY CHANGED and its banner
    error,
    notice,
    activity,  ///< unread messages, waiting requests
};

}  // namespace sotto::tui
