// Sections 1 and 2: the link, hello and register.
#include "crypto/transcript.h"
#include "tui/client/core.h"
#include "tui/client/words.h"

#include <algorithm>
#include <set>
#include <utility>

namespace sotto::client {

namespace {

using std::chrono::seconds;

constexpr Time kFirstBackoff = seconds(1);  // less up to half of it: from 0.5 s (section 9)
constexpr Time kLastBackoff = seconds(30);
constexpr Time kRegisterBy = seconds(wire::kRegisterSeconds);
constexpr std::int64_t kLongestPoll = 1'000'000'000;  // seconds: fits any clock in milliseconds
constexpr Time kSteady = seconds(10);  // a link that held so long starts the backoff anew

/// Codes after which coming back by itself would only repeat the refusal.
bool refuses_registration(std::optional<wire::ErrorCode> code) {
    using wire::ErrorCode;
    static const std::set<ErrorCode> codes{ErrorCode::name_taken, ErrorCode::bad_name,
                                           ErrorCode::bad_signature,
                                           ErrorCode::unsupported_version};
    return code && codes.count(*code) != 0;
}

}  // namespace

void Core::set_link(Link state, SafeText detail, std::optional<Time> retry_at) {
    link_ = state;
    out.event(event::LinkChanged{state, std::move(detail), options_.relay, retry_at});
}

Time Core::backoff(unsigned failures) {
    const Time full = std::min(kLastBackoff, kFirstBackoff * (1U << std::min(failures, 6U)));
    std::array<std::uint8_t, 1> byte{};
    random_.fill(byte);
    return full / 2 + full * byte[0] / 512;  // half to all of it: peers do not come back at once
}

void Core::open_link() {
    reconnect_at_.reset();
    away_.clear();
    link_cause_ = out.cause();
    set_link(Link::connecting);
    out.effect(effect::Open{});
}

/// Until the person says otherwise.
void Core::stay_away(const std::string& why, bool elsewhere) {
    wanted_ = false;
    reconnect_at_.reset();
    register_by_.reset();
    away_ = why;
    link_ = Link::refused;
    out.event(event::LinkChanged{link_, SafeText::from(why), options_.relay, {}, elsewhere});
}

void Core::run(const command::Connect& /*command*/) {
    wanted_ = true;
    if (link_ == Link::offline || link_ == Link::waiting || link_ == Link::refused) {
        open_link();
    } else if (connected()) {
        refuse(RefusalCode::already_connected, "you are connected already");
    } else {
        link_cause_ = out.cause();  // the attempt under way answers this one
    }
}

void Core::run(const command::Disconnect& /*command*/) {
    wanted_ = false;
    reconnect_at_.reset();
    if (link_ == Link::waiting || link_ == Link::refused) {
        set_link(Link::offline);
    } else if (link_ != Link::offline) {
        link_cause_ = out.cause();
        out.effect(effect::Close{1000, "bye"});
    }
}

void Core::run(const command::TrustRelay& command) {
    if (untrusted_pin_.empty() || command.pin_hex != untrusted_pin_) {
        refuse(RefusalCode::wrong_pin, "that is not the pin that was shown");
        return;
    }
    untrusted_pin_.clear();
    if (!command.agree) {
        stay_away("the relay's key was not agreed to");
        return;
    }
    wanted_ = true;
    out.effect(effect::StorePin{command.pin_hex});
    open_link();
}

void Core::run(const command::Quit& /*command*/) {
    if (std::exchange(finishing_, true)) {
        return;
    }
    wanted_ = false;
    for (auto& [user, chat] : chats_) {
        if (chat.consent && connected()) {
            end_by_us(chat, crypto::Reason::closing, SafeText::own("you closed the program"));
        }
    }
    out.effect(effect::Close{1000, "bye"});
    out.event(event::Finished{});
}

void Core::send(std::string type, const std::string& text) {
    if (options_.show_wire) {
        out.event(event::WireSeen{true, std::move(type), SafeText::from(text)});
    }
    out.effect(effect::Send{text});
}

void Core::link_up(const Client::LinkUp& link) {
    if (!wanted_ || link_ != Link::connecting) {
        out.effect(effect::Close{1000, "bye"});
        return;
    }
    const auto answering = out.answer(link_cause_);
    pin_ = link.pin;
    exporter_ = link.exporter;
    greeted_ = false;
    register_by_ = now.monotonic + kRegisterBy;
    set_link(Link::registering);
    send("hello", wire::encode(wire::ClientHello{{wire::kVersion}, options_.software}));
}

void Core::on(const wire::RelayHello& hello) {
    if (link_ != Link::registering || std::exchange(greeted_, true)) {
        drop();
        return;
    }
    if (hello.version != wire::kVersion) {
        stay_away("the relay speaks another version");
        out.effect(effect::Close{1008, "version"});
        return;
    }
    poll_every_ = seconds(std::clamp<std::int64_t>(hello.poll_seconds, 1, kLongestPoll));
    const crypto::Bytes terms = crypto::Writer()
                                    .lp(*pin_)
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
    if (link_ != Link::registering || !greeted_ || registered.user != options_.user) {
        drop();
        return;
    }
    register_by_.reset();
    connected_at_ = now.monotonic;
    link_cause_.reset();
    set_link(Link::connected);
    out.event(event::Registered{options_.user, crypto::fingerprint(identity_.public_key())});
    for (const auto& [user, contact] : book_.all()) {
        if (contact.changed_key) {
            tell_key_change(user);  // still unsettled: it cannot be missed
        }
    }
    users_version_ = 0;
    listing_anew_ = true;
    poll();
    for (auto& [user, chat] : chats_) {
        chat.failures = 0;
        initiate(chat);
    }
}

void Core::on(const wire::ErrorMessage& error) {
    const bool registering = link_ == Link::registering;
    if ((registering && refuses_registration(error.code)) ||
        error.code == wire::ErrorCode::replaced) {
        stay_away(sentence(error), error.code == wire::ErrorCode::replaced);
        return;
    }
    if (!connected()) {
        set_link(link_, SafeText::from(sentence(error)));
        return;
    }
    Conversation* chat = error.to ? find(*error.to) : nullptr;
    if (error.re == "get_pubkey" || error.re == "user_list") {
        refused_lookup(error);
    } else if (chat != nullptr && error.chat && error.re == "relay") {
        refused_relay(*chat, error);
    } else if (chat != nullptr && error.chat &&
               (error.re == "chat_request" || error.re == "chat_response")) {
        refused_request(*chat, error);
    } else if (error.re != "chat_terminate") {  // about that it changes nothing
        warn_of_others(Warnings::Kind::relay, "", sentence(error));
    }
}

void Core::message(std::string_view text) {
    if (finishing_) {
        return;
    }
    const auto answering = out.answer(connected() ? std::nullopt : link_cause_);
    auto message = wire::decode_from_relay(text);
    if (options_.show_wire) {
        const auto type = message ? wire::type_of(text).value_or("?") : std::string("?");
        out.event(event::WireSeen{false, type, SafeText::from(text)});
    }
    if (message) {
        // Before `ok` there is nothing but the answers to hello and register.
        const bool early = std::holds_alternative<wire::RelayHello>(*message) ||
                           std::holds_alternative<wire::Registered>(*message) ||
                           std::holds_alternative<wire::ErrorMessage>(*message);
        if (connected() || early) {
            std::visit([&](const auto& one) { on(one); }, *message);
        } else {
            drop();
        }
    } else if (message.error().verdict == wire::Verdict::close) {
        out.effect(effect::Close{1008, "not strict JSON"});
    } else {
        drop();
    }
}

void Core::link_down(const LinkLoss& loss) {
    const auto answering = out.answer(std::exchange(link_cause_, {}));
    table_.on_disconnected();
    poll_at_.reset();
    register_by_.reset();
    polling_.reset();
    polled_at_.reset();
    listed_as_of_.reset();
    searches_.clear();
    if (finishing_) {
        return;
    }
    for (auto& [user, chat] : chats_) {
        chat.tickets.clear();
        chat.retry_at.reset();
        chat.step1_by.reset();
        session_ended(chat);
        const bool asked = chat.own.has_value() || looking_up(user);
        chat.own.reset();  // outstanding until its sender's connection ends
        if (chat.consent) {
            changed(chat, ChatState::broken,
                    SafeText::from(away_.empty() ? "the connection to the relay broke" : away_));
        } else if (asked) {
            changed(chat, ChatState::none, SafeText::own("the connection ended; ask again"));
        }
    }
    asking_.clear();
    if (connected_at_ && now.monotonic - *connected_at_ >= kSteady) {
        link_failures_ = 0;
    }
    connected_at_.reset();
    if (loss.how == LinkLoss::How::untrusted) {
        untrusted_pin_ = loss.pin_hex;
        set_link(Link::refused, SafeText::own("the relay's key is not known yet"));
        out.event(event::RelayTrustNeeded{options_.relay, loss.pin_hex});
        return;
    }
    if (loss.how == LinkLoss::How::key_changed) {
        stay_away("the relay's key is not the one that was pinned");
        out.event(event::RelayKeyChanged{options_.relay, loss.stored_hex, loss.pin_hex});
        return;
    }
    if (link_ == Link::refused) {
        return;
    }
    const SafeText why = SafeText::from(loss.reason, SafeText::Lines::one, 200);
    if (!wanted_ || !options_.reconnect) {
        set_link(Link::offline, why);
        return;
    }
    reconnect_at_ = now.monotonic + backoff(link_failures_++);
    set_link(Link::waiting, why, reconnect_at_);
}

}  // namespace sotto::client
