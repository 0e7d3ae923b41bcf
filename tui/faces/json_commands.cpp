#include "tui/faces/json_commands.h"

#include "tui/faces/json_ids.h"
#include "tui/faces/json_object.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace sotto::tui {

namespace {

using namespace client::command;
using Read = tl::expected<client::Command, JsonRefusal>;

constexpr auto kCommands = std::make_tuple(
    row<Connect>("connect"), row<Disconnect>("disconnect"),
    row<TrustRelay>("trust_relay", field("pin_hex", &TrustRelay::pin_hex),
                    field("agree", &TrustRelay::agree)),
    row<RefreshUsers>("refresh_users"),
    row<SearchUsers>("search_users", field("prefix", &SearchUsers::prefix)),
    row<RequestChat>("request_chat", field("user", &RequestChat::chat)),
    row<AcceptRequest>("accept_request", field("user", &AcceptRequest::chat)),
    row<DeclineRequest>("decline_request", field("user", &DeclineRequest::chat),
                        field("block", &DeclineRequest::block)),
    row<CancelRequest>("cancel_request", field("user", &CancelRequest::chat)),
    row<SendText>("send_text", field("user", &SendText::chat), field("text", &SendText::text)),
    row<SetTyping>("set_typing", field("user", &SetTyping::chat), field("on", &SetTyping::on)),
    row<EndChat>("end_chat", field("user", &EndChat::chat)),
    row<DiscardUnsent>("discard_unsent", field("user", &DiscardUnsent::chat)),
    row<ShowSafetyNumber>("show_safety_number", field("user", &ShowSafetyNumber::user)),
    row<ConfirmSafetyNumber>("confirm_safety_number", field("user", &ConfirmSafetyNumber::user),
                             field("digits", &ConfirmSafetyNumber::digits)),
    row<SetVerified>("set_verified", field("user", &SetVerified::user),
                     field("verified", &SetVerified::verified)),
    row<AcceptKeyChange>("accept_key_change", field("user", &AcceptKeyChange::user),
                         field("fingerprint", &AcceptKeyChange::fingerprint)),
    row<LowerSuite>("lower_suite", field("user", &LowerSuite::user)),
    row<Block>("block", field("user", &Block::user)),
    row<Unblock>("unblock", field("user", &Unblock::user)), row<ListBlocked>("list_blocked"),
    row<ImportLink>("import_link", field("link", &ImportLink::link),
                    field("trusted", &ImportLink::trusted)),
    row<ShowContact>("show_contact", field("user", &ShowContact::user)),
    row<ShowStatus>("show_status"), row<Quit>("quit"));
static_assert(Covers<client::Command::What, std::decay_t<decltype(kCommands)>>::value);

constexpr const char* type_of(const std::string& /*value*/) {
    return "a string";
}
constexpr const char* type_of(bool /*value*/) {
    return "true or false";
}

/// Fills the fields of one command from an object; what is left over is too much.
template <class Row>
Read fill(const Row& shape, JsonObject& object) {
    typename Row::Type command{};
    std::string why;
    const auto take = [&](const auto& one) {
        auto& value = command.*one.member;
        using Value = std::decay_t<decltype(value)>;
        using Given =
            std::conditional_t<std::is_same_v<Value, client::ChatKey>, std::string, Value>;
        const auto at = std::find_if(object.begin(), object.end(),
                                     [&](const auto& given) { return given.first == one.name; });
        auto* given = at == object.end() ? nullptr : std::get_if<Given>(&at->second);
        if (given != nullptr) {
            if constexpr (std::is_same_v<Value, client::ChatKey>) {
                value = client::ChatKey::with(std::move(*given));
            } else {
                value = std::move(*given);
            }
            object.erase(at);
        } else if (why.empty()) {
            why = "\"" + std::string(one.name) + "\" " +
                  (at == object.end() ? "is missing" : std::string("is not ") + type_of(Given()));
        }
    };
    std::apply([&](const auto&... fields) { (take(fields), ...); }, shape.fields);
    if (why.empty() && !object.empty()) {
        why = "there is no field \"" + object.front().first + "\"";
    }
    if (!why.empty()) {
        return tl::unexpected(JsonRefusal{{}, client::Command(command).kind(), why});
    }
    return client::Command(std::move(command));
}

/// The command of an object without its id.
Read command_of(JsonObject& object) {
    const auto at = std::find_if(object.begin(), object.end(),
                                 [](const auto& given) { return given.first == "command"; });
    const auto* name = at == object.end() ? nullptr : std::get_if<std::string>(&at->second);
    if (name == nullptr) {
        return tl::unexpected(JsonRefusal{{}, {}, "\"command\" is missing or is not a string"});
    }
    const std::string wanted = *name;
    object.erase(at);
    std::optional<Read> out;
    const auto attempt = [&](const auto& shape) {
        if (shape.name == wanted) {
            out = fill(shape, object);
        }
    };
    std::apply([&](const auto&... rows) { (attempt(rows), ...); }, kCommands);
    return out ? std::move(*out)
               : tl::unexpected(JsonRefusal{{}, {}, "there is no command \"" + wanted + "\""});
}

}  // namespace

tl::expected<JsonCommand, JsonRefusal> command_from_json(std::string_view line) {
    auto object = read_json_object(line);
    if (!object) {
        const auto id = take_id(object.error().read);
        return tl::unexpected(JsonRefusal{id.value_or(std::nullopt), {}, object.error().why});
    }
    auto id = take_id(*object);
    auto command = command_of(*object);
    if (!id) {
        const auto kind = command ? command->kind() : command.error().command;
        return tl::unexpected(JsonRefusal{{}, kind, id.error()});
    }
    if (!command) {
        command.error().id = std::move(*id);
        return tl::unexpected(std::move(command.error()));
    }
    return JsonCommand{std::move(*command), std::move(*id)};
}

std::vector<JsonShape> json_command_shapes() {
    return shapes_of(kCommands);
}

}  // namespace sotto::tui
