#include "test/sim/witness.h"

#include <algorithm>
#include <variant>

namespace sotto::sim {

namespace event = client::event;
namespace command = client::command;
using client::ChatState;
using client::Delivery;
using client::Trust;

namespace {

/// Throws unless `holds`.
void must(bool holds, const std::string& otherwise) {
    if (!holds) {
        throw Broken(otherwise);
    }
}

/// Between consent and its end.
bool is_agreed(ChatState state) {
    return state == ChatState::securing || state == ChatState::open || state == ChatState::broken;
}

}  // namespace

void Witness::adds(const std::string& user) {
    for (auto& [other, someone] : people_) {
        someone.sides[user];
        people_[user].sides[other];
    }
    people_[user];
}

Witness::Side& Witness::side(const std::string& user, const std::string& peer) {
    return people_.at(user).sides.at(peer);
}

const Witness::Side& Witness::side(const std::string& user, const std::string& peer) const {
    return people_.at(user).sides.at(peer);
}

const Witness::View& Witness::view(const std::string& user, const std::string& peer) const {
    return side(user, peer).view;
}

client::Link Witness::link(const std::string& user) const {
    return people_.at(user).link;
}

bool Witness::has_finished(const std::string& user) const {
    return people_.at(user).finished;
}

bool Witness::has_blocked(const std::string& user, const std::string& peer) const {
    return side(user, peer).blocks;
}

void Witness::starts(const std::string& user, bool contacts_are_whole) {
    Someone& someone = people_.at(user);
    ++someone.incarnation;
    someone.running = true;
    someone.finished = false;
    if (!contacts_are_whole) {
        for (auto& [peer, side] : someone.sides) {
            side.blocks = false;
            side.forgot = true;
        }
    }
}

void Witness::ends(const std::string& user) {
    Someone& someone = people_.at(user);
    someone.running = false;
    someone.link = client::Link::offline;
    for (auto& [peer, side] : someone.sides) {
        if (side.view.state == ChatState::open) {
            sometimes_.met(Moment::chat_lost_by_a_restart);
        }
        side.view = {};
        side.agreed = false;
        side.willing = false;
    }
}

void Witness::before(const std::string& user, const client::Command& command) {
    refusals_before_ = people_.at(user).refusals;
    if (const auto* say = std::get_if<command::SendText>(&command.what)) {
        saying_ = *say;
    } else if (const auto* ask = std::get_if<command::RequestChat>(&command.what)) {
        side(user, ask->chat.name()).willing = true;
        side(user, ask->chat.name()).has_asked = true;
    } else if (const auto* accept = std::get_if<command::AcceptRequest>(&command.what)) {
        side(user, accept->chat.name()).willing = true;
    } else if (const auto* confirm = std::get_if<command::ConfirmSafetyNumber>(&command.what)) {
        side(user, confirm->user).verified = true;
    }
}

void Witness::after(const std::string& user, const client::Command& command) {
    const bool refused = people_.at(user).refusals > refusals_before_;
    if (std::holds_alternative<command::SendText>(command.what)) {
        must(saying_.has_value() == refused,
             user + " has said something that was neither taken nor refused");
        saying_.reset();
    }
    if (refused) {
        return;
    }
    if (const auto* end = std::get_if<command::EndChat>(&command.what)) {
        side(user, end->chat.name()).willing = false;
    } else if (const auto* decline = std::get_if<command::DeclineRequest>(&command.what)) {
        Side& to = side(user, decline->chat.name());
        to.willing = to.willing && to.agreed;  // a chat that stands goes on
    } else if (const auto* cancel = std::get_if<command::CancelRequest>(&command.what)) {
        side(user, cancel->chat.name()).willing = false;
        sometimes_.met(Moment::request_cancelled);
    } else if (const auto* block = std::get_if<command::Block>(&command.what)) {
        side(user, block->user).willing = false;
        side(user, block->user).blocks = true;
    } else if (const auto* unblock = std::get_if<command::Unblock>(&command.what)) {
        side(user, unblock->user).blocks = false;
    }
}

void Witness::shows(const std::string& user, const client::Event& event) {
    Someone& someone = people_.at(user);
    if (const auto* link = std::get_if<event::LinkChanged>(&event.what)) {
        someone.link = link->state;
    } else if (const auto* added = std::get_if<event::MessageAdded>(&event.what)) {
        on(user, *added);
    } else if (const auto* delivery = std::get_if<event::DeliveryChanged>(&event.what)) {
        on(user, *delivery);
    } else if (const auto* chat = std::get_if<event::ChatChanged>(&event.what)) {
        on(user, *chat);
    } else if (const auto* asked = std::get_if<event::RequestArrived>(&event.what)) {
        on(user, *asked);
    } else if (const auto* gone = std::get_if<event::RequestGone>(&event.what)) {
        side(user, gone->chat.name()).view.asked = false;
    } else if (const auto* number = std::get_if<event::SafetyNumber>(&event.what)) {
        on(user, *number);
    } else if (const auto* users = std::get_if<event::UsersChanged>(&event.what)) {
        know(user, users->users);
    } else if (const auto* found = std::get_if<event::SearchResult>(&event.what)) {
        know(user, found->users);
        if (found->more) {
            sometimes_.met(Moment::search_answered_in_pages);
        }
    } else if (std::holds_alternative<event::Refused>(event.what)) {
        ++someone.refusals;
    } else if (std::holds_alternative<event::Finished>(event.what)) {
        someone.finished = true;
    } else if (const auto* typing = std::get_if<event::PeerTyping>(&event.what)) {
        must(side(user, typing->chat.name()).willing, user + " sees somebody type who has no chat");
        sometimes_.met(Moment::typing_shown);
    } else if (const auto* change = std::get_if<event::KeyChanged>(&event.what)) {
        throw Broken(user + " is told that the key of " + change->user + " has changed");
    } else if (std::holds_alternative<event::RelayKeyChanged>(event.what) ||
               std::holds_alternative<event::RelayTrustNeeded>(event.what)) {
        throw Broken(user + " is told that the relay's key has changed");
    }
}

void Witness::know(const std::string& user, const std::vector<event::UserEntry>& entries) {
    for (const event::UserEntry& entry : entries) {
        must(people_.count(entry.name) == 1, user + " is shown a user who does not exist");
    }
}

void Witness::on(const std::string& user, const event::MessageAdded& event) {
    if (!event.own) {
        heard(user, event);
        return;
    }
    must(saying_ && saying_->chat == event.chat && saying_->text == event.text.str(),
         user + " is shown an own text that was not said now");
    saying_.reset();
    Side& to = side(user, event.chat.name());
    must(to.by_id.emplace(event.id, to.said.size()).second, "an id was used twice");
    to.said.push_back({event.id, event.text.str(), people_.at(user).incarnation});
    ++to.view.waiting;
    if (event.text.str().size() > 8'000) {
        sometimes_.met(Moment::text_of_many_kilobytes);
    }
}

void Witness::heard(const std::string& user, const event::MessageAdded& event) {
    Side& from = side(event.chat.name(), user);
    const auto at = from.by_id.find(event.id);
    must(
        at != from.by_id.end() && event.readable && from.said[at->second].text == event.text.str(),
        user + " is shown a text that " + event.chat.name() + " has not said: " + event.text.str());
    must(side(user, event.chat.name()).willing,
         user + " is shown a text of " + event.chat.name() + " without a chat");
    std::size_t& next = from.heard[people_.at(user).incarnation];
    must(at->second >= next, user + " is shown a text of " + event.chat.name() +
                                 " twice or out of order: " + event.text.str());
    next = at->second + 1;
    Said& said = from.said[at->second];
    said.shown = true;
    if (said.delivery == Delivery::discarded) {
        sometimes_.met(Moment::text_discarded_and_shown);
    }
}

void Witness::on(const std::string& user, const event::DeliveryChanged& event) {
    Side& to = side(user, event.chat.name());
    const auto at = to.by_id.find(event.id);
    must(at != to.by_id.end(), user + " is told of a text that was not said");
    Said& said = to.said[at->second];
    must(said.by == people_.at(user).incarnation,
         user + " is told of a text of an earlier process");
    must(said.delivery != Delivery::delivered && said.delivery != Delivery::discarded,
         user + " is told more of a text that was settled: " + said.text);
    said.delivery = event.delivery;
    if (event.delivery == Delivery::delivered) {
        must(said.shown, user + " is told `delivered`, but nobody was shown " + said.text);
        sometimes_.met(Moment::text_delivered);
        if (said.waited) {
            sometimes_.met(Moment::text_waited_for_a_session);
        }
        if (said.sent_after_shown) {
            sometimes_.met(Moment::text_repeated_and_shown_once);
        }
    } else if (event.delivery == Delivery::waiting) {
        said.waited = true;
    } else if (event.delivery == Delivery::sent) {
        said.sent_after_shown = said.shown;
    }
    const bool settled =
        event.delivery == Delivery::delivered || event.delivery == Delivery::discarded;
    to.view.waiting -= settled ? 1 : 0;
}

void Witness::on(const std::string& user, const event::ChatChanged& event) {
    Side& side = this->side(user, event.chat.name());
    must(!is_agreed(event.state) || side.willing,
         user + " has a chat with " + event.chat.name() + " without having agreed to it");
    must(event.trust != Trust::verified || side.verified,
         user + " sees " + event.chat.name() + " as verified, and has not compared anything");
    if (event.state == ChatState::broken && side.view.state == ChatState::open) {
        sometimes_.met(Moment::session_lost);
    } else if (event.state == ChatState::open && side.view.state == ChatState::broken) {
        sometimes_.met(Moment::session_came_back);
    } else if (event.state == ChatState::declined) {
        sometimes_.met(Moment::request_declined);
    }
    if (event.epoch > side.view.epoch) {
        sometimes_.met(Moment::rekeyed);
    }
    side.agreed = event.state == ChatState::asked ? side.agreed : is_agreed(event.state);
    if (event.trust == Trust::verified && side.view.trust != Trust::verified) {
        sometimes_.met(Moment::verified);
    }
    side.forgot = side.forgot && event.trust == Trust::unknown;
    side.view.state = event.state;
    side.view.trust = event.trust;
    side.view.epoch = event.epoch;
}

void Witness::on(const std::string& user, const event::RequestArrived& event) {
    must(side(event.chat.name(), user).has_asked, user + " is asked by somebody who has not asked");
    must(!side(user, event.chat.name()).blocks, user + " is asked by somebody who is blocked");
    side(user, event.chat.name()).view.asked = true;
}

void Witness::on(const std::string& user, const event::SafetyNumber& event) {
    View& own = side(user, event.user).view;
    own.digits = event.digits;
    own.groups = event.asked;
    const std::string& theirs = side(event.user, user).view.digits;
    must(theirs.empty() || theirs == event.digits, "two people see different safety numbers");
}

void Witness::check_settled() const {
    for (const auto& [user, someone] : people_) {
        must(someone.link == client::Link::connected,
             user + " is not connected, long after all faults ended");
        for (const auto& [peer, side] : someone.sides) {
            check_pair(user, peer);
        }
    }
}

void Witness::check_pair(const std::string& one, const std::string& other) const {
    const Side& here = side(one, other);
    const Side& there = side(other, one);
    const ChatState state = here.view.state;
    if (there.forgot || there.blocks) {
        return;  // hears nothing of what the other sends, and does not say so
    }
    must(state != ChatState::securing && state != ChatState::broken,
         "the chat of " + one + " with " + other + " does not come back");
    if (state != ChatState::open) {
        return;
    }
    // A request that a hostile relay held back until the chat stood is shown before it.
    must(there.view.state == ChatState::open || there.view.state == ChatState::asked,
         one + " has an open chat with " + other + ", who has none");
    for (const Said& said : here.said) {
        const bool counts = said.by == people_.at(one).incarnation;
        must(
            !counts || said.delivery == Delivery::delivered || said.delivery == Delivery::discarded,
            one + " waits for ever for " + other + " to get " + said.text);
    }
}

}  // namespace sotto::sim
