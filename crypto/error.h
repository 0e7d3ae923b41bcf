#pragma once

#include "crypto/base/error.h"

namespace sotto::crypto {

using base::close;
using base::drop;
using base::Error;
using base::Expected;
using base::fatal;
using base::Verdict;

}  // namespace sotto::crypto
