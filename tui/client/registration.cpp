// Sections 1 to 3: the link, hello and register, the directory.
#include "crypto/transcript.h"
#include "net/wire/user_name.h"
#include "tui/client/core.h"

#include <algorithm>
#include <utility>

namespace sotto::client {

namespace {

constexpr Time kFirstBackoff = std::chrono::milliseconds(500);  // section 9
constexpr Time kLastBackoff = std::chrono::seconds(30);

/// Codes after which coming back by itself would only repeat the refusal.
bool is_final(std::optional<wire::ErrorCode> code) {
    using wire::ErrorCode;
    static const std::set<ErrorCode> final{ErrorCode::replaced, ErrorCode::name_taken,
                                           ErrorCode::bad_name, ErrorCode::bad_signature,
                                           ErrorCode::unsupported_version};
    return code && final.count(*code) != 0;
}

std::string sentence(const wire::ErrorMessage& error) {
    static const std::map<wire::ErrorCode, std::string> words{
        {wire::ErrorCode::replaced, "you signed in somewhere else with the same identity"},
        {wire::ErrorCode::name_taken, "this name belongs to another key on this relay"},
        {wire::ErrorCode::bad_name, "the relay does not take this name"},
        {wire::ErrorCode::bad_signature, "the relay did not accept the signature"},
        {wire::ErrorCode::unsupported_version, "the relay speaks another version"},
        {wire::ErrorCode::shutting_down, "the relay is stopping"},
    };
    const auto at = error.code ? words.find(*error.code) : words.end();
    return at != words.end() ? at->second : "the relay says: " + error.code_name;
}

}  // namespace

void Core::set_link(Link state, SafeText detail, std::optional<Time> retry_at) {
    link_ = state;
    events.emplace_back(event::LinkChanged{state, std::move(detail), options_.relay, retry_at});
}

Time Core::backoff(unsigned failures) {
    const Time full = std::min(kLastBackoff, kFirstBackoff * (1U << std::min(failures, 6U)));
    std::array<std::uint8_t, 1> byte{};
    random_.fill(byte);
    return full / 2 + full * byte[0] / 512;  // half to all of it: peers do not come back at once
}

void Core::open_link() {
    reconnect_at_.reset();
    set_link(Link::connecting);
    effects.emplace_back(effect::Open{});
}

void Core::run(const command::Connect& /*command*/) {
    wanted_ = true;
    if (link_ == Link::offline || link_ == Link::waiting || link_ == Link::refused) {
        open_link();
    }
}

void Core::run(const command::Disconnect& /*command*/) {
    wanted_ = false;
    reconnect_at_.reset();
    effects.emplace_back(effect::Close{1000, "bye"});
    if (link_ == Link::waiting || link_ == Link::refused) {
        set_link(Link::offline);
    }
}

void Core::run(const command::TrustRelay& command) {
    if (!command.agree) {
        set_link(Link::refused, SafeText::own("the relay's key was not agreed to"));
        return;
    }
    wanted_ = true;
    effects.emplace_back(effect::StorePin{command.pin_hex});
    open_link();
}

void Core::run(const command::Quit& /*command*/) {
    finishing_ = true;
    wanted_ = false;
    for (auto& [user, chat] : chats_) {
        if (chat.consent && connected()) {
            end_by_us(chat, crypto::Reason::closing, SafeText::own("you closed the program"));
        }
    }
    effects.emplace_back(effect::Close{1000, "bye"});
    events.emplace_back(event::Finished{});
}

void Core::send(std::string type, const std::string& text) {
    if (options_.show_wire) {
        events.emplace_back(event::WireSeen{true, std::move(type), SafeText::from(text)});
    }
    effects.emplace_back(effect::Send{text});
}

void Core::link_up(const Client::LinkUp& link) {
    pin_ = link.pin;
    exporter_ = link.exporter;
    set_link(Link::registering);
    send("hello", wire::encode(wire::ClientHello{{wire::kVersion}, options_.software}));
}

void Core::on(const wire::RelayHello& hello) {
    if (link_ != Link::registering) {
        return;
    }
    if (hello.version != wire::kVersion) {
        wanted_ = false;
        set_link(Link::refused, SafeText::own("the relay speaks another version"));
        effects.emplace_back(effect::Close{1008, "version"});
        return;
    }
    poll_every_ = std::chrono::seconds(std::min<std::int64_t>(hello.poll_seconds, 3'600));
    const crypto::Bytes terms = crypto::Writer()
                                    .lp(pin_)
                                    .lp(options_.user)
                                    .raw(identity_.public_key())
                                    .raw(hello.nonce)
                                    .raw(exporter_)
                                    .bytes();
    send(
        "register",
        wire::encode(wire::Register{
            {}, options_.user, identity_.public_key(), identity_.sign("sotto/1 register", terms)}));
}

void Core::on(const wire::Registered& registered) {
    if (link_ != Link::registering || registered.user != options_.user) {
        return;
    }
    link_failures_ = 0;
    set_link(Link::connected);
    events.emplace_back(
        event::Registered{options_.user, crypto::fingerprint(identity_.public_key())});
    users_version_ = 0;
    listing_anew_ = true;
    poll();
    for (auto& [user, chat] : chats_) {
        if (chat.consent) {
            chat.failures = 0;
            initiate(chat);
        }
    }
}

void Core::poll() {
    poll_at_ = now.monotonic + poll_every_;
    send_lookup("user_list", wire::GetUserList{{}, users_version_, {}});
}

void Core::run(const command::RefreshUsers& /*command*/) {
    if (!connected()) {
        refuse("users", "you are not connected");
        return;
    }
    poll();
}

void Core::run(const command::SearchUsers& command) {
    if (!connected() || !wire::is_user_name_prefix(command.prefix)) {
        refuse("users", connected() ? "that can't be the beginning of a user name"
                                    : "you are not connected");
        return;
    }
    send_lookup("user_list", wire::GetUserList{{}, 0, command.prefix});
    searches_[last_lookup_] = command.prefix;
}

void Core::on(const wire::UserList& list) {
    const auto entry = [&](const std::string& name, bool online) {
        return event::UserEntry{name, online, book_.trust_of(name), book_.blocked(name)};
    };
    std::vector<event::UserEntry> rows;
    for (const std::string& name : list.online) {
        rows.push_back(entry(name, true));
    }
    for (const std::string& name : list.offline) {
        rows.push_back(entry(name, false));
    }
    const auto search = list.id ? searches_.find(*list.id) : searches_.end();
    if (search != searches_.end()) {
        const std::string prefix = search->second;
        searches_.erase(search);
        events.emplace_back(event::SearchResult{prefix, std::move(rows), list.more});
        if (list.more) {
            send_lookup("user_list", wire::GetUserList{{}, list.version, prefix});
            searches_[last_lookup_] = prefix;
        }
        return;
    }
    const bool full = list.full || std::exchange(listing_anew_, false);
    if (full) {
        online_.clear();
    }
    users_version_ = list.version;
    for (const event::UserEntry& row : rows) {
        online_[row.name] = row.online;
        Conversation* chat = find(row.name);
        if (!row.online && chat != nullptr && chat->theirs) {
            chat->theirs.reset();  // a request ends with its sender's connection
            events.emplace_back(event::RequestGone{row.name, SafeText::own("went offline")});
            changed(*chat, chat->consent ? ChatState::broken : ChatState::none);
        }
    }
    if (full || !rows.empty()) {
        events.emplace_back(event::UsersChanged{full, std::move(rows)});
    }
    if (list.more) {
        poll();
    }
}

void Core::on(const wire::Pubkey& answer) {
    const auto at = answer.id ? asking_.find(*answer.id) : asking_.end();
    if (at == asking_.end() || at->second != answer.user) {
        return;
    }
    asking_.erase(at);
    ask(answer.user, answer.identity);
}

void Core::on(const wire::ErrorMessage& error) {
    if (is_final(error.code)) {
        wanted_ = false;
        set_link(Link::refused, SafeText::own(sentence(error)));
        return;
    }
    if (link_ != Link::connected) {
        set_link(link_, SafeText::own(sentence(error)));
        return;
    }
    if (error.re == "get_pubkey" && error.id && asking_.count(*error.id) != 0) {
        const std::string user = asking_[*error.id];
        asking_.erase(*error.id);
        changed(conversation(user), ChatState::none, SafeText::own("nobody has this name here"));
        notice(event::Notice::Level::warning, user,
               error.code == wire::ErrorCode::not_found ? "nobody is registered as " + user
                                                        : sentence(error));
        return;
    }
    Conversation* chat = error.to ? find(*error.to) : nullptr;
    if (chat != nullptr && error.chat) {
        if (error.re == "relay") {
            refused_relay(*chat, error);
        } else if (error.re == "chat_request" || error.re == "chat_response") {
            refused_request(*chat, error);
        }
        return;  // about a chat_terminate it changes nothing
    }
    notice(event::Notice::Level::warning, "", sentence(error));
}

void Core::message(std::string_view text) {
    auto message = wire::decode_from_relay(text);
    if (options_.show_wire) {
        const auto type = message ? wire::type_of(text).value_or("?") : std::string("?");
        events.emplace_back(event::WireSeen{false, type, SafeText::from(text)});
    }
    if (message) {
        std::visit([&](const auto& one) { on(one); }, *message);
    } else if (message.error().verdict == wire::Verdict::close) {
        effects.emplace_back(effect::Close{1008, "not strict JSON"});
    }
}

void Core::link_down(const LinkLoss& loss) {
    table_.on_disconnected();
    poll_at_.reset();
    asking_.clear();
    searches_.clear();
    for (auto& [user, chat] : chats_) {
        chat.tickets.clear();
        chat.retry_at.reset();
        chat.step1_by.reset();
        for (Unacknowledged& text : chat.outbox) {
            text.on_wire = false;
        }
        if (chat.own) {
            chat.own.reset();
            changed(chat, ChatState::none, SafeText::own("the connection ended; ask again"));
        }
        if (chat.consent) {
            changed(chat, ChatState::broken, SafeText::own("the connection to the relay broke"));
        }
    }
    if (loss.how == LinkLoss::How::untrusted) {
        set_link(Link::refused, SafeText::own("the relay's key is not known yet"));
        events.emplace_back(event::RelayTrustNeeded{options_.relay, loss.pin_hex});
        return;
    }
    if (loss.how == LinkLoss::How::key_changed) {
        wanted_ = false;
        set_link(Link::refused, SafeText::own("the relay's key is not the one that was pinned"));
        events.emplace_back(event::RelayKeyChanged{options_.relay, loss.stored_hex, loss.pin_hex});
        return;
    }
    if (link_ == Link::refused) {
        return;
    }
    const SafeText why = SafeText::from(loss.reason, SafeText::Lines::one, 200);
    if (!wanted_ || !options_.reconnect || finishing_) {
        set_link(Link::offline, why);
        return;
    }
    reconnect_at_ = now.monotonic + backoff(link_failures_++);
    set_link(Link::waiting, why, reconnect_at_);
}

}  // namespace sotto::client
