#pragma once

#include "net/websocket/message_pool.h"
#include "net/websocket/websocket_frames.h"
#include "net/websocket/websocket_transport.h"
#include "net/wire/limits.h"

#include <websocketpp/concurrency/none.hpp>
#include <websocketpp/logger/stub.hpp>
#include <websocketpp/message_buffer/alloc.hpp>

#include <cstddef>

// Included by the two endpoint sources only: everything here is websocketpp.
namespace sotto::net {

/// websocketpp's core configuration `Base` (server or client) as sotto needs it: its own
/// transport, one thread a loop and so no locks, no logging (16 % of the relay's time),
/// messages and requests bounded before they are buffered (the library's bounds are
/// 32 MB), no compression.
template <class Base>
struct WebsocketConfig : Base {
    using type = WebsocketConfig;
    using concurrency_type = websocketpp::concurrency::none;
    using alog_type = websocketpp::log::stub;
    using elog_type = websocketpp::log::stub;
    using transport_type = WebsocketTransportEndpoint;
    using message_type = websocketpp::message_buffer::message<MessagePool>;
    using con_msg_manager_type = MessagePool<message_type>;
    using endpoint_msg_manager_type =
        websocketpp::message_buffer::alloc::endpoint_msg_manager<con_msg_manager_type>;

    /// Small, as each connection has one: what comes in whole messages does not go through it.
    static const std::size_t connection_read_buffer_size = 2'048;
    static const bool enable_multithreading = false;
    static const long timeout_open_handshake = 0;  // the endpoints' own, TLS included
    static const long timeout_close_handshake = 2'000;
    static const long timeout_pong = 0;
    static const std::size_t max_message_size = wire::kMaxMessage;
    static const std::size_t max_http_body_size = 1'024;
    static const websocketpp::log::level elog_level = websocketpp::log::elevel::none;
    static const websocketpp::log::level alog_level = websocketpp::log::alevel::none;
};

}  // namespace sotto::net
