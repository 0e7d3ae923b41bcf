#pragma once

#include <string_view>

namespace sotto::relay {

/// Tells systemd how the service is, as sd_notify(3) would: `READY=1`, `RELOADING=1`,
/// `STOPPING=1`. Nothing happens where nobody listens ($NOTIFY_SOCKET).
void notify_service_manager(std::string_view state);

}  // namespace sotto::relay
