#pragma once

#include "crypto/bytes.h"
#include "net/wire/envelope.h"

#include <string>

namespace sotto::client {

/// What an error of the relay means to the person, without its hostile parts. With
/// `about`, the user that the refused message was for.
[[nodiscard]] std::string sentence(const wire::ErrorMessage& error, const std::string& about = "");

/// Two lower-case digits a byte.

}  // namespace sotto::client
