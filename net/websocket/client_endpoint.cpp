// One of the two sources that know websocketpp.
#include "net/websocket/client_endpoint.h"

#include "crypto/base/host_port.h"
#include "net/loop/loop_impl.h"
#include "net/proxy/proxy_connector.h"
#include "net/tls/tls_context.h"
#include "net/websocket/frame_head.h"
#include "net/websocket/websocket_config.h"

#include <openssl/rand.h>
#include <websocketpp/client.hpp>
#include <websocketpp/config/core_client.hpp>

#include <algorithm>
#include <utility>

namespace sotto::net {

namespace {

using Clock = Loop::Clock;
using How = LinkEnd::How;

constexpr auto kHandshake = std::chrono::seconds(wire::kHandshakeSeconds);

/// What the endpoint keeps of a connection, inside websocketpp's.
struct Session {
    ClientEndpoint::Impl* owner = nullptr;  ///< none once this is no longer its connection
    std::string address;
    JudgeCertificate judge;
    Pin pin{};
    bool untrusted = false;
    bool open = false;
    bool refused = false;  ///< open, but not as a sotto relay
    bool closing_here = false;
};

struct ClientConfig : WebsocketConfig<websocketpp::config::core_client> {
    using type = ClientConfig;
    using connection_base = Session;
};
using Client = websocketpp::client<ClientConfig>;
using Connection = Client::connection_type;
using ConnectionPtr = Client::connection_ptr;
using Handle = websocketpp::connection_hdl;

/// A close frame with 1001, masked with zeros: said on the way out.
constexpr std::string_view kGoingAway("\x88\x82\x00\x00\x00\x00\x03\xE9", 8);

}  // namespace
}  // namespace sotto::net

template <>
websocketpp::connection<sotto::net::ClientConfig>::processor_ptr
websocketpp::connection<sotto::net::ClientConfig>::get_processor(int /*version*/) const {
    auto& self = const_cast<sotto::net::Connection&>(*this);  // the reader calls back
    auto reader = std::make_shared<sotto::net::FrameReader<sotto::net::ClientConfig>>(
        m_is_server, m_msg_manager, m_rng, self);
    reader->set_max_message_size(m_max_message_size);
    return reader;
}

namespace sotto::net {

struct ClientEndpoint::Impl {
    Impl(Loop& on, Callbacks given, LinkPace at, std::optional<Proxy> proxy)
        : loop(on),
          callbacks(std::move(given)),
          pace(at),
          client(std::make_shared<Client>()),
          connector(on, std::move(proxy)),
          timer(on) {
        client->set_user_agent("");
    }
    ~Impl() { drop(); }

    void drop();
    void start(const std::string& host, std::uint16_t port);
    void connected(Descriptor socket, const std::string& address);
    void set_handlers(Connection& self);
    void on_open(Connection& self);
    void on_message(Connection& self, std::string_view text, bool is_binary);
    void end(LinkEnd how);
    void watch();
    [[nodiscard]] static LinkEnd why_ended(Connection& self);

    Loop& loop;
    Callbacks callbacks;
    LinkPace pace;
    std::shared_ptr<Client> client;  ///< its connections hold it too
    ProxyConnector connector;
    Loop::Timer timer;  ///< the handshake's deadline, then `watch`
    Clock::time_point next_ping;
    std::string host;
    std::uint16_t port = 0;
    ConnectionPtr connection;
};

void ClientEndpoint::Impl::drop() {
    timer.cancel();
    connector.cancel();
    if (const ConnectionPtr gone = std::exchange(connection, nullptr)) {
        gone->owner = nullptr;
        if (gone->open) {
            gone->stream().write(kGoingAway);
            gone->stream().send_now();
        }
        gone->abandon();
    }
}

void ClientEndpoint::Impl::end(LinkEnd how) {
    if (connection && !connection->open && how.how == How::unreachable) {
        connector.put_last(connection->address);
    }
    drop();
    callbacks.on_end(how);
}

void ClientEndpoint::Impl::start(const std::string& to_host, std::uint16_t to_port) {
    host = to_host;
    port = to_port;
    connector.connect(host, port, [this](Connector::Result result) {
        if (result.socket.is_open()) {
            connected(std::move(result.socket), result.address);
        } else {
            end({result.resolved ? How::unreachable : How::unresolved, 0, result.reason});
        }
    });
}

void ClientEndpoint::Impl::connected(Descriptor socket, const std::string& address) {
    websocketpp::lib::error_code error;
    const ConnectionPtr fresh = client->get_connection(
        "wss://" + base::host_port(host, port) + std::string(wire::kPath), error);
    if (error) {
        end({How::unresolved, 0, "not an address"});
        return;
    }
    connection = fresh;
    Connection* self = fresh.get();
    self->owner = this;
    self->address = address;
    self->judge = [self](const PresentedCertificate& seen) {
        self->pin = seen.pin;
        self->untrusted = self->owner == nullptr ||
                          !self->owner->callbacks.judge({seen.pin, seen.chain_verified});
        return !self->untrusted;
    };
    const bool is_address = host.find(':') != std::string::npos ||
                            host.find_first_not_of("0123456789.") == std::string::npos;
    const SslContext context = make_client_context(host, self->judge);
    self->adopt(loop, std::move(socket), make_ssl(context.get(), is_address ? "" : host), {false},
                client);
    self->add_subprotocol(std::string(wire::kSubprotocol), error);
    set_handlers(*self);
    timer.at(Clock::now() + kHandshake, [this] {
        end({How::unreachable, 0, "the relay does not answer"});
    });
    self->start();
}

// Each handler holds no more than a pointer to the connection that holds it.
void ClientEndpoint::Impl::set_handlers(Connection& connected) {
    Connection* self = &connected;
    self->set_open_handler([self](const Handle&) {
        if (self->owner != nullptr) {
            self->owner->on_open(*self);
        }
    });
    const auto gone = [self] {
        const auto alive = self->get_shared();
        if (self->owner != nullptr) {
            self->owner->end(why_ended(*self));
        }
    };
    self->set_termination_handler([gone](const ConnectionPtr&) { gone(); });
    WebsocketTransport::Hooks hooks;
    hooks.on_message = [self](std::string_view text, bool is_binary) {
        if (self->owner != nullptr && self->get_state() == websocketpp::session::state::open) {
            self->owner->on_message(*self, text, is_binary);
        }
    };
    hooks.on_lost = gone;
    self->set_hooks(std::move(hooks));
}

void ClientEndpoint::Impl::on_open(Connection& self) {
    self.on_upgraded();
    if (self.get_response_header("Sec-WebSocket-Protocol") != wire::kSubprotocol ||
        !self.get_response_header("Sec-WebSocket-Extensions").empty()) {  // none was offered
        self.refused = true;
        self.cut();
        return;
    }
    self.open = true;
    LinkFacts facts;
    facts.pin = self.pin;
    facts.exporter = self.stream().exporter();
    facts.remote = self.address;
    facts.cipher = self.stream().cipher();
    next_ping = Clock::now() + pace.ping;
    watch();
    callbacks.on_open(facts);
}

void ClientEndpoint::Impl::on_message(Connection& self, std::string_view text, bool is_binary) {
    if (!is_binary) {
        callbacks.on_message(text);
    } else {
        websocketpp::lib::error_code ignored;
        self.close(1003, "text only", ignored);
    }
}

LinkEnd ClientEndpoint::Impl::why_ended(Connection& self) {
    if (self.closing_here) {
        return {How::closed_here, 1000, ""};
    }
    if (self.untrusted) {
        return {How::untrusted, 0, "the relay's key is not trusted"};
    }
    if (!self.is_secured()) {
        if (self.how_it_ended() == TlsStream::End::tls_refused) {
            return {How::tls_failed, 0, "no TLS 1.3 connection could be made"};
        }
        return {How::unreachable, 0, "the relay closed the connection"};
    }
    if (!self.open || self.refused) {
        const int status = static_cast<int>(self.get_response_code());
        return {How::not_a_relay, status, "this is not a sotto relay"};
    }
    const int code = self.get_remote_close_code();
    const bool clean = code != websocketpp::close::status::abnormal_close &&
                       code != websocketpp::close::status::no_status;
    return clean ? LinkEnd{How::closed, code, self.get_remote_close_reason()}
                 : LinkEnd{How::lost, code, "the connection broke"};
}

/// Comes again at the next ping or when the silence has lasted, whichever is first: it is not
/// to last until a ping falls due.
void ClientEndpoint::Impl::watch() {
    timer.at(std::min(next_ping, connection->last_sign_of_life() + pace.silence), [this] {
        const auto now = Clock::now();
        if (now - connection->last_sign_of_life() >= pace.silence) {
            connection->open = false;  // nobody is there to be told
            end({How::lost, 0, "the relay has been silent for 20 seconds"});
            return;
        }
        if (now >= next_ping) {
            next_ping = now + pace.ping;
            websocketpp::lib::error_code ignored;
            connection->ping("", ignored);
        }
        watch();
    });
}

ClientEndpoint::ClientEndpoint(Loop& loop, Callbacks callbacks, LinkPace pace,
                               std::optional<Proxy> proxy)
    : impl_(std::make_unique<Impl>(loop, std::move(callbacks), pace, std::move(proxy))) {}
ClientEndpoint::~ClientEndpoint() = default;

void ClientEndpoint::connect(const std::string& host, std::uint16_t port) {
    impl_->drop();
    impl_->start(host, port);
}

void ClientEndpoint::send(std::string text) {
    std::array<std::uint8_t, 4> key{};
    const bool open =
        is_open() && impl_->connection->get_state() == websocketpp::session::state::open;
    if (open && RAND_bytes(key.data(), static_cast<int>(key.size())) == 1) {
        unmask(reinterpret_cast<std::uint8_t*>(text.data()), text.size(), key, 0);  // and masks
        impl_->connection->stream().write(FrameHead(kText, text.size(), key).view(), text);
    }
}

void ClientEndpoint::close(std::uint16_t code, const std::string& reason) {
    const auto& connection = impl_->connection;
    if (!connection) {
        if (impl_->connector.is_busy()) {
            impl_->connector.cancel();
            impl_->timer.at(Clock::now(), [this] { impl_->end({How::closed_here, 1000, ""}); });
        }
        return;
    }
    connection->closing_here = true;
    websocketpp::lib::error_code error;
    if (connection->open) {
        connection->close(code, reason, error);
    } else {
        connection->cut();
    }
}

bool ClientEndpoint::is_open() const {
    return impl_->connection && impl_->connection->open && !impl_->connection->closing_here;
}

std::size_t ClientEndpoint::queued_bytes() const {
    return is_open()
               ? impl_->connection->get_buffered_amount() + impl_->connection->stream().queued()
               : 0;
}

}  // namespace sotto::net
