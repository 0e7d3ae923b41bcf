// One of the two sources that know websocketpp.
#include "net/websocket/server_endpoint.h"

#include "net/loop/loop_impl.h"
#include "net/tls/certificate.h"
#include "net/tls/tls_context.h"
#include "net/websocket/frame_head.h"
#include "net/websocket/websocket_server.h"

#include <websocketpp/common/network.hpp>

#include <algorithm>
#include <new>
#include <stdexcept>
#include <unordered_map>
#include <utility>

namespace sotto::net {

namespace {

using Clock = Loop::Clock;

Pin pin_or_throw(const std::string& file) {
    const auto pin = pin_of_file(file);
    if (!pin) {
        throw std::runtime_error(pin.error());
    }
    return *pin;
}

class IncomingMessage final : public ServerEndpoint::Message {
  public:
    IncomingMessage(std::string_view text, bool is_binary) : text_(text), is_binary_(is_binary) {}
    [[nodiscard]] std::string_view text() const override { return text_; }
    [[nodiscard]] bool is_binary() const override { return is_binary_; }

  private:
    std::string_view text_;
    bool is_binary_;
};

constexpr std::string_view kPingFrame("\x89\x00", 2);

}  // namespace

struct ServerEndpoint::Impl {
    Impl(Loop& on, const Options& given, Callbacks back)
        : loop(on),
          options(given),
          callbacks(std::move(back)),
          context(make_server_context(options.certificate_file, options.key_file)),
          pin(pin_or_throw(options.certificate_file)),
          server(std::make_shared<Server>()),
          memory(make_ledger()),
          listener(
              on,
              [this](Descriptor socket, const Listener::Caller& caller) {
                  accept(std::move(socket), caller);
              },
              callbacks.on_trouble),
          sweeper(on),
          limiter(options.limiter ? options.limiter : std::make_shared<ConnectionLimiter>()),
          next_id(options.first_id) {
        limiter->set(options.connections);
        server->set_max_message_size(options.max_message);
        server->set_user_agent("");
        // The library finds out at the first call which end of a number comes first: now, and
        // not on two loops at once.
        (void)websocketpp::lib::net::_htonll(0);
        sweep_later();
    }
    ~Impl() {
        if (memory) {
            memory->leave();
        }
        for (const auto& [id, connection] : connections) {
            limiter->leave(connection->caller.network);
            connection->owner = nullptr;
            connection->abandon();
        }
    }

    void accept(Descriptor socket, const Listener::Caller& caller);
    void begin(ConnectionId id, Descriptor socket, const Listener::Caller& caller);
    [[nodiscard]] bool may_come(const Listener::Caller& caller);
    [[nodiscard]] std::shared_ptr<MemoryLedger> make_ledger();
    static void relieve(const std::weak_ptr<MemoryLedger>& ledger);
    void set_handlers(Connection& connection);
    static bool validate(Connection& connection);
    void open(Connection& connection);
    void on_message(Connection& connection, Message& message);
    void end(Connection& connection);
    void leave(Connection& connection);
    void write_message(ConnectionId to, char opcode, std::string_view payload);
    void end_half_open(Clock::time_point accepted_before);
    void sweep_later();
    void sweep();
    /// Open and not closing, or null.
    [[nodiscard]] Connection* find(ConnectionId id) {
        if (found == nullptr || found->id != id) {
            const auto at = connections.find(id);
            if (at == connections.end()) {
                return nullptr;
            }
            found = at->second.get();
        }
        return found->open ? found : nullptr;
    }

    Loop& loop;
    Options options;
    Callbacks callbacks;
    SslContext context;
    Pin pin;
    std::shared_ptr<Server> server;        ///< its connections hold it too
    std::shared_ptr<MemoryLedger> memory;  ///< the same; null: nothing is counted
    Listener listener;
    Loop::Timer sweeper;
    std::shared_ptr<ConnectionLimiter> limiter;
    std::unordered_map<ConnectionId, ConnectionPtr> connections;
    Connection* found = nullptr;  ///< last, and is there: a message is sent after a look at it
    std::size_t opened = 0;
    Totals totals;
    ConnectionId next_id;
    std::uint32_t sweeps = 0;
};

std::shared_ptr<MemoryLedger> ServerEndpoint::Impl::make_ledger() {
    if (!options.memory) {
        return nullptr;
    }
    // Connections are cut at the end of the turn: one of them may be at work.
    const auto ledger = std::make_shared<MemoryLedger>(options.memory, [this] {
        loop.impl().poller.later([ours = std::weak_ptr<MemoryLedger>(memory)] { relieve(ours); });
    });
    ledger->join([this, ours = std::weak_ptr<MemoryLedger>(ledger)] {
        loop.post([ours] { relieve(ours); });
    });
    return ledger;
}

void ServerEndpoint::Impl::relieve(const std::weak_ptr<MemoryLedger>& ledger) {
    if (const auto alive = ledger.lock()) {
        alive->relieve();
    }
}

bool ServerEndpoint::Impl::may_come(const Listener::Caller& caller) {
    if (memory && memory->budget().left(MemoryBudget::Use::connections) < kHalfOpenMemory) {
        ++totals.refused_memory;
        return false;
    }
    if (!limiter->enter(caller.network)) {
        ++totals.refused;
        return false;
    }
    return true;
}

void ServerEndpoint::Impl::accept(Descriptor socket, const Listener::Caller& caller) {
    if (!may_come(caller)) {
        return;
    }
    ++totals.accepted;
    const ConnectionId id = next_id++;
    try {
        begin(id, std::move(socket), caller);
    } catch (const std::exception&) {  // out of memory: others are served
        ++totals.failed;
        limiter->leave(caller.network);
        if (const auto begun = connections.find(id); begun != connections.end()) {
            begun->second->owner = nullptr;
            begun->second->abandon();
            connections.erase(begun);
        }
    }
}

void ServerEndpoint::Impl::begin(ConnectionId id, Descriptor socket,
                                 const Listener::Caller& caller) {
    Ssl ssl(SSL_new(context.get()));
    if (!ssl) {
        throw std::bad_alloc();
    }
    // Made now, not before: it has the certificate that is in use now.
    const ConnectionPtr connection = server->get_connection();
    connection->owner = this;
    connection->id = id;
    connection->pin = pin;
    connection->caller = caller;
    connection->accepted = Clock::now();
    const TlsStream::Options stream{true, options.max_queued_bytes, connection->caller.network};
    connection->adopt(loop, std::move(socket), std::move(ssl), stream, server);
    connection->charge(memory, kHalfOpenMemory);
    set_handlers(*connection);
    connections.emplace(id, connection);
    connection->start();
}

// Each handler holds no more than a pointer to the connection that holds it.
void ServerEndpoint::Impl::set_handlers(Connection& connection) {
    Connection* self = &connection;
    connection.set_validate_handler([self](const Handle&) { return validate(*self); });
    connection.set_http_handler([self](const Handle&) { (void)validate(*self); });
    connection.set_open_handler([self](const Handle&) {
        if (self->owner != nullptr) {
            self->owner->open(*self);
        }
    });
    connection.set_ping_handler([self](const Handle&, const std::string& payload) {
        self->stream().write(FrameHead(kPong, payload.size()).view(), payload);
        return false;  // answered, in order with all else
    });
    const auto gone = [self] {
        if (self->owner != nullptr) {
            self->owner->end(*self);
        }
    };
    connection.set_termination_handler([gone](const ConnectionPtr&) { gone(); });
    WebsocketTransport::Hooks hooks;
    hooks.on_message = [self](std::string_view text, bool is_binary) {
        if (self->owner != nullptr && self->get_state() == websocketpp::session::state::open) {
            IncomingMessage message(text, is_binary);
            self->owner->on_message(*self, message);
        }
    };
    hooks.on_too_large = [self] {
        // websocketpp closes with 1009 after this: the owner's own close would be a second.
        if (self->owner != nullptr && !self->closing) {
            self->refusing = true;
            self->owner->callbacks.on_too_large(self->id);
            self->closing = true;
        }
    };
    hooks.after_read = [self] {
        if (self->owner != nullptr && self->get_state() != websocketpp::session::state::open) {
            self->owner->leave(*self);
        }
    };
    hooks.on_lost = gone;
    connection.set_hooks(std::move(hooks));
}

bool ServerEndpoint::Impl::validate(Connection& connection) {
    namespace status = websocketpp::http::status_code;
    if (connection.owner == nullptr || connection.get_resource() != wire::kPath) {
        connection.set_status(status::not_found);
        return false;
    }
    const std::string& wanted = connection.owner->options.subprotocol;
    const auto& offered = connection.get_requested_subprotocols();
    if (!wanted.empty() && std::find(offered.begin(), offered.end(), wanted) == offered.end()) {
        connection.set_status(status::bad_request);
        return false;
    }
    websocketpp::lib::error_code error;
    connection.select_subprotocol(wanted, error);
    return !error;
}

void ServerEndpoint::Impl::open(Connection& connection) {
    connection.open = true;
    connection.charge(kOpenMemory);
    ++opened;
    LinkFacts facts;
    facts.pin = connection.pin;
    facts.exporter = connection.stream().exporter();
    facts.remote = connection.caller.address;
    facts.network = connection.caller.network;
    facts.cipher = connection.stream().cipher();
    facts.accepted = connection.accepted;
    callbacks.on_open(connection.id, facts);
}

void ServerEndpoint::Impl::on_message(Connection& connection, Message& message) {
    if (connection.closing) {
        return;
    }
    if (message.is_binary() && !options.binary_too) {
        websocketpp::lib::error_code ignored;
        connection.closing = true;
        connection.close(1003, "text only", ignored);
        return;
    }
    callbacks.on_message(connection.id, message);
}

void ServerEndpoint::Impl::end(Connection& connection) {
    const ConnectionPtr gone = connection.get_shared();
    connection.owner = nullptr;
    found = nullptr;
    connections.erase(connection.id);
    limiter->leave(connection.caller.network);
    if (!connection.open) {
        ++totals.failed;
        return;
    }
    --opened;
    totals.cut_slow += connection.how_it_ended() == TlsStream::End::overflow ? 1 : 0;
    totals.cut_memory += connection.how_it_ended() == TlsStream::End::no_memory ? 1 : 0;
    leave(connection);
}

/// The other end has begun to close, or broken a rule: for the owner that is the end, though
/// the last of it may take a while.
void ServerEndpoint::Impl::leave(Connection& connection) {
    if (connection.open && !std::exchange(connection.left, true)) {
        callbacks.on_end(connection.id);
    }
}

/// Past websocketpp's queue, which would copy, and write a frame at a time: the stream
/// takes it whole, in order with all else that websocketpp writes.
void ServerEndpoint::Impl::write_message(ConnectionId to, char opcode, std::string_view payload) {
    Connection* connection = find(to);
    if (connection != nullptr && !connection->closing &&
        connection->get_state() == websocketpp::session::state::open) {
        connection->stream().write(FrameHead(opcode, payload.size()).view(), payload);
    }
}

void ServerEndpoint::Impl::end_half_open(Clock::time_point accepted_before) {
    for (const auto& [id, connection] : connections) {
        if (!connection->open && connection->accepted <= accepted_before) {
            connection->cut();  // it leaves `connections` at the end of the turn
        }
    }
}

/// One timer for all connections: a timer each would cost more than the connection.
void ServerEndpoint::Impl::sweep_later() {
    sweeper.at(Clock::now() + std::chrono::seconds(1), [this] {
        sweep_later();
        sweep();
    });
}

void ServerEndpoint::Impl::sweep() {
    ++sweeps;
    const auto now = Clock::now();
    end_half_open(now - std::chrono::seconds(options.handshake_seconds));
    if (memory) {
        memory->relieve();  // the bound may be another one
    }
    for (const auto& [id, connection] : connections) {
        connection->stream().trim();
        if (!connection->open || connection->closing || connection->paused) {
            continue;
        }
        TlsStream& stream = connection->stream();
        if (now - connection->last_sign_of_life() >=
            std::chrono::seconds(options.silence_seconds)) {
            ++totals.cut_silent;
            connection->cut();
        } else if ((sweeps + id) % options.ping_seconds == 0) {
            stream.write(kPingFrame);
        }
    }
}

ServerEndpoint::ServerEndpoint(Loop& loop, const Options& options, Callbacks callbacks)
    : impl_(std::make_unique<Impl>(loop, options, std::move(callbacks))) {}

ServerEndpoint::~ServerEndpoint() = default;

tl::expected<std::uint16_t, std::string> ServerEndpoint::listen(const std::string& address,
                                                                std::uint16_t port) {
    return impl_->listener.listen(address, port, impl_->options.reuse_port);
}

void ServerEndpoint::stop_listening() {
    impl_->listener.stop();
    impl_->end_half_open(Clock::now());
}

void ServerEndpoint::send(ConnectionId to, std::string_view text) {
    impl_->write_message(to, kText, text);
}

void ServerEndpoint::forward(ConnectionId to, Message& message) {
    impl_->write_message(to, message.is_binary() ? kBinary : kText, message.text());
}

void ServerEndpoint::close(ConnectionId id, std::uint16_t code, const std::string& reason) {
    Connection* connection = impl_->find(id);
    if (connection != nullptr && !connection->refusing &&
        !std::exchange(connection->closing, true)) {
        websocketpp::lib::error_code error;
        connection->close(code, reason, error);
        if (error) {
            connection->cut();
        }
    }
}

void ServerEndpoint::pause_reading(ConnectionId id, bool paused) {
    Connection* connection = impl_->find(id);
    if (connection != nullptr && std::exchange(connection->paused, paused) != paused) {
        connection->pause(paused);
    }
}

std::size_t ServerEndpoint::queued_bytes(ConnectionId id) const {
    Connection* connection = impl_->find(id);
    return connection == nullptr ? 0 : connection->stream().queued();
}

std::size_t ServerEndpoint::pressure(ConnectionId id) const {
    constexpr std::size_t kPart = 8;
    Connection* connection = impl_->find(id);
    if (connection == nullptr) {
        return 0;
    }
    const std::size_t queued = connection->stream().queued();
    const auto* memory = impl_->memory.get();
    if (memory == nullptr || !connection->stream().is_blocked()) {
        return queued;
    }
    const std::size_t most = memory->budget().left(MemoryBudget::Use::queued) / kPart;
    return queued <= most ? queued : MemoryBudget::kNoBound;
}

std::size_t ServerEndpoint::queued_bytes() const {
    std::size_t sum = 0;
    for (const auto& [id, connection] : impl_->connections) {
        sum += connection->stream().queued();
    }
    return sum;
}

std::size_t ServerEndpoint::connections() const {
    return impl_->opened;
}
std::size_t ServerEndpoint::half_open() const {
    return impl_->connections.size() - impl_->opened;
}
const ServerEndpoint::Totals& ServerEndpoint::totals() const {
    return impl_->totals;
}
const Pin& ServerEndpoint::pin() const {
    return impl_->pin;
}

tl::expected<void, std::string> ServerEndpoint::reload_certificate() {
    return reload(impl_->options);
}

tl::expected<void, std::string> ServerEndpoint::reload(const Options& options) {
    try {
        SslContext context = make_server_context(options.certificate_file, options.key_file);
        impl_->pin = pin_or_throw(options.certificate_file);
        impl_->context = std::move(context);
        impl_->options = options;
        impl_->limiter->set(options.connections);
        impl_->server->set_max_message_size(options.max_message);
        return {};
    } catch (const std::runtime_error& error) {
        return tl::unexpected(std::string(error.what()));
    }
}

}  // namespace sotto::net
