#include "relay/program/notify.h"

#include "net/system/descriptor.h"

#include <sys/socket.h>
#include <sys/un.h>

#include <cstddef>
#include <cstdlib>
#include <cstring>

namespace sotto::relay {

void notify_service_manager(std::string_view state) {
    const char* path = std::getenv("NOTIFY_SOCKET");  // NOLINT(concurrency-mt-unsafe)
    sockaddr_un to{};
    to.sun_family = AF_UNIX;
    const std::size_t size = path == nullptr ? 0 : std::strlen(path);
    if (size < 2 || size >= sizeof to.sun_path || (path[0] != '/' && path[0] != '@')) {
        return;
    }
    std::memcpy(to.sun_path, path, size);
    if (path[0] == '@') {
        to.sun_path[0] = '\0';  // an abstract socket
    }
    const net::Descriptor socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    if (socket.is_open()) {
        const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + size);
        ::sendto(socket.get(), state.data(), state.size(), MSG_NOSIGNAL,
                 reinterpret_cast<const sockaddr*>(&to), length);
    }
}

}  // namespace sotto::relay
