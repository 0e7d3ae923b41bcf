#pragma once

#include "net/wire/limits.h"

#include <websocketpp/concurrency/none.hpp>
#include <websocketpp/logger/stub.hpp>
#include <websocketpp/transport/asio/endpoint.hpp>

#include <cstddef>

// Included by the two endpoint sources only: everything here is websocketpp.
namespace sotto::net {

/// websocketpp's TLS configuration `Base`, as sotto needs it: one thread a loop, so
/// no locks; no logging (16 % of the relay's time); messages bounded before they are
/// buffered (the library's own bound is 32 MB); no compression.
template <class Base>
struct WebsocketConfig : Base {
    using type = WebsocketConfig;
    using concurrency_type = websocketpp::concurrency::none;
    using request_type = typename Base::request_type;
    using response_type = typename Base::response_type;
    using message_type = typename Base::message_type;
    using con_msg_manager_type = typename Base::con_msg_manager_type;
    using endpoint_msg_manager_type = typename Base::endpoint_msg_manager_type;
    using alog_type = websocketpp::log::stub;
    using elog_type = websocketpp::log::stub;
    using rng_type = typename Base::rng_type;

    struct transport_config : Base::transport_config {
        using type = transport_config;
        using concurrency_type = websocketpp::concurrency::none;
        using alog_type = websocketpp::log::stub;
        using elog_type = websocketpp::log::stub;
        using request_type = typename Base::request_type;
        using response_type = typename Base::response_type;
        static const bool enable_multithreading = false;
        static const long timeout_socket_pre_init = 5'000;
        static const long timeout_socket_post_init = 10'000;  // the TLS handshake
        static const long timeout_proxy = 5'000;
        static const long timeout_connect = 10'000;
        static const long timeout_dns_resolve = 5'000;
        static const long timeout_socket_shutdown = 2'000;
    };
    using transport_type = websocketpp::transport::asio::endpoint<transport_config>;

    static const long timeout_open_handshake = 10'000;
    static const long timeout_close_handshake = 2'000;
    // Twice the protocol's, so that what is a little too large still gets its `too_large`.
    static const std::size_t max_message_size = 2 * wire::kMaxMessage;
    static const websocketpp::log::level elog_level = websocketpp::log::elevel::none;
    static const websocketpp::log::level alog_level = websocketpp::log::alevel::none;
};

}  // namespace sotto::net
