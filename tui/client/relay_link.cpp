#include "tui/client/relay_link.h"

#include "crypto/transcript.h"
#include "tui/client/backoff.h"
#include "tui/client/deadline.h"
#include "tui/client/words.h"

#include <set>
#include <utility>

namespace sotto::client {

namespace {

using std::chrono::seconds;

constexpr std::chrono::milliseconds kRegisterBy = seconds(wire::kRegisterSeconds);
constexpr std::chrono::milliseconds kSteady =
    seconds(10);  // a link that held so long starts the backoff anew

/// Codes after which coming back by itself would only repeat the refusal.
bool refuses_registration(std::optional<wire::ErrorCode> code) {
    using wire::ErrorCode;
    static const std::set<ErrorCode> codes{ErrorCode::name_taken, ErrorCode::bad_name,
                                           ErrorCode::bad_signature,
                                           ErrorCode::unsupported_version};
    return code && codes.count(*code) != 0;
}

}  // namespace

void RelayLink::set(Link state, SafeText detail, std::optional<Time> retry_at) {
    state_ = state;
    env_.out.event(event::LinkChanged{state, std::move(detail), env_.options.relay, retry_at});
}

void RelayLink::open() {
    reconnect_at_.reset();
    away_.clear();
    cause_ = env_.out.cause();
    set(Link::connecting);
    env_.out.effect(effect::Open{});
}

/// Until the person says otherwise.
void RelayLink::stay_away(const std::string& why, bool elsewhere) {
    wanted_ = false;
    reconnect_at_.reset();
    register_by_.reset();
    away_ = why;
    state_ = Link::refused;
    env_.out.event(
        event::LinkChanged{state_, SafeText::from(why), env_.options.relay, {}, elsewhere});
}

void RelayLink::run(const command::Connect& /*command*/) {
    wanted_ = true;
    if (state_ == Link::offline || state_ == Link::waiting || state_ == Link::refused) {
        open();
    } else if (connected()) {
        env_.out.refuse(RefusalCode::already_connected, "you are connected already");
    } else {
        cause_ = env_.out.cause();  // the attempt under way answers this one
    }
}

void RelayLink::run(const command::Disconnect& /*command*/) {
    wanted_ = false;
    reconnect_at_.reset();
    if (state_ == Link::waiting || state_ == Link::refused) {
        set(Link::offline);
    } else if (state_ != Link::offline) {
        cause_ = env_.out.cause();
        env_.out.effect(effect::Close{1000, "bye"});
    }
}

void RelayLink::run(const command::TrustRelay& command) {
    if (untrusted_pin_.empty() || command.pin_hex != untrusted_pin_) {
        env_.out.refuse(RefusalCode::wrong_pin, "that is not the pin that was shown");
        return;
    }
    untrusted_pin_.clear();
    if (!command.agree) {
        stay_away("the relay's key was not agreed to");
        return;
    }
    wanted_ = true;
    env_.out.effect(effect::StorePin{command.pin_hex});
    open();
}

void RelayLink::leave() {
    wanted_ = false;
    reconnect_at_.reset();
    register_by_.reset();
    env_.out.effect(effect::Close{1000, "bye"});
}

void RelayLink::up(const Client::LinkUp& link) {
    if (!wanted_ || state_ != Link::connecting) {
        env_.out.effect(effect::Close{1000, "bye"});
        return;
    }
    const auto answering = env_.out.answer(cause_);
    pin_ = link.pin;
    exporter_ = link.exporter;
    greeted_ = false;
    register_by_ = env_.now.monotonic + kRegisterBy;
    set(Link::registering);
    env_.out.send("hello",
                  wire::encode(wire::ClientHello{{wire::kVersion}, env_.options.software}));
}

bool RelayLink::on(const wire::RelayHello& hello) {
    if (state_ != Link::registering || std::exchange(greeted_, true)) {
        env_.out.drop();
        return false;
    }
    if (hello.version != wire::kVersion) {
        stay_away("the relay speaks another version");
        env_.out.effect(effect::Close{1008, "version"});
        return false;
    }
    const crypto::Bytes terms = crypto::Writer()
                                    .lp(*pin_)
                                    .lp(env_.options.user)
                                    .raw(env_.identity.public_key())
                                    .raw(hello.nonce)
                                    .raw(exporter_)
                                    .bytes();
    env_.out.send("register",
                  wire::encode(wire::Register{{},
                                              env_.options.user,
                                              env_.identity.public_key(),
                                              env_.identity.sign("sotto/1 register", terms)}));
    return true;
}

bool RelayLink::on(const wire::Registered& registered) {
    if (state_ != Link::registering || !greeted_ || registered.user != env_.options.user) {
        env_.out.drop();
        return false;
    }
    register_by_.reset();
    connected_at_ = env_.now.monotonic;
    cause_.reset();
    set(Link::connected);
    env_.out.event(
        event::Registered{env_.options.user, crypto::fingerprint(env_.identity.public_key())});
    return true;
}

bool RelayLink::on(const wire::ErrorMessage& error) {
    const bool replaced = error.code == wire::ErrorCode::replaced;
    if (replaced || (state_ == Link::registering && refuses_registration(error.code))) {
        stay_away(sentence(error), replaced);
        return true;
    }
    if (!connected()) {
        set(state_, SafeText::from(sentence(error)));
        return true;
    }
    return false;
}

void RelayLink::down(const LinkLoss& loss) {
    cause_.reset();
    register_by_.reset();
    if (connected_at_ && env_.now.monotonic - *connected_at_ >= kSteady) {
        failures_ = 0;
    }
    connected_at_.reset();
    if (loss.how == LinkLoss::How::untrusted) {
        untrusted_pin_ = loss.pin_hex;
        set(Link::refused, SafeText::own("the relay's key is not known yet"));
        env_.out.event(event::RelayTrustNeeded{env_.options.relay, loss.pin_hex});
        return;
    }
    if (loss.how == LinkLoss::How::key_changed) {
        stay_away("the relay's key is not the one that was pinned");
        env_.out.event(event::RelayKeyChanged{env_.options.relay, loss.stored_hex, loss.pin_hex});
        return;
    }
    if (state_ == Link::refused) {
        return;
    }
    const SafeText why = SafeText::from(loss.reason, SafeText::Lines::one, 200);
    if (!wanted_ || !env_.options.reconnect) {
        set(Link::offline, why);
        return;
    }
    reconnect_at_ = env_.now.monotonic + backoff(failures_++, env_.random);
    set(Link::waiting, why, reconnect_at_);
}

void RelayLink::tick() {
    if (reconnect_at_ && *reconnect_at_ <= env_.now.monotonic) {
        open();
    }
    if (register_by_ && *register_by_ <= env_.now.monotonic) {
        register_by_.reset();
        env_.out.effect(effect::Close{1000, "the relay did not answer"});
    }
}

std::optional<Time> RelayLink::next_deadline() const {
    return earlier(reconnect_at_, register_by_);
}

}  // namespace sotto::client
