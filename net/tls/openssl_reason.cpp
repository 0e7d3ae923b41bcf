#include "net/tls/openssl_reason.h"

#include <openssl/err.h>
#include <openssl/pemerr.h>

#include <cstring>

namespace sotto::net {

std::string openssl_reason() {
    const unsigned long first = ERR_get_error();
    ERR_clear_error();
    const int reason = ERR_GET_REASON(first);
    if (ERR_GET_LIB(first) == ERR_LIB_SYS) {
        return std::strerror(reason);
    }
    if (ERR_GET_LIB(first) == ERR_LIB_PEM && reason == PEM_R_NO_START_LINE) {
        return "nothing of the kind is in it, as PEM";
    }
    const char* known = ERR_reason_error_string(first);
    return known == nullptr ? "OpenSSL does not say why" : known;
}

}  // namespace sotto::net
