#pragma once

#include "crypto/base/octet_reader.h"
#include "crypto/base/octet_writer.h"
#include "crypto/bytes.h"

namespace sotto::crypto {

using Reader = base::OctetReader;
using Writer = base::OctetWriter;

}  // namespace sotto::crypto
