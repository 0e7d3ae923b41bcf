#include "relay/core/relay.h"

#include "crypto/identity.h"
#include "net/wire/user_name.h"
#include "relay/core/token_bucket.h"

#include <algorithm>
#include <deque>
#include <unordered_map>
#include <utility>

namespace sotto::relay {

namespace {

using wire::ErrorCode;
using wire::ErrorMessage;

constexpr Time kRegisterBy = std::chrono::seconds(wire::kRegisterSeconds);
constexpr std::size_t kMaxEcho = 64;            // of a type that an error repeats: no amplifier
constexpr std::int64_t kVersionBlock = 10'000;  // reserved at a time, so a change costs no write

/// One connection's place in the protocol.
struct Connection {
    enum class State { fresh, greeted, registered, closing };
    State state = State::fresh;
    std::array<std::uint8_t, 32> exporter{};
    std::array<std::uint8_t, 32> nonce{};
    std::array<std::uint8_t, 32> pin{};  ///< of the certificate this connection saw
    std::string user;
    TokenBucket lookups;
    TokenBucket requests;
};

crypto::Bytes register_terms(const Connection& connection, const wire::Register& request) {
    crypto::Bytes out;
    const auto raw = [&](const auto& bytes) { out.insert(out.end(), bytes.begin(), bytes.end()); };
    const auto lp = [&](const auto& bytes) {
        const auto size = static_cast<std::uint32_t>(bytes.size());
        raw(std::array<std::uint8_t, 4>{
            static_cast<std::uint8_t>(size >> 24U), static_cast<std::uint8_t>(size >> 16U),
            static_cast<std::uint8_t>(size >> 8U), static_cast<std::uint8_t>(size)});
        raw(bytes);
    };
    lp(connection.pin);
    lp(request.user);
    raw(request.identity);
    raw(connection.nonce);
    raw(connection.exporter);
    return out;
}

}  // namespace

class Relay::Impl {
  public:
    Impl(Registry& names, Options given, Nonce nonce, Queued queue)
        : registry(names),
          options(std::move(given)),
          make_nonce(std::move(nonce)),
          queued(std::move(queue)),
          reserved(registry.reserve_versions(0)),
          directory(reserved) {
        for (Registry::Name& name : registry.all()) {
            directory.add(std::move(name.user), name.key);
        }
        reserve();
    }

    /// Versions up to `reserved` may be given out; more is fetched before they run out.
    void reserve() {
        if (directory.version() + 2 >= reserved) {
            reserved = registry.reserve_versions(directory.version() + kVersionBlock);
        }
    }

    void refuse(ConnectionId id, ErrorMessage reply, Actions& out) {
        const auto& row = wire::row_of(*reply.code);
        if (reply.message.empty()) {
            reply.message = row.meaning;
        }
        out.emplace_back(Send{id, wire::encode(reply)});
        if (row.closes) {
            close(id, *row.closes, std::string(row.name), out);
        }
    }
    void refuse(ConnectionId id, ErrorCode code, std::string_view re, wire::Id message_id,
                Actions& out) {
        ErrorMessage reply;
        reply.code = code;
        reply.re = re.size() <= kMaxEcho ? re : std::string_view();
        reply.id = message_id;
        refuse(id, std::move(reply), out);
    }
    void refuse(ConnectionId id, ErrorCode code, const wire::Forwardable& message, Actions& out);

    void close(ConnectionId id, wire::CloseCode code, std::string reason, Actions& out) {
        const auto at = connections.find(id);
        if (at != connections.end()) {
            leave(at->second);
            at->second.state = Connection::State::closing;
        }
        out.emplace_back(Close{id, code, std::move(reason)});
    }
    /// The connection no longer stands for its user.
    void leave(Connection& connection) {
        if (connection.state == Connection::State::registered) {
            directory.go_offline(connection.user);
            reserve();
        }
    }

    void forward(ConnectionId id, Connection& connection, const wire::Forwardable& message,
                 Time now, Actions& out);
    void on_greeting(ConnectionId id, Connection& connection, const wire::Scan& scan,
                     std::string_view text, Actions& out);
    void on_register(ConnectionId id, Connection& connection, const wire::Scan& scan,
                     std::string_view text, Actions& out);
    void on_lookup(ConnectionId id, Connection& connection, const wire::Scan& scan,
                   std::string_view text, Time now, Actions& out);
    void answer(ConnectionId id, const wire::GetPubkey& request, Actions& out);
    void answer(ConnectionId id, const wire::GetUserList& request, Actions& out);

    Registry& registry;
    Options options;
    Nonce make_nonce;
    Queued queued;
    std::int64_t reserved;
    Directory directory;
    std::unordered_map<ConnectionId, Connection> connections;
    std::deque<std::pair<Time, ConnectionId>> waiting;  ///< not registered yet, by deadline
};

void Relay::Impl::refuse(ConnectionId id, ErrorCode code, const wire::Forwardable& message,
                         Actions& out) {
    ErrorMessage reply;
    reply.code = code;
    reply.re = message.type;
    reply.id = message.id;
    reply.to = std::string(message.to);
    wire::decode_chat(message.chat, reply.chat);
    out.emplace_back(Note{Note::Level::debug, "refused " + std::string(message.type) + ": " +
                                                  std::string(wire::row_of(code).name)});
    refuse(id, std::move(reply), out);
}

void Relay::Impl::forward(ConnectionId id, Connection& connection, const wire::Forwardable& message,
                          Time now, Actions& out) {
    if (message.from != connection.user) {
        refuse(id, ErrorCode::forbidden, message, out);
        return;
    }
    // Never to `relay`: it would look like loss. The glue stops reading instead.
    if (message.type == "chat_request" && !connection.requests.take(now)) {
        refuse(id, ErrorCode::rate_limited, message, out);
        return;
    }
    const Directory::User* to = directory.find(message.to);
    if (to == nullptr || !to->connection) {
        refuse(id, to == nullptr ? ErrorCode::not_found : ErrorCode::offline, message, out);
        return;
    }
    if (queued(*to->connection) > options.busy_mark) {
        refuse(id, ErrorCode::busy, message, out);
        return;
    }
    out.emplace_back(Forward{*to->connection});
}

void Relay::Impl::on_greeting(ConnectionId id, Connection& connection, const wire::Scan& scan,
                              std::string_view text, Actions& out) {
    if (scan.message.type != "hello") {
        refuse(id, ErrorCode::not_registered, scan.message.type, scan.message.id, out);
        return;
    }
    const auto message = wire::decode_from_client(text);
    if (!message) {
        refuse(id, message.error().reply, out);
        return;
    }
    const auto& versions = std::get<wire::ClientHello>(*message).versions;
    if (std::find(versions.begin(), versions.end(), wire::kVersion) == versions.end()) {
        refuse(id, ErrorCode::unsupported_version, "hello", scan.message.id, out);
        return;
    }
    connection.state = Connection::State::greeted;
    connection.nonce = make_nonce();
    wire::RelayHello hello;
    hello.nonce = connection.nonce;
    hello.max_message = static_cast<std::int64_t>(options.max_message);
    hello.software = options.software;
    out.emplace_back(Send{id, wire::encode(hello)});
}

void Relay::Impl::on_register(ConnectionId id, Connection& connection, const wire::Scan& scan,
                              std::string_view text, Actions& out) {
    if (scan.message.type != "register") {
        const bool again = scan.message.type == "hello";
        refuse(id, again ? ErrorCode::bad_message : ErrorCode::not_registered, scan.message.type,
               scan.message.id, out);
        return;
    }
    const auto message = wire::decode_from_client(text);
    if (!message) {
        refuse(id, message.error().reply, out);
        return;
    }
    const auto& request = std::get<wire::Register>(*message);
    const auto refused = [&](ErrorCode code) { refuse(id, code, "register", request.id, out); };
    if (!wire::is_user_name(request.user)) {
        refused(ErrorCode::bad_name);
        return;
    }
    if (!crypto::verify(request.identity, "sotto/1 register", register_terms(connection, request),
                        request.signature)) {
        refused(ErrorCode::bad_signature);
        return;
    }
    const Directory::User* owner = directory.find(request.user);
    if (owner != nullptr && owner->key != request.identity) {
        refused(ErrorCode::name_taken);
        return;
    }
    if (owner == nullptr) {
        if (const auto claimed = registry.claim(request.user, request.identity); !claimed) {
            out.emplace_back(Note{Note::Level::error, "registry: " + claimed.error()});
            refused(ErrorCode::internal);
            close(id, wire::CloseCode::policy, "internal", out);  // a failed register closes
            return;
        }
    }
    const auto replaced = directory.go_online(request.user, request.identity, id);
    reserve();
    connection.state = Connection::State::registered;
    connection.user = request.user;
    if (replaced) {
        connections.at(*replaced).state = Connection::State::closing;  // stays online, by `id`
        refuse(*replaced, ErrorCode::replaced, "", {}, out);
    }
    out.emplace_back(Send{id, wire::encode(wire::Registered{request.user})});
    out.emplace_back(Note{Note::Level::info,
                          "registered " + request.user + (owner == nullptr ? " (new name)" : "")});
}

void Relay::Impl::answer(ConnectionId id, const wire::GetPubkey& request, Actions& out) {
    const Directory::User* user = directory.find(request.user);
    if (user == nullptr) {
        refuse(id, ErrorCode::not_found, "get_pubkey", request.id, out);
        return;
    }
    wire::Pubkey answer{request.id, request.user, user->key, user->connection.has_value()};
    out.emplace_back(Send{id, wire::encode(answer)});
}

void Relay::Impl::answer(ConnectionId id, const wire::GetUserList& request, Actions& out) {
    Directory::Page page =
        request.prefix ? directory.search(*request.prefix, request.since, options.page_names)
                       : directory.changes(request.since, options.page_names);
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
    if (!connection.lookups.take(now)) {
        refuse(id, ErrorCode::rate_limited, type, scan.message.id, out);
        return;
    }
    if (const auto* pubkey = std::get_if<wire::GetPubkey>(&*message)) {
        answer(id, *pubkey, out);
    } else {
        answer(id, std::get<wire::GetUserList>(*message), out);
    }
}

Relay::Relay(Registry& registry, Options options, Nonce nonce, Queued queued)
    : impl_(std::make_unique<Impl>(registry, std::move(options), std::move(nonce),
                                   std::move(queued))) {}
Relay::~Relay() = default;

void Relay::on_open(const Arrival& arrival, Time now, Actions& /*out*/) {
    Connection connection{
        Connection::State::fresh,  arrival.exporter,       {}, impl_->options.pin, {},
        TokenBucket(20, 100, now), TokenBucket(2, 30, now)};
    impl_->connections.emplace(arrival.connection, std::move(connection));
    impl_->waiting.emplace_back(arrival.accepted + kRegisterBy, arrival.connection);
}

void Relay::on_message(ConnectionId from, std::string_view text, Time now, Actions& out) {
    const auto at = impl_->connections.find(from);
    if (at == impl_->connections.end() || at->second.state == Connection::State::closing) {
        return;
    }
    Connection& connection = at->second;
    wire::Scan scan = wire::scan_from_client(text);
    const bool registered = connection.state == Connection::State::registered;
    if (scan.outcome == wire::Scan::Outcome::forward && registered) {
        impl_->forward(from, connection, scan.message, now, out);
    } else if (scan.outcome == wire::Scan::Outcome::refuse &&
               (registered || scan.message.type.empty())) {
        impl_->refuse(from, std::move(scan.reply), out);
    } else if (connection.state == Connection::State::fresh) {
        impl_->on_greeting(from, connection, scan, text, out);
    } else if (connection.state == Connection::State::greeted) {
        impl_->on_register(from, connection, scan, text, out);
    } else {
        impl_->on_lookup(from, connection, scan, text, now, out);
    }
}

void Relay::on_too_large(ConnectionId from, Time /*now*/, Actions& out) {
    impl_->refuse(from, ErrorCode::too_large, "", {}, out);
}

void Relay::on_end(ConnectionId connection, Time /*now*/, Actions& /*out*/) {
    const auto at = impl_->connections.find(connection);
    if (at != impl_->connections.end()) {
        impl_->leave(at->second);
        impl_->connections.erase(at);
    }
}

void Relay::on_tick(Time now, Actions& out) {
    auto& waiting = impl_->waiting;
    for (; !waiting.empty() && waiting.front().first <= now; waiting.pop_front()) {
        const auto at = impl_->connections.find(waiting.front().second);
        const bool late =
            at != impl_->connections.end() && (at->second.state == Connection::State::fresh ||
                                               at->second.state == Connection::State::greeted);
        if (late) {
            impl_->close(waiting.front().second, wire::CloseCode::policy, "not registered in time",
                         out);
        }
    }
}

void Relay::shut_down(Actions& out) {
    std::vector<ConnectionId> all;
    for (const auto& [id, connection] : impl_->connections) {
        if (connection.state != Connection::State::closing) {
            all.push_back(id);
        }
    }
    for (const ConnectionId id : all) {
        impl_->refuse(id, ErrorCode::shutting_down, "", {}, out);
    }
}

void Relay::set_pin(const std::array<std::uint8_t, 32>& pin) {
    impl_->options.pin = pin;
}
const Directory& Relay::directory() const noexcept {
    return impl_->directory;
}
std::size_t Relay::connections() const noexcept {
    return impl_->connections.size();
}

}  // namespace sotto::relay
