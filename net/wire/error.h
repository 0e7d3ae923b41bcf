#pragma once

#include "crypto/base/error.h"

/// Of a message that could not be read: `drop` is strict JSON with a type, but not what that type
/// asks for; `close` is not strict JSON, or has no `type`.
namespace sotto::wire {

using base::Error;
using base::Expected;
using base::Verdict;

}  // namespace sotto::wire
