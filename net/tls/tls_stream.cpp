#include "net/tls/tls_stream.h"

#include "crypto/base/give_back.h"
#include "crypto/base/invariant.h"
#include "net/tls/key_shares.h"

#include <openssl/err.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

namespace sotto::net {

namespace {

constexpr std::size_t kRecord = 16U << 10U;        // most plaintext that one record takes
constexpr std::size_t kWriteAhead = 256U << 10U;   // encrypted before the kernel is asked
constexpr unsigned kAsksATurn = 2 * 16;            // a head and a body of all full ones in a read
constexpr std::size_t kReadRecord = 17U << 10U;    // what OpenSSL takes to read one, while it does
constexpr std::size_t kHandshakeRead = 4U << 10U;  // at a time: who waits in line keeps the rest
constexpr std::size_t kLoose = 4;  // times of what waits: a larger buffer is given back

/// OpenSSL keeps one queue of errors a thread, and takes what the owner's own use of it
/// left there for a failure of the connection. To look costs less than to clear.
void forget_errors() {
    if (ERR_peek_error() != 0) {
        ERR_clear_error();
    }
}

}  // namespace

TlsStream::TlsStream(Poller& poller, Descriptor socket, Ssl ssl, const Options& options,
                     Owner& owner)
    : poller_(poller),
      socket_(std::move(socket)),
      memory_(poller.write_buffer),
      ssl_(std::move(ssl)),
      options_(options),
      owner_(owner) {
    BIO* const bio = memory_.make_bio();
    SSL_set_bio(ssl_.get(), bio, bio);
    if (options_.server) {
        SSL_set_accept_state(ssl_.get());
    } else {
        SSL_set_connect_state(ssl_.get());
    }
}

TlsStream::~TlsStream() {
    reset();
}

void TlsStream::go(State next) {
    const bool follows = next == State::ended
                             ? state_ != State::fresh && state_ != State::ended
                             : static_cast<int>(next) == static_cast<int>(state_) + 1;
    base::invariant(follows, "a state of a TLS stream follows from the one before");
    state_ = next;
}

void TlsStream::start() {
    go(State::handshake);
    watched_ = true;
    if (!poller_.add(socket_.get(), *this)) {
        poller_.again(*this);  // it will read, fail and end in its own turn
        socket_.reset();
        return;
    }
    poller_.again(*this);  // a client speaks first
}

void TlsStream::begin_turn() {
    base::invariant(poller_.write_buffer.empty(), "the write buffer is no other stream's");
    in_.may_read = true;
    memory_.asks_left = kAsksATurn;
}

void TlsStream::on_ready(Poller::Ready ready) {
    begin_turn();
    hungup_ = hungup_ || ready.hangup;
    in_.more = in_.more || ready.read;
    if (!socket_.is_open()) {
        end(End::broken);
        return;
    }
    if (ready.write && out_.blocked) {
        out_.blocked = false;
        flush();
        tell_waiting(true);
    }
    if (!ready.read || !socket_.is_open()) {
        return;
    }
    if (state_ == State::handshake) {
        if (!std::exchange(queued_, true) || has_left()) {
            using Place = Poller::HardWorkQueue::Place;
            poller_.queue_hard_work(*this, options_.network,
                                    has_left() ? Place::front : Place::back);
        }
    } else if (state_ == State::drain) {
        drain();
    } else if (state_ == State::open && !in_.paused) {
        owner_.on_readable();
    }
    keep();
}

void TlsStream::on_hard_work() {
    queued_ = false;
    begin_turn();
    if (state_ != State::handshake || !socket_.is_open()) {
        return;
    }
    if (has_left()) {
        end(End::broken);
        return;
    }
    handshake();
    keep();
}

/// The read buffer is everybody's: what was not taken in this turn moves out.
void TlsStream::keep() {
    if (!memory_.input.empty() && in_.kept.empty()) {
        in_.kept.assign(memory_.input);
        memory_.input = in_.kept;
    }
}

bool TlsStream::receive() {
    if (!memory_.input.empty()) {
        return true;
    }
    if (!in_.kept.empty()) {
        base::give_back(in_.kept);  // a pause is rare: nobody keeps memory for the next
    }
    if (!in_.more) {
        return false;
    }
    const std::size_t most = state_ == State::handshake ? kHandshakeRead : Poller::kRead;
    const ssize_t size = ::recv(socket_.get(), poller_.read_buffer.data(), most, 0);
    if (size > 0) {
        poller_.moved(static_cast<std::size_t>(size));
        memory_.input = {poller_.read_buffer.data(), static_cast<std::size_t>(size)};
        in_.more = hungup_ || memory_.input.size() == most;
        return true;
    }
    if (size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) {
        in_.more = errno == EINTR;
        return false;
    }
    end(size == 0 ? End::clean : End::broken);
    return false;
}

bool TlsStream::settle(int error) {
    if (!push() && !socket_.is_open()) {
        return false;
    }
    if (out_.cipher.size() > options_.max_queued) {  // of answers that OpenSSL gave by itself
        end(End::overflow);
        return false;
    }
    if (out_.blocked) {
        flush_at_turn_end();
    }
    if (error == SSL_ERROR_NONE || error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE) {
        return true;
    }
    if (error == SSL_ERROR_ZERO_RETURN) {
        end(End::clean);
    } else {
        end(state_ == State::handshake ? End::tls_refused : End::broken);
    }
    return false;
}

void TlsStream::handshake() {
    // One read's worth a turn: a handshake is small, and others wait.
    do {
        forget_errors();
        const int result = SSL_do_handshake(ssl_.get());
        if (!settle(SSL_get_error(ssl_.get(), result))) {
            return;
        }
        if (result == 1) {
            go(State::open);
            memory_.in_record = false;  // what it took was the handshake's
            forget_key_shares(*ssl_);
            owner_.on_secure();
            if (state_ == State::open && socket_.is_open()) {
                expect();
            }
            return;
        }
        if (memory_.asks_left == 0) {
            poller_.again(*this);
            return;
        }
        if (!receive()) {
            return;
        }
    } while (!options_.server || hello_.holds(memory_.input));
    end(End::tls_refused);
}

/// OpenSSL gives a record at a time: as many as there are and fit. Why there are no more is
/// kept for when they have been taken. It is not asked for what it can't have: that would make
/// it a buffer for a record, and give it back, twice for each read of the socket.
std::size_t TlsStream::decrypt(char* to, std::size_t size) {
    std::size_t done = 0;
    forget_errors();
    while (done < size && in_.error == SSL_ERROR_NONE) {
        if (memory_.input.empty() && SSL_has_pending(ssl_.get()) == 0) {
            in_.error = SSL_ERROR_WANT_READ;
            break;
        }
        std::size_t taken = 0;
        const int result = SSL_read_ex(ssl_.get(), to + done, size - done, &taken);
        if (result == 1) {
            done += taken;
            memory_.in_record = false;
        } else {
            in_.error = SSL_get_error(ssl_.get(), result);
        }
    }
    // What it answered meanwhile, an alert or new keys, would leave in another's stream.
    if (!poller_.write_buffer.empty()) {
        (void)push();
    }
    return done;
}

std::size_t TlsStream::read(char* to, std::size_t size) {
    if (state_ != State::open || in_.paused) {
        return 0;
    }
    while (socket_.is_open()) {
        const std::size_t taken = decrypt(to, size);
        if (taken > 0) {
            return taken;
        }
        if (!settle(std::exchange(in_.error, SSL_ERROR_NONE))) {
            return 0;
        }
        if (out_.sent < out_.plain.size()) {  // between the records of one message TLS writes none
            flush_at_turn_end();
        }
        const bool may_go_on = memory_.asks_left > 0 && (!memory_.input.empty() || in_.may_read);
        if (!may_go_on) {
            if (in_.more || !memory_.input.empty()) {
                poller_.again(*this);
            }
            return 0;
        }
        in_.may_read = in_.may_read && !memory_.input.empty();
        if (!receive()) {
            return 0;
        }
    }
    return 0;
}

void TlsStream::expect() {
    if (state_ == State::open && !in_.paused && socket_.is_open()) {
        poller_.again(*this);
    }
}

void TlsStream::pause(bool paused) {
    in_.paused = paused;
    expect();
}

void TlsStream::write(std::string_view first, std::string_view second) {
    if (state_ != State::open || !socket_.is_open()) {
        return;
    }
    if (queued() > options_.max_queued) {
        out_.overflowed = true;  // whatever is taken until the turn ends: this is lost
        flush_at_turn_end();
        return;
    }
    if (!std::exchange(out_.borrowed, true)) {
        out_.plain = poller_.take_buffer();
    }
    out_.plain.append(first).append(second);
    poller_.moved(first.size() + second.size());
    if (at_end_ && !out_.blocked && out_.plain.size() - out_.sent >= kWriteAhead) {
        flush();
    }
    flush_at_turn_end();
}

void TlsStream::flush_at_turn_end() {
    if (!std::exchange(at_end_, true)) {
        poller_.at_turn_end(*this);
    }
}

std::size_t TlsStream::queued() const noexcept {
    return out_.size();
}

std::size_t TlsStream::half_received() const noexcept {
    const std::size_t records = in_.kept.empty() ? memory_.input.size() : in_.kept.capacity();
    const bool has_buffer = memory_.in_record || SSL_has_pending(ssl_.get()) == 1;
    return records + (has_buffer ? kReadRecord : 0);
}

void TlsStream::send_now() {
    if (!out_.blocked) {
        flush();
    }
}

void TlsStream::on_turn_end() {
    base::invariant(poller_.write_buffer.empty(), "the write buffer is no other stream's");
    at_end_ = false;
    if (!out_.blocked) {
        flush();
    }
    out_.overflowed = out_.overflowed || queued() > options_.max_queued;
    if (socket_.is_open() && state_ == State::open && out_.overflowed) {
        end(End::overflow);
    }
    tell_waiting(false);
}

void TlsStream::trim() {
    const std::size_t plain = out_.plain.size() - out_.sent;
    if (out_.borrowed && out_.plain.capacity() > kLoose * plain + kRecord) {
        poller_.give_buffer(
            std::exchange(out_.plain, out_.plain.substr(std::exchange(out_.sent, 0))));
        tell_waiting(false);
    }
    if (out_.cipher.empty()) {
        base::give_back(out_.cipher);
    }
}

void TlsStream::tell_waiting(bool has_taken) {
    if (queued() == 0 && out_.told == 0) {
        return;
    }
    const std::size_t now = queued() == 0 ? 0 : out_.plain.capacity() + out_.cipher.capacity();
    if (socket_.is_open() && (now != out_.told || has_taken)) {
        out_.told = now;
        owner_.on_waiting(now, has_taken);
    }
}

void TlsStream::flush() {
    if (!push()) {
        return;
    }
    while (out_.sent < out_.plain.size()) {
        forget_errors();
        const std::size_t size = std::min(kWriteAhead, out_.plain.size() - out_.sent);
        const int result =
            SSL_write(ssl_.get(), out_.plain.data() + out_.sent, static_cast<int>(size));
        if (result <= 0) {
            settle(SSL_get_error(ssl_.get(), result));
            return;
        }
        out_.sent += size;
        if (out_.sent > out_.plain.size() / 2 && out_.sent >= kWriteAhead) {
            out_.plain.erase(0, std::exchange(out_.sent, 0));
        }
        if (poller_.write_buffer.size() >= kWriteAhead && !push()) {
            return;
        }
    }
    release_plain();
    if (!push()) {
        return;
    }
    if (state_ == State::closing) {
        forget_errors();
        SSL_shutdown(ssl_.get());  // 0 and errors alike: the end of the stream follows
        if (push()) {
            go(State::drain);
            ::shutdown(socket_.get(), SHUT_WR);
            drain();
        }
    }
}

void TlsStream::release_plain() {
    out_.sent = 0;
    if (std::exchange(out_.borrowed, false)) {
        poller_.give_buffer(std::exchange(out_.plain, std::string()));
    }
}

bool TlsStream::push() {
    std::string& fresh = poller_.write_buffer;
    if (!socket_.is_open() || (out_.blocked && fresh.empty())) {
        fresh.clear();
        return false;
    }
    if (out_.blocked || !out_.cipher.empty()) {
        out_.cipher.append(fresh);
        fresh.clear();
    }
    std::string& out = out_.cipher.empty() ? fresh : out_.cipher;
    std::size_t done = 0;
    while (!out_.blocked && done < out.size()) {
        const ssize_t size =
            ::send(socket_.get(), out.data() + done, out.size() - done, MSG_NOSIGNAL);
        if (size > 0) {
            done += static_cast<std::size_t>(size);
        } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
            out_.blocked = true;
        } else if (errno != EINTR) {
            fresh.clear();
            end(End::broken);
            return false;
        }
    }
    if (&out == &fresh) {
        out_.cipher.assign(fresh, done, std::string::npos);
        fresh.clear();
    } else {
        out.erase(0, done);
    }
    if (out_.cipher.empty() && out_.cipher.capacity() > kRecord) {
        base::give_back(out_.cipher);
    }
    return !out_.blocked;
}

void TlsStream::shut_down() {
    if (state_ == State::open) {
        go(State::closing);
        flush_at_turn_end();
    } else if (state_ == State::handshake || state_ == State::fresh) {
        end(End::broken);
    }
}

void TlsStream::drain() {
    // What the other end had under way: unread, it would make the kernel throw away
    // what we sent last. Its time is the owner's to bound.
    memory_.input = {};
    if (receive()) {
        memory_.input = {};
        if (in_.more) {
            poller_.again(*this);
        }
    }
}

void TlsStream::reset() {
    if (std::exchange(watched_, false)) {  // the poller may be gone before a stream that ended
        poller_.remove(socket_.get(), *this);
        release_plain();
    }
    socket_.reset();
    memory_.input = {};
    base::give_back(in_.kept);
    base::give_back(out_.cipher);
}

void TlsStream::end(End end) {
    ERR_clear_error();  // ours: nobody else is to find it
    reset();
    if (state_ != State::fresh && state_ != State::ended) {
        go(State::ended);
        owner_.on_end(end);
    }
}

Exporter TlsStream::exporter() const {
    static constexpr std::string_view label = "EXPORTER-Channel-Binding";
    Exporter out{};
    if (SSL_export_keying_material(ssl_.get(), out.data(), out.size(), label.data(), label.size(),
                                   nullptr, 0, 1) != 1) {
        out = {};
    }
    return out;
}

std::string TlsStream::cipher() const {
    const char* name = SSL_get_cipher_name(ssl_.get());
    return name == nullptr ? "" : name;
}

}  // namespace sotto::net
