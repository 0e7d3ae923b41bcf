#pragma once

#include <openssl/bio.h>

#include <string>
#include <string_view>

namespace sotto::net {

/// What OpenSSL reads from and writes to in place of a socket: memory, so that many records
/// move with one system call. Outlives the BIO that it makes.
class TlsMemory {
  public:
    /// `output`, to which is appended what OpenSSL writes, outlives it, too.
    explicit TlsMemory(std::string& output) : output_(output) {}
    TlsMemory(const TlsMemory&) = delete;
    TlsMemory& operator=(const TlsMemory&) = delete;

    /// OpenSSL's side of it, for the caller to own. Throws std::bad_alloc.
    [[nodiscard]] BIO* make_bio();

    std::string_view input;  ///< records under way to OpenSSL
    /// How often OpenSSL may still ask for a part of a record in this turn. A read's worth of
    /// small ones, or of new keys, is the work of many turns.
    unsigned asks_left = 0;
    /// OpenSSL has taken something since it last gave out data: the head of a record, whose
    /// buffer it holds, although to it nothing is pending.
    bool in_record = false;

  private:
    static int read(BIO* bio, char* to, int size);
    static int write(BIO* bio, const char* from, int size);
    static long control(BIO* bio, int command, long number, void* pointer);
    static BIO_METHOD* method();

    std::string& output_;
};

}  // namespace sotto::net
