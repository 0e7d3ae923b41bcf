// Section 3: get_pubkey and user_list.
#include "relay/core/relay_impl.h"

#include <utility>

namespace sotto::relay {

using wire::ErrorCode;

void Relay::Impl::answer(ConnectionId id, const wire::GetPubkey& request, Actions& out) {
    const auto user = presence.find(request.user);
    if (!user) {
        refuse(id, ErrorCode::not_found, "get_pubkey", request.id, out);
        return;
    }
    wire::Pubkey answer{request.id, request.user, user->key, user->place.has_value()};
    out.emplace_back(Send{id, wire::encode(answer)});
}

void Relay::Impl::answer(ConnectionId id, Connection& connection, const wire::GetUserList& request,
                         Actions& out) {
    Presence::Page page;
    if (request.prefix) {
        page = presence.search(*request.prefix, request.since, options.page_names);
    } else {
        const bool goes_on = request.since != 0 && request.since == connection.listing_at;
        page =
            presence.changes(request.since, options.page_names, goes_on ? connection.listing : 0);
        connection.listing = page.listing;
        connection.listing_at = page.more ? page.version : 0;
    }
    wire::UserList list{
        request.id, page.version, page.full, std::move(page.online), std::move(page.offline),
        page.more};
    out.emplace_back(Send{id, wire::encode(list)});
}

void Relay::Impl::on_lookup(ConnectionId id, Connection& connection, const wire::Scan& scan,
                            std::string_view text, Time now, Actions& out) {
    const std::string_view type = scan.message.type;
    if (type == "hello" || type == "register") {
        refuse(id, type == "hello" ? ErrorCode::bad_message : ErrorCode::already_registered, type,
               scan.message.id, out);
        return;
    }
    const auto message = wire::decode_from_client(text);
    if (!message) {
        refuse(id, message.error().reply, out);
        return;
    }
    if (!connection.allowance->lookups.take(options.limits.lookups, now)) {
        reached(Limit::lookups);
        refuse(id, ErrorCode::rate_limited, type, scan.message.id, out);
        return;
    }
    if (const auto* pubkey = std::get_if<wire::GetPubkey>(&*message)) {
        answer(id, *pubkey, out);
    } else {
        answer(id, connection, std::get<wire::GetUserList>(*message), out);
    }
}

}  // namespace sotto::relay
