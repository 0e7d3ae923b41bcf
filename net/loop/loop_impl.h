#pragma once

#include "net/loop/loop.h"
#include "net/loop/poller.h"

#include <asio/io_context.hpp>

namespace sotto::net {

struct Loop::Impl {
    asio::io_context context{1};  ///< one thread: Asio need not lock
    Poller poller{context};       ///< of the endpoints' sockets
};

}  // namespace sotto::net
