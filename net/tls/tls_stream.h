#pragma once

#include "net/loop/poller.h"
#include "net/system/descriptor.h"
#include "net/tls/hello_limit.h"
#include "net/tls/link_facts.h"
#include "net/tls/tls_memory.h"

#include <openssl/ssl.h>

#include <memory>
#include <string>
#include <string_view>

namespace sotto::net {

struct FreeSsl {
    void operator()(SSL* ssl) const noexcept { SSL_free(ssl); }
    void operator()(SSL_CTX* context) const noexcept { SSL_CTX_free(context); }
};
using Ssl = std::unique_ptr<SSL, FreeSsl>;
using SslContext = std::unique_ptr<SSL_CTX, FreeSsl>;  ///< shared by its SSLs, which count it

/// TLS over a connected socket, by OpenSSL over memory. A stock stream takes one record
/// a system call and writes at most 16 buffers; this one takes up to 256 KiB of records a
/// read, packs what one turn of the loop brings into full records, and gives them to
/// the kernel in one write: half of the CPU per message, a third of the memory per idle
/// connection, which owns no buffer of its own.
class TlsStream final : private Poller::Watcher {
  public:
    enum class End {
        clean,        ///< the other end's close_notify or end of stream
        broken,       ///< the connection broke, or a record was not what it must be
        tls_refused,  ///< the handshake failed by what was said in it
        overflow,     ///< more was waiting to be sent than `max_queued`
        no_memory,    ///< the owner's: it held what the process needs for others
    };
    /// Told on the loop. `on_end` comes once, and nothing after it.
    class Owner {
      public:
        virtual ~Owner() = default;
        virtual void on_secure() = 0;    ///< the handshake is done
        virtual void on_readable() = 0;  ///< call `read` until it says 0
        /// `bytes` of memory hold what still waits for the other end after a turn; told when
        /// that has changed, and each time that the other end `has_taken` some.
        virtual void on_waiting(std::size_t /*bytes*/, bool /*has_taken*/) {}
        virtual void on_end(End end) = 0;
    };
    struct Options {
        bool server = true;
        std::size_t max_queued = 4U << 20U;  ///< bytes
        std::string_view network{};  ///< its handshakes take turns with others'; the owner's memory
    };

    TlsStream(Poller& poller, Descriptor socket, Ssl ssl, const Options& options, Owner& owner);
    ~TlsStream() override;
    TlsStream(const TlsStream&) = delete;
    TlsStream& operator=(const TlsStream&) = delete;

    void start();  ///< begins the handshake

    /// Takes what was decrypted, at most `size` bytes; 0: nothing now, or at an end.
    [[nodiscard]] std::size_t read(char* to, std::size_t size);
    void expect();  ///< on_readable again, in another turn, if there may be something
    /// A paused stream reads nothing, so the kernel holds back the sender.
    void pause(bool paused);
    [[nodiscard]] bool is_paused() const noexcept { return in_.paused; }

    /// Queues both, in order; they leave at the end of the turn. Ignored after shut_down.
    void write(std::string_view first, std::string_view second = {});
    /// Gives what is queued to the kernel at once, as far as it takes it: before a reset.
    void send_now();
    /// Bytes that the kernel has not taken.
    [[nodiscard]] std::size_t queued() const noexcept;
    /// The other end has left something of what was sent before: it is not only this turn's.
    [[nodiscard]] bool is_blocked() const noexcept { return out_.blocked; }
    /// Gives back what room it does not need, now and then: in every turn it would cost much.
    void trim();
    /// Memory for what came and was not read: a part of a record, records behind a pause.
    [[nodiscard]] std::size_t half_received() const noexcept;

    /// Sends what is queued, then close_notify and the end of the stream; discards what
    /// still comes. `on_end` follows when the other end has closed too: set a deadline.
    void shut_down();
    /// Ends at once, without a word to the owner. What the kernel has is still sent.
    void reset();
    [[nodiscard]] bool is_open() const noexcept { return socket_.is_open(); }

    [[nodiscard]] Exporter exporter() const;  ///< RFC 9266; zeros if there is none
    [[nodiscard]] std::string cipher() const;
    [[nodiscard]] int descriptor() const noexcept { return socket_.get(); }

  private:
    ///     fresh -> handshake -> open -> closing -> drain, and from each but fresh -> ended
    ///
    /// `start` begins the handshake, which OpenSSL ends. `shut_down` closes, and once all is
    /// sent the stream drains what still comes. An end is told once, on the way into `ended`.
    enum class State { fresh, handshake, open, closing, drain, ended };

    /// The way in: what of the socket was read, and how far.
    struct Incoming {
        bool paused = false;
        bool more = true;            ///< the socket may hold more
        bool may_read = true;        ///< one read of the socket a turn: then others have theirs
        int error = SSL_ERROR_NONE;  ///< of OpenSSL's last read, not settled yet
        std::string kept;            ///< records left over by a pause, or by a turn
    };
    /// The way out: from what is to be encrypted to what the kernel has not taken.
    struct Outgoing {
        [[nodiscard]] std::size_t size() const noexcept {
            return plain.size() - sent + cipher.size();
        }
        std::string plain;  ///< to be encrypted, from `sent` on
        std::size_t sent = 0;
        bool borrowed = false;    ///< `plain` is one of the poller's buffers
        std::string cipher;       ///< encrypted, not taken by the kernel
        bool blocked = false;     ///< the kernel took less than was offered
        bool overflowed = false;  ///< it ends with the turn
        std::size_t told = 0;     ///< memory that waits, as the owner was told
    };

    void on_ready(Poller::Ready ready) override;
    void on_turn_end() override;
    void on_hard_work() override;  ///< of a handshake

    void go(State next);
    void begin_turn();
    /// A client that has closed shakes no hands, whatever it has sent: one that did that much
    /// and leaves is soon done with, before the rest of its network.
    [[nodiscard]] bool has_left() const noexcept { return hungup_ && options_.server; }
    void keep();
    bool receive();  ///< false: nothing there, or at an end
    void handshake();
    void drain();
    void flush();
    bool push();  ///< gives the write buffer to the kernel; false: it takes no more
    std::size_t decrypt(char* to, std::size_t size);
    bool settle(int error);  ///< after OpenSSL said so; false: that was the end
    void end(End end);
    void release_plain();
    void tell_waiting(bool has_taken);
    void flush_at_turn_end();

    Poller& poller_;
    Descriptor socket_;
    TlsMemory memory_;  ///< its input is the poller's read buffer or `in_.kept`
    Ssl ssl_;
    Options options_;
    Owner& owner_;
    State state_ = State::fresh;
    bool hungup_ = false;   ///< the other end has closed
    bool at_end_ = false;   ///< asked for this turn's end
    bool watched_ = false;  ///< the poller knows of it
    bool queued_ = false;   ///< waits for its turn at hard work
    Incoming in_;
    Outgoing out_;
    HelloLimit hello_;  ///< of a client
};

}  // namespace sotto::net
