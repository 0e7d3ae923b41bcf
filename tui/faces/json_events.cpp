#include "tui/faces/json_events.h"

#include "tui/common/word_table.h"
#include "tui/faces/json_object.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

namespace sotto::tui {

namespace {

using namespace client::event;
using client::SafeText;
using Time = base::MonotonicTime;

constexpr std::uint64_t kMaxNumber = (1ULL << 53U) - 1;  // every reader of JSON is exact to there

constexpr auto kUser =
    row<UserEntry>("user", field("name", &UserEntry::name), field("online", &UserEntry::online),
                   field("trust", &UserEntry::trust), field("blocked", &UserEntry::blocked));

constexpr auto kReady = row<JsonReady>(
    "ready", field("version", &JsonReady::version), field("software", &JsonReady::software),
    field("user", &JsonReady::user), field("relay", &JsonReady::relay));

constexpr auto kEvents = std::make_tuple(
    row<LinkChanged>("link_changed", field("state", &LinkChanged::state),
                     field("detail", &LinkChanged::detail), field("relay", &LinkChanged::relay),
                     field("retry_in_ms", &LinkChanged::retry_at)),
    row<RelayTrustNeeded>("relay_trust_needed", field("relay", &RelayTrustNeeded::relay),
                          field("pin_hex", &RelayTrustNeeded::pin_hex)),
    row<RelayKeyChanged>("relay_key_changed", field("relay", &RelayKeyChanged::relay),
                         field("stored_hex", &RelayKeyChanged::stored_hex),
                         field("seen_hex", &RelayKeyChanged::seen_hex)),
    row<Registered>("registered", field("user", &Registered::user),
                    field("fingerprint", &Registered::fingerprint)),
    row<UsersChanged>("users_changed", field("full", &UsersChanged::full),
                      field("users", &UsersChanged::users)),
    row<SearchResult>("search_result", field("prefix", &SearchResult::prefix),
                      field("users", &SearchResult::users), field("more", &SearchResult::more)),
    row<RequestArrived>("request_arrived", field("user", &RequestArrived::chat),
                        field("fingerprint", &RequestArrived::fingerprint),
                        field("time_ms", &RequestArrived::time_ms),
                        field("trust", &RequestArrived::trust)),
    row<RequestGone>("request_gone", field("user", &RequestGone::chat),
                     field("why", &RequestGone::why)),
    row<ChatChanged>("chat_changed", field("user", &ChatChanged::chat),
                     field("state", &ChatChanged::state), field("trust", &ChatChanged::trust),
                     field("suite", &ChatChanged::suite), field("epoch", &ChatChanged::epoch),
                     field("why", &ChatChanged::why),
                     field("needs_suite", &ChatChanged::needs_suite)),
    row<MessageAdded>("message_added", field("user", &MessageAdded::chat),
                      field("message_id", &MessageAdded::id), field("own", &MessageAdded::own),
                      field("time_ms", &MessageAdded::time_ms), field("text", &MessageAdded::text),
                      field("delivery", &MessageAdded::delivery),
                      field("readable", &MessageAdded::readable)),
    row<DeliveryChanged>("delivery_changed", field("user", &DeliveryChanged::chat),
                         field("message_id", &DeliveryChanged::id),
                         field("delivery", &DeliveryChanged::delivery)),
    row<PeerTyping>("peer_typing", field("user", &PeerTyping::chat), field("on", &PeerTyping::on)),
    row<KeyChanged>("key_changed", field("user", &KeyChanged::user),
                    field("old_fingerprint", &KeyChanged::old_fingerprint),
                    field("new_fingerprint", &KeyChanged::new_fingerprint),
                    field("was_verified", &KeyChanged::was_verified)),
    row<SafetyNumber>(
        "safety_number", field("user", &SafetyNumber::user), field("digits", &SafetyNumber::digits),
        field("verified", &SafetyNumber::verified), field("asked", &SafetyNumber::asked)),
    row<Contact>(
        "contact", field("user", &Contact::user), field("fingerprint", &Contact::fingerprint),
        field("trust", &Contact::trust), field("blocked", &Contact::blocked),
        field("first_seen_ms", &Contact::first_seen_ms), field("best_suite", &Contact::best_suite),
        field("link", &Contact::link), field("changed_fingerprint", &Contact::changed_fingerprint)),
    row<BlockedUsers>("blocked_users", field("users", &BlockedUsers::users)),
    row<Status>("status", field("dropped", &Status::dropped)),
    row<Notice>("notice", field("level", &Notice::level), field("user", &Notice::chat),
                field("text", &Notice::text)),
    row<Refused>("refused", field("command", &Refused::command), field("code", &Refused::code),
                 field("why", &Refused::why)),
    row<WireSeen>("wire_seen", field("outgoing", &WireSeen::outgoing),
                  field("type", &WireSeen::type), field("json", &WireSeen::json)),
    row<Finished>("finished"));
static_assert(Covers<client::Event::What, std::decay_t<decltype(kEvents)>>::value);

constexpr WordTable<client::Trust> kTrust({
    {client::Trust::unknown, "unknown"},
    {client::Trust::unverified, "unverified"},
    {client::Trust::from_link, "from_link"},
    {client::Trust::verified, "verified"},
    {client::Trust::key_changed, "key_changed"},
});
constexpr WordTable<client::ChatState> kChat({
    {client::ChatState::none, "none"},
    {client::ChatState::requested, "requested"},
    {client::ChatState::asked, "asked"},
    {client::ChatState::securing, "securing"},
    {client::ChatState::open, "open"},
    {client::ChatState::broken, "broken"},
    {client::ChatState::declined, "declined"},
    {client::ChatState::ended, "ended"},
    {client::ChatState::key_changed, "key_changed"},
});
constexpr WordTable<client::Delivery> kDelivery({
    {client::Delivery::waiting, "waiting"},
    {client::Delivery::sent, "sent"},
    {client::Delivery::delivered, "delivered"},
    {client::Delivery::discarded, "discarded"},
});
constexpr WordTable<client::Link> kLink({
    {client::Link::offline, "offline"},
    {client::Link::connecting, "connecting"},
    {client::Link::registering, "registering"},
    {client::Link::connected, "connected"},
    {client::Link::waiting, "waiting"},
    {client::Link::refused, "refused"},
});
constexpr WordTable<Notice::Level> kLevel({
    {Notice::Level::info, "info"},
    {Notice::Level::warning, "warning"},
    {Notice::Level::error, "error"},
});

/// Writes values, each by its type.
struct Writer {
    Time now;

    std::string operator()(bool value) const { return value ? "true" : "false"; }
    std::string operator()(int value) const { return std::to_string(value); }
    std::string operator()(std::uint32_t value) const { return std::to_string(value); }
    std::string operator()(std::uint64_t value) const {
        return std::to_string(std::min(value, kMaxNumber));
    }
    std::string operator()(const std::string& value) const {
        return json_string(SafeText::from(value).str());  // what was typed may be no UTF-8
    }
    std::string operator()(const SafeText& value) const { return json_string(value.str()); }
    std::string operator()(const client::ChatKey& key) const { return (*this)(key.name()); }
    std::string operator()(const std::optional<client::ChatKey>& key) const {
        return (*this)(key.value_or(client::ChatKey()));
    }
    std::string operator()(const std::optional<client::CommandKind>& kind) const {
        return json_string(kind ? base::enum_name(*kind) : "");
    }
    std::string operator()(client::RefusalCode code) const {
        return json_string(client::kRefusals[code].name);
    }
    std::string operator()(client::Trust value) const { return json_string(kTrust[value].text); }
    std::string operator()(client::ChatState value) const { return json_string(kChat[value].text); }
    std::string operator()(client::Delivery value) const {
        return json_string(kDelivery[value].text);
    }
    std::string operator()(client::Link value) const { return json_string(kLink[value].text); }
    std::string operator()(Notice::Level value) const { return json_string(kLevel[value].text); }
    std::string operator()(const std::optional<Time>& due) const {
        return due ? std::to_string(std::max(*due - now, Time::duration(0)).count()) : "null";
    }
    std::string operator()(const UserEntry& user) const { return "{" + members(kUser, user) + "}"; }
    std::string operator()(const std::vector<UserEntry>& users) const { return list(users); }
    std::string operator()(const std::array<int, 4>& numbers) const { return list(numbers); }

    template <class Values>
    std::string list(const Values& values) const {
        std::string out = "[";
        for (const auto& value : values) {
            out += (out.size() > 1 ? "," : "") + (*this)(value);
        }
        return out + "]";
    }

    template <class Row, class Struct>
    std::string members(const Row& shape, const Struct& from) const {
        std::string out;
        const auto add = [&](const auto& one) {
            out +=
                (out.empty() ? "" : ",") + json_string(one.name) + ":" + (*this)(from.*one.member);
        };
        std::apply([&](const auto&... fields) { (add(fields), ...); }, shape.fields);
        return out;
    }
};

template <class Row, class Struct>
std::string line_of(const Row& shape, const Struct& from, Time now,
                    const std::optional<std::string>& id) {
    const std::string members = Writer{now}.members(shape, from);
    return "{\"event\":" + json_string(shape.name) + (id ? ",\"id\":" + *id : "") +
           (members.empty() ? "" : "," + members) + "}";
}

}  // namespace

std::string to_json(const client::Event& event, Time now, const std::optional<std::string>& id) {
    std::string out;
    const auto write = [&](const auto& shape) {
        using Struct = typename std::decay_t<decltype(shape)>::Type;
        if (const auto* one = std::get_if<Struct>(&event.what)) {
            out = line_of(shape, *one, now, id);
        }
    };
    std::apply([&](const auto&... rows) { (write(rows), ...); }, kEvents);
    return out;
}

std::string to_json(const JsonReady& ready) {
    return line_of(kReady, ready, {}, {});
}

std::vector<JsonShape> json_event_shapes() {
    std::vector<JsonShape> out = shapes_of(kEvents);
    out.push_back(shapes_of(std::make_tuple(kUser)).front());
    out.push_back(shapes_of(std::make_tuple(kReady)).front());
    return out;
}

std::vector<std::string_view> json_event_words() {
    std::vector<std::string_view> out;
    const auto add = [&](const auto& words) {
        for (const auto& word : words) {
            out.push_back(word.text);
        }
    };
    add(kTrust);
    add(kChat);
    add(kDelivery);
    add(kLink);
    add(kLevel);
    for (const client::RefusalRow& refusal : client::kRefusals) {
        out.push_back(refusal.name);
    }
    return out;
}

}  // namespace sotto::tui
