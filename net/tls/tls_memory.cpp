#include "net/tls/tls_memory.h"

#include <algorithm>
#include <cstring>
#include <new>

namespace sotto::net {

int TlsMemory::read(BIO* bio, char* to, int size) {
    auto& memory = *static_cast<TlsMemory*>(BIO_get_data(bio));
    BIO_clear_retry_flags(bio);
    const std::size_t taken = std::min(static_cast<std::size_t>(size), memory.input.size());
    if (taken == 0 || memory.asks_left == 0) {
        BIO_set_retry_read(bio);
        return -1;
    }
    --memory.asks_left;
    memory.in_record = true;
    std::memcpy(to, memory.input.data(), taken);
    memory.input.remove_prefix(taken);
    return static_cast<int>(taken);
}

int TlsMemory::write(BIO* bio, const char* from, int size) {
    auto& memory = *static_cast<TlsMemory*>(BIO_get_data(bio));
    BIO_clear_retry_flags(bio);
    try {
        memory.output_.append(from, static_cast<std::size_t>(size));
    } catch (const std::bad_alloc&) {
        return -1;
    }
    return size;
}

long TlsMemory::control(BIO* /*bio*/, int command, long /*number*/, void* /*pointer*/) {
    return command == BIO_CTRL_FLUSH ? 1 : 0;
}

BIO_METHOD* TlsMemory::method() {
    static BIO_METHOD* made = [] {
        BIO_METHOD* fresh = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "sotto");
        BIO_meth_set_read(fresh, read);
        BIO_meth_set_write(fresh, write);
        BIO_meth_set_ctrl(fresh, control);
        return fresh;
    }();
    return made;
}

BIO* TlsMemory::make_bio() {
    BIO* bio = BIO_new(method());
    if (bio == nullptr) {
        throw std::bad_alloc();
    }
    BIO_set_data(bio, this);
    BIO_set_init(bio, 1);
    return bio;
}

}  // namespace sotto::net
