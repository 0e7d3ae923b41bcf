#pragma once

#include "net/io/loop.h"

#include <asio/io_context.hpp>

namespace sotto::net {

struct Loop::Impl {
    asio::io_context context{1};  ///< one thread: Asio need not lock
};

}  // namespace sotto::net
