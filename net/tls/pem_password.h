#pragma once

namespace sotto::net {

/// A password callback of OpenSSL that never has one, and sets the `bool` that it is handed:
/// what was to be read is encrypted. OpenSSL's own asks at the terminal, and everything
/// waits until somebody answers.
extern "C" inline int no_password(char* /*buffer*/, int /*size*/, int /*writing*/, void* asked) {
    if (asked != nullptr) {
        *static_cast<bool*>(asked) = true;
    }
    return -1;
}

}  // namespace sotto::net
