#pragma once

#include "net/loop/listener.h"
#include "net/loop/loop.h"
#include "net/websocket/server_endpoint.h"
#include "net/websocket/websocket_config.h"

#include <websocketpp/config/core.hpp>
#include <websocketpp/server.hpp>

#include <memory>
#include <string>
#include <vector>

// Included by server_endpoint.cpp only: everything here is websocketpp.
namespace sotto::net {

/// What the endpoint keeps of a connection, inside websocketpp's.
struct Session {
    ServerEndpoint::Impl* owner = nullptr;  ///< none once the endpoint is gone
    ConnectionId id = 0;
    Pin pin{};
    Listener::Caller caller;
    Loop::Clock::time_point accepted;
    bool open = false;
    bool refusing = false;  ///< a message was too large: websocketpp is about to close
    bool closing = false;
    bool left = false;  ///< nothing is sent to it any more, and the owner knows
    bool paused = false;
};

struct ServerConfig : WebsocketConfig<websocketpp::config::core> {
    using type = ServerConfig;
    using connection_base = Session;
};
using Server = websocketpp::server<ServerConfig>;
using Connection = Server::connection_type;
using ConnectionPtr = Server::connection_ptr;
using Handle = websocketpp::connection_hdl;

}  // namespace sotto::net

/// None but RFC 6455's version 13 is spoken, with our own reader of frames.
template <>
inline websocketpp::connection<sotto::net::ServerConfig>::processor_ptr
websocketpp::connection<sotto::net::ServerConfig>::get_processor(int version) const {
    if (version != 13) {
        return nullptr;
    }
    auto& self = const_cast<sotto::net::Connection&>(*this);  // the reader calls back
    auto reader = std::make_shared<sotto::net::FrameReader<sotto::net::ServerConfig>>(
        m_is_server, m_msg_manager, m_rng, self);
    reader->set_max_message_size(m_max_message_size);
    return reader;
}

/// What was said about the upgrade is of no use any more, and a stranger chose how much it is.
template <>
inline void websocketpp::connection<sotto::net::ServerConfig>::log_open_result() {
    m_request = request_type();
    m_response = response_type();
    std::vector<std::string>().swap(m_requested_subprotocols);
    std::string().swap(m_handshake_buffer);
    on_upgraded();
}
