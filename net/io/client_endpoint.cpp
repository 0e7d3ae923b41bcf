// One of the two sources that know websocketpp.
#include "net/io/client_endpoint.h"

#include "net/io/loop_impl.h"
#include "net/io/spki.h"
#include "net/io/websocket_config.h"

#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <websocketpp/client.hpp>
#include <websocketpp/config/asio_client.hpp>

#include <utility>

namespace sotto::net {

namespace {

using Client = websocketpp::client<WebsocketConfig<websocketpp::config::asio_tls_client>>;
using Connection = Client::connection_ptr;
using Clock = Loop::Clock;

constexpr auto kPing = std::chrono::seconds(wire::kPingSeconds);
constexpr auto kSilence = std::chrono::seconds(wire::kSilenceSeconds);

}  // namespace

/// One connection's life; a late callback finds it gone by its weak pointer.
struct Attempt {
    Connection connection;
    std::string host;
    Pin pin{};
    bool untrusted = false;
    bool tls_done = false;
    bool open = false;
    bool ended = false;
    bool closing_here = false;
    Clock::time_point last_heard;
    std::function<bool(const RelayCertificate&)> judge;
};

struct ClientEndpoint::Impl {
    Impl(Loop& on, Callbacks given) : loop(on), callbacks(std::move(given)), pinger(on) {
        client.init_asio(&loop.impl().context);
    }
    ~Impl() { drop(); }

    void drop();
    void start(const std::string& host, std::uint16_t port);
    void end(const std::shared_ptr<Attempt>& attempt, LinkEnd how);
    void watch(const std::shared_ptr<Attempt>& attempt);
    static LinkEnd why_failed(const Attempt& attempt);
    static websocketpp::lib::shared_ptr<asio::ssl::context> tls_context(
        const std::shared_ptr<Attempt>& attempt);

    Loop& loop;
    Callbacks callbacks;
    Client client;
    Loop::Timer pinger;
    std::shared_ptr<Attempt> current;
};

namespace {

/// Takes the place of OpenSSL's own verification: the chain is looked at, but the
/// verdict is `judge`'s alone (section 1), inside the handshake and once.
int verify_certificate(X509_STORE_CTX* store, void* argument) {
    auto* attempt = static_cast<Attempt*>(argument);
    try {
        X509* leaf = X509_STORE_CTX_get0_cert(store);
        if (leaf == nullptr) {
            return 0;
        }
        RelayCertificate seen;
        seen.pin = spki_pin(leaf);
        const bool chain = X509_verify_cert(store) == 1;
        const bool name = X509_check_host(leaf, attempt->host.c_str(), 0, 0, nullptr) == 1 ||
                          X509_check_ip_asc(leaf, attempt->host.c_str(), 0) == 1;
        seen.chain_verified = chain && name;
        attempt->pin = seen.pin;
        attempt->tls_done = attempt->judge(seen);
        attempt->untrusted = !attempt->tls_done;
        X509_STORE_CTX_set_error(
            store, attempt->tls_done ? X509_V_OK : X509_V_ERR_APPLICATION_VERIFICATION);
        return attempt->tls_done ? 1 : 0;
    } catch (const std::exception&) {
        return 0;
    }
}

}  // namespace

websocketpp::lib::shared_ptr<asio::ssl::context> ClientEndpoint::Impl::tls_context(
    const std::shared_ptr<Attempt>& attempt) {
    auto context =
        websocketpp::lib::make_shared<asio::ssl::context>(asio::ssl::context::tls_client);
    SSL_CTX* raw = context->native_handle();
    SSL_CTX_set_min_proto_version(raw, TLS1_3_VERSION);
    SSL_CTX_set_max_proto_version(raw, TLS1_3_VERSION);
    SSL_CTX_set_session_cache_mode(raw, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_default_verify_paths(raw);
    SSL_CTX_set_verify(raw, SSL_VERIFY_PEER, nullptr);
    SSL_CTX_set_cert_verify_callback(raw, verify_certificate, attempt.get());
    return context;
}

void ClientEndpoint::Impl::drop() {
    pinger.cancel();
    if (const auto attempt = std::exchange(current, nullptr)) {
        attempt->ended = true;
        websocketpp::lib::error_code ignored;
        if (attempt->open) {
            attempt->connection->close(1001, "", ignored);
        } else {
            attempt->connection->terminate({});
        }
    }
}

void ClientEndpoint::Impl::end(const std::shared_ptr<Attempt>& attempt, LinkEnd how) {
    if (std::exchange(attempt->ended, true)) {
        return;
    }
    pinger.cancel();
    current.reset();
    callbacks.on_end(how);
}

LinkEnd ClientEndpoint::Impl::why_failed(const Attempt& attempt) {
    const auto error = attempt.connection->get_ec();
    const auto transport = attempt.connection->get_transport_ec();
    const auto status = static_cast<int>(attempt.connection->get_response_code());
    if (attempt.closing_here) {
        return {LinkEnd::How::closed_here, 1000, ""};
    }
    if (attempt.untrusted) {
        return {LinkEnd::How::untrusted, 0, "the relay's key is not trusted"};
    }
    if (attempt.tls_done) {
        return {LinkEnd::How::not_a_relay, status, "this is not a sotto relay"};
    }
    if (transport.category() == asio::error::get_netdb_category()) {
        return {LinkEnd::How::unresolved, 0, "there is no host of that name"};
    }
    if (transport.category() == asio::error::get_ssl_category() ||
        error == websocketpp::transport::asio::socket::make_error_code(
                     websocketpp::transport::asio::socket::error::tls_handshake_failed)) {
        return {LinkEnd::How::tls_failed, 0, "no TLS 1.3 connection could be made"};
    }
    return {LinkEnd::How::unreachable, 0,
            transport ? transport.message() : std::string("the relay can't be reached")};
}

void ClientEndpoint::Impl::watch(const std::shared_ptr<Attempt>& attempt) {
    pinger.at(Clock::now() + kPing, [this, attempt] {
        if (attempt->ended || !attempt->open) {
            return;
        }
        if (Clock::now() - attempt->last_heard >= kSilence) {
            const Connection connection = attempt->connection;
            end(attempt, {LinkEnd::How::lost, 0, "the relay has been silent for 20 seconds"});
            connection->terminate({});
            return;
        }
        websocketpp::lib::error_code ignored;
        attempt->connection->ping("", ignored);
        watch(attempt);
    });
}

void ClientEndpoint::Impl::start(const std::string& host, std::uint16_t port) {
    const auto attempt = std::make_shared<Attempt>();
    attempt->host = host;
    attempt->judge = callbacks.judge;
    client.set_tls_init_handler(
        [attempt](const websocketpp::connection_hdl&) { return tls_context(attempt); });
    const std::string bracketed = host.find(':') == std::string::npos ? host : "[" + host + "]";
    websocketpp::lib::error_code error;
    attempt->connection = client.get_connection(
        "wss://" + bracketed + ":" + std::to_string(port) + std::string(wire::kPath), error);
    if (error) {
        loop.post([this, attempt] {
            end(attempt, {LinkEnd::How::unresolved, 0, "not an address"});
        });
        current = attempt;
        return;
    }
    const auto& connection = attempt->connection;
    connection->add_subprotocol(std::string(wire::kSubprotocol), error);
    const auto heard = [attempt] { attempt->last_heard = Clock::now(); };
    connection->set_tcp_pre_init_handler([attempt](const websocketpp::connection_hdl&) {
        asio::error_code ignored;
        attempt->connection->get_raw_socket().set_option(asio::ip::tcp::no_delay(true), ignored);
    });
    connection->set_open_handler([this, attempt, heard](const websocketpp::connection_hdl&) {
        heard();
        if (attempt->ended) {
            return;
        }
        if (attempt->connection->get_response_header("Sec-WebSocket-Protocol") !=
            wire::kSubprotocol) {
            const Connection open = attempt->connection;
            end(attempt, {LinkEnd::How::not_a_relay, 0, "this is not a sotto relay"});
            open->terminate({});
            return;
        }
        attempt->open = true;
        LinkFacts facts;
        facts.pin = attempt->pin;
        SSL* ssl = attempt->connection->get_socket().native_handle();
        static constexpr std::string_view label = "EXPORTER-Channel-Binding";
        SSL_export_keying_material(ssl, facts.exporter.data(), facts.exporter.size(), label.data(),
                                   label.size(), nullptr, 0, 1);
        facts.remote = attempt->connection->get_remote_endpoint();
        facts.cipher = SSL_get_cipher_name(ssl);
        watch(attempt);
        callbacks.on_open(facts);
    });
    connection->set_message_handler([this, attempt, heard](const websocketpp::connection_hdl&,
                                                           const Client::message_ptr& message) {
        heard();
        websocketpp::lib::error_code ignored;
        if (attempt->ended) {
            return;
        }
        if (message->get_opcode() != websocketpp::frame::opcode::text) {
            attempt->connection->close(1003, "text only", ignored);
        } else if (message->get_payload().size() > wire::kMaxMessage) {
            attempt->connection->close(1009, "too large", ignored);
        } else {
            callbacks.on_message(message->get_payload());
        }
    });
    connection->set_ping_handler([heard](const websocketpp::connection_hdl&, const std::string&) {
        heard();
        return true;
    });
    connection->set_pong_handler(
        [heard](const websocketpp::connection_hdl&, const std::string&) { heard(); });
    connection->set_fail_handler([this, attempt](const websocketpp::connection_hdl&) {
        end(attempt, why_failed(*attempt));
    });
    connection->set_close_handler([this, attempt](const websocketpp::connection_hdl&) {
        const int code = attempt->connection->get_remote_close_code();
        const bool clean = code != websocketpp::close::status::abnormal_close &&
                           code != websocketpp::close::status::no_status;
        LinkEnd how{clean ? LinkEnd::How::closed : LinkEnd::How::lost, code,
                    clean ? attempt->connection->get_remote_close_reason()
                          : std::string("the connection broke")};
        if (attempt->closing_here) {
            how.how = LinkEnd::How::closed_here;
        }
        end(attempt, how);
    });
    current = attempt;
    client.connect(connection);
}

ClientEndpoint::ClientEndpoint(Loop& loop, Callbacks callbacks)
    : impl_(std::make_unique<Impl>(loop, std::move(callbacks))) {}
ClientEndpoint::~ClientEndpoint() = default;

void ClientEndpoint::connect(const std::string& host, std::uint16_t port) {
    impl_->drop();
    impl_->start(host, port);
}

void ClientEndpoint::send(std::string text) {
    if (is_open()) {
        websocketpp::lib::error_code ignored;
        ignored = impl_->current->connection->send(text, websocketpp::frame::opcode::text);
    }
}

void ClientEndpoint::close(std::uint16_t code, const std::string& reason) {
    const auto attempt = impl_->current;
    if (!attempt) {
        return;
    }
    attempt->closing_here = true;
    websocketpp::lib::error_code error;
    if (attempt->open) {
        attempt->connection->close(code, reason, error);
    } else {
        attempt->connection->terminate({});
    }
}

bool ClientEndpoint::is_open() const {
    return impl_->current && impl_->current->open && !impl_->current->ended;
}

std::size_t ClientEndpoint::queued_bytes() const {
    return is_open() ? impl_->current->connection->get_buffered_amount() : 0;
}

}  // namespace sotto::net
