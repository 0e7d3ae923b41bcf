// One of the two sources that know websocketpp.
#include "net/io/server_endpoint.h"

#include "net/io/certificate.h"
#include "net/io/loop_impl.h"
#include "net/io/websocket_config.h"

#include <openssl/ssl.h>
#include <websocketpp/config/asio.hpp>
#include <websocketpp/server.hpp>

#include <algorithm>
#include <stdexcept>
#include <unordered_map>
#include <utility>

namespace sotto::net {

namespace {

using Server = websocketpp::server<WebsocketConfig<websocketpp::config::asio_tls>>;
using Connection = Server::connection_ptr;
using Handle = websocketpp::connection_hdl;
using TlsContext = websocketpp::lib::shared_ptr<asio::ssl::context>;
using Clock = Loop::Clock;

TlsContext make_context(const ServerEndpoint::Options& options) {
    auto context =
        websocketpp::lib::make_shared<asio::ssl::context>(asio::ssl::context::tls_server);
    SSL_CTX* raw = context->native_handle();
    SSL_CTX_set_min_proto_version(raw, TLS1_3_VERSION);
    SSL_CTX_set_max_proto_version(raw, TLS1_3_VERSION);
    SSL_CTX_set_max_early_data(raw, 0);
    SSL_CTX_set_num_tickets(raw, 0);  // nobody resumes: a registration binds to its connection
    SSL_CTX_set_session_cache_mode(raw, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_mode(raw, SSL_MODE_RELEASE_BUFFERS);
    if (SSL_CTX_use_certificate_chain_file(raw, options.certificate_file.c_str()) != 1) {
        throw std::runtime_error("can't use the certificate " + options.certificate_file);
    }
    if (SSL_CTX_use_PrivateKey_file(raw, options.key_file.c_str(), SSL_FILETYPE_PEM) != 1) {
        throw std::runtime_error("can't use the key " + options.key_file +
                                 " (unreadable, or not the certificate's)");
    }
    if (SSL_CTX_check_private_key(raw) != 1) {
        throw std::runtime_error("the key " + options.key_file + " is not the certificate's");
    }
    return context;
}

Pin pin_or_throw(const std::string& file) {
    const auto pin = pin_of_file(file);
    if (!pin) {
        throw std::runtime_error(pin.error());
    }
    return *pin;
}

class IncomingMessage final : public ServerEndpoint::Message {
  public:
    explicit IncomingMessage(const Server::message_ptr& message) : message_(message) {}
    [[nodiscard]] std::string_view text() const override { return message_->get_payload(); }
    [[nodiscard]] const Server::message_ptr& get() const { return message_; }

  private:
    const Server::message_ptr& message_;
};

struct Peer {
    Connection connection;
    Clock::time_point last_heard;
    bool closing = false;
};

}  // namespace

struct ServerEndpoint::Impl {
    Impl(Loop& on, const Options& given, Callbacks back)
        : loop(on),
          options(given),
          callbacks(std::move(back)),
          context(make_context(options)),
          pin(pin_or_throw(options.certificate_file)),
          sweeper(on) {
        server.init_asio(&loop.impl().context);
        server.set_reuse_addr(true);
        server.set_tls_init_handler([this](const Handle&) { return context; });
        server.set_tcp_pre_init_handler([this](const Handle& handle) {
            asio::error_code ignored;
            websocketpp::lib::error_code error;
            if (const auto connection = server.get_con_from_hdl(handle, error)) {
                connection->get_raw_socket().set_option(asio::ip::tcp::no_delay(true), ignored);
            }
        });
        server.set_validate_handler([this](const Handle& handle) { return validate(handle); });
        server.set_http_handler([this](const Handle& handle) { (void)validate(handle); });
        server.set_open_handler([this](const Handle& handle) { open(handle); });
        sweep_later();
    }

    bool validate(const Handle& handle);
    void open(const Handle& handle);
    void on_message(ConnectionId id, const Server::message_ptr& message);
    void heard(ConnectionId id);
    void end(ConnectionId id);
    void sweep_later();
    void sweep();
    Peer* find(ConnectionId id) {
        const auto at = peers.find(id);
        return at == peers.end() ? nullptr : &at->second;
    }
    void cut_if_slow(ConnectionId id, const Connection& connection);

    Loop& loop;
    Options options;
    Callbacks callbacks;
    TlsContext context;
    Pin pin;
    Server server;
    Loop::Timer sweeper;
    std::unordered_map<ConnectionId, Peer> peers;
    ConnectionId last_id = 0;
    std::uint32_t sweeps = 0;
    bool listening = false;
};

bool ServerEndpoint::Impl::validate(const Handle& handle) {
    namespace status = websocketpp::http::status_code;
    websocketpp::lib::error_code error;
    const auto connection = server.get_con_from_hdl(handle, error);
    if (!connection) {
        return false;
    }
    if (connection->get_resource() != wire::kPath) {
        connection->set_status(status::not_found);
        return false;
    }
    const auto& offered = connection->get_requested_subprotocols();
    if (std::find(offered.begin(), offered.end(), wire::kSubprotocol) == offered.end()) {
        connection->set_status(status::bad_request);
        return false;
    }
    connection->select_subprotocol(std::string(wire::kSubprotocol), error);
    return !error;
}

void ServerEndpoint::Impl::open(const Handle& handle) {
    websocketpp::lib::error_code error;
    const auto connection = server.get_con_from_hdl(handle, error);
    if (!connection) {
        return;
    }
    const ConnectionId id = ++last_id;
    peers.emplace(id, Peer{connection, Clock::now()});
    connection->set_message_handler(
        [this, id](const Handle&, const Server::message_ptr& message) { on_message(id, message); });
    connection->set_ping_handler([this, id](const Handle&, const std::string&) {
        heard(id);
        return true;
    });
    connection->set_pong_handler([this, id](const Handle&, const std::string&) { heard(id); });
    connection->set_close_handler([this, id](const Handle&) { end(id); });
    connection->set_fail_handler([this, id](const Handle&) { end(id); });

    LinkFacts facts;
    SSL* ssl = connection->get_socket().native_handle();
    static constexpr std::string_view label = "EXPORTER-Channel-Binding";
    SSL_export_keying_material(ssl, facts.exporter.data(), facts.exporter.size(), label.data(),
                               label.size(), nullptr, 0, 1);
    asio::error_code ignored;
    facts.remote =
        connection->get_raw_socket().remote_endpoint(ignored).address().to_string(ignored);
    facts.cipher = SSL_get_cipher_name(ssl);
    callbacks.on_open(id, facts);
}

void ServerEndpoint::Impl::heard(ConnectionId id) {
    if (Peer* peer = find(id)) {
        peer->last_heard = Clock::now();
    }
}

void ServerEndpoint::Impl::on_message(ConnectionId id, const Server::message_ptr& message) {
    Peer* peer = find(id);
    if (peer == nullptr || peer->closing) {
        return;
    }
    peer->last_heard = Clock::now();
    websocketpp::lib::error_code ignored;
    if (message->get_opcode() != websocketpp::frame::opcode::text) {
        peer->closing = true;
        peer->connection->close(1003, "text only", ignored);
    } else if (message->get_payload().size() > options.max_message) {
        callbacks.on_too_large(id);
    } else {
        IncomingMessage incoming(message);
        callbacks.on_message(id, incoming);
    }
}

void ServerEndpoint::Impl::end(ConnectionId id) {
    if (peers.erase(id) != 0) {
        callbacks.on_end(id);
    }
}

/// One timer for all connections: a timer each would cost more than the connection.
void ServerEndpoint::Impl::sweep_later() {
    sweeper.at(Clock::now() + std::chrono::seconds(1), [this] {
        sweep();
        sweep_later();
    });
}

void ServerEndpoint::Impl::sweep() {
    ++sweeps;
    const auto now = Clock::now();
    std::vector<Connection> silent;
    for (auto& [id, peer] : peers) {
        websocketpp::lib::error_code ignored;
        if (now - peer.last_heard >= std::chrono::seconds(options.silence_seconds)) {
            silent.push_back(peer.connection);
        } else if ((sweeps + id) % options.ping_seconds == 0 && !peer.closing) {
            peer.connection->ping("", ignored);
        }
    }
    for (const Connection& connection : silent) {
        connection->terminate({});
    }
}

void ServerEndpoint::Impl::cut_if_slow(ConnectionId id, const Connection& connection) {
    if (connection->get_buffered_amount() > options.max_queued_bytes) {
        loop.post([this, id] {
            if (const Peer* peer = find(id)) {
                const Connection slow = peer->connection;
                slow->terminate({});
            }
        });
    }
}

ServerEndpoint::ServerEndpoint(Loop& loop, const Options& options, Callbacks callbacks)
    : impl_(std::make_unique<Impl>(loop, options, std::move(callbacks))) {}

ServerEndpoint::~ServerEndpoint() {
    stop_listening();
    for (auto& [id, peer] : impl_->peers) {
        peer.connection->set_message_handler(nullptr);
        peer.connection->set_close_handler(nullptr);
        peer.connection->set_fail_handler(nullptr);
        peer.connection->set_ping_handler(nullptr);
        peer.connection->set_pong_handler(nullptr);
    }
}

tl::expected<std::uint16_t, std::string> ServerEndpoint::listen(const std::string& address,
                                                                std::uint16_t port) {
    asio::error_code error;
    const auto ip = asio::ip::make_address(address, error);
    if (error) {
        return tl::unexpected("'" + address + "' is not an IP address to listen on");
    }
    websocketpp::lib::error_code failed;
    impl_->server.listen(asio::ip::tcp::endpoint(ip, port), failed);
    if (failed) {
        return tl::unexpected("can't listen on " + address + " port " + std::to_string(port) +
                              ": " + "the port is in use, or it is not allowed");
    }
    impl_->server.start_accept(failed);
    if (failed) {
        return tl::unexpected("can't accept connections: " + failed.message());
    }
    impl_->listening = true;
    return impl_->server.get_local_endpoint(error).port();
}

void ServerEndpoint::stop_listening() {
    if (std::exchange(impl_->listening, false)) {
        websocketpp::lib::error_code ignored;
        impl_->server.stop_listening(ignored);
    }
}

void ServerEndpoint::send(ConnectionId to, std::string text) {
    if (const Peer* peer = impl_->find(to)) {
        const auto failed = peer->connection->send(text, websocketpp::frame::opcode::text);
        if (!failed) {
            impl_->cut_if_slow(to, peer->connection);
        }
    }
}

void ServerEndpoint::forward(ConnectionId to, Message& message) {
    if (const Peer* peer = impl_->find(to)) {
        const auto& incoming = static_cast<IncomingMessage&>(message).get();
        const auto failed =
            peer->connection->send(incoming->get_payload(), websocketpp::frame::opcode::text);
        if (!failed) {
            impl_->cut_if_slow(to, peer->connection);
        }
    }
}

void ServerEndpoint::close(ConnectionId id, std::uint16_t code, const std::string& reason) {
    if (Peer* peer = impl_->find(id)) {
        peer->closing = true;
        websocketpp::lib::error_code ignored;
        peer->connection->close(code, reason, ignored);
    }
}

void ServerEndpoint::pause_reading(ConnectionId id, bool paused) {
    if (const Peer* peer = impl_->find(id)) {
        const auto failed =
            paused ? peer->connection->pause_reading() : peer->connection->resume_reading();
        (void)failed;
    }
}

std::size_t ServerEndpoint::queued_bytes(ConnectionId id) const {
    const Peer* peer = impl_->find(id);
    return peer == nullptr ? 0 : peer->connection->get_buffered_amount();
}

std::size_t ServerEndpoint::connections() const {
    return impl_->peers.size();
}
const Pin& ServerEndpoint::pin() const {
    return impl_->pin;
}

tl::expected<void, std::string> ServerEndpoint::reload_certificate() {
    try {
        auto context = make_context(impl_->options);
        const Pin pin = pin_or_throw(impl_->options.certificate_file);
        impl_->context = std::move(context);
        impl_->pin = pin;
        return {};
    } catch (const std::runtime_error& error) {
        return tl::unexpected(std::string(error.what()));
    }
}

}  // namespace sotto::net
