#include "net/websocket/websocket_transport.h"

#include "crypto/base/give_back.h"
#include "net/loop/loop_impl.h"

#include <algorithm>
#include <exception>

namespace sotto::net {

namespace {

namespace transport = websocketpp::transport;

constexpr std::size_t kMaxHead = 4'096;  // of the upgrade, bytes; a client's has 250
// Memory that websocketpp takes for a byte of it: an entry of a map for each line.
constexpr std::size_t kPerHeadByte = 24;
constexpr std::size_t kFramesATurn = 512;  // of one connection: then others have theirs

}  // namespace

void WebsocketTransport::adopt(Loop& loop, Descriptor socket, Ssl ssl,
                               const TlsStream::Options& options, std::shared_ptr<void> endpoint) {
    loop_ = &loop;
    endpoint_ = std::move(endpoint);
    stream_ = std::make_unique<TlsStream>(loop.impl().poller, std::move(socket), std::move(ssl),
                                          options, static_cast<TlsStream::Owner&>(*this));
}

void WebsocketTransport::charge(std::shared_ptr<MemoryLedger> ledger, std::size_t connection) {
    charge_.open(std::move(ledger), *this);
    charge(connection);
}

void WebsocketTransport::abandon() {
    ended_ = true;
    stream_->reset();
    charge_.give_back();
    init_task_ = nullptr;
    shutdown_task_ = nullptr;
    too_large_ = nullptr;
    lost_ = nullptr;
    after_read_ = nullptr;
    read_task_ = nullptr;
    owned_read_task_ = nullptr;  // it holds us; one that runs has been moved out
    if (linger_) {
        linger_->cancel();
    }
    if (self_) {  // it may be our own call from which the endpoint goes
        loop_->impl().poller.later([self = std::move(self_)] {});
    }
}

WebsocketTransport::timer_ptr WebsocketTransport::set_timer(long milliseconds,
                                                            transport::timer_handler task) {
    auto timer = std::make_shared<asio::steady_timer>(loop_->impl().context,
                                                      std::chrono::milliseconds(milliseconds));
    timer->async_wait(
        [timer, self = shared_from_this(), task = std::move(task)](const asio::error_code& error) {
            task(error ? transport::error::make_error_code(transport::error::operation_aborted)
                       : ErrorCode());
        });
    return timer;
}

void WebsocketTransport::init(transport::init_handler task) {
    self_ = shared_from_this();
    init_task_ = std::move(task);
    stream_->start();
}

void WebsocketTransport::ask(std::size_t /*least*/, char* to, std::size_t size) {
    read_to_ = to;
    read_size_ = size;
    if (!reading_ && !ended_) {
        stream_->expect();
    }
    if (ended_) {
        loop_->impl().poller.later([self = shared_from_this()] { self->tell_end(); });
    }
}

void WebsocketTransport::on_readable() {
    reading_ = true;
    try {
        while (read_task_ != nullptr && !upgraded_ && read_head()) {
        }
        frames_left_ = kFramesATurn;
        while (upgraded_ && takes_frames() && read_frames()) {
        }
        if (frames_left_ == 0) {
            stream_->expect();
        }
        if (!ended_ && charge_.is_open()) {
            charge_.set(MemoryBudget::Use::half_received, half_received());
        }
    } catch (const std::exception&) {  // nothing that a peer sends goes through the loop
        failed_ = true;
        cut();
    }
    reading_ = false;
}

/// `size` bytes are where websocketpp asked for them.
void WebsocketTransport::answer_read(std::size_t size) {
    // A task that was ours may ask again while it runs: it must outlive that.
    ReadHandler* task = std::exchange(read_task_, nullptr);
    if (task == &owned_read_task_) {
        const ReadHandler running = std::exchange(owned_read_task_, nullptr);
        running({}, size);
    } else {
        (*task)({}, size);
    }
}

/// Before the upgrade websocketpp would take 16,000 bytes of lines, and what it makes of
/// them is many times as large: counted where strangers send it.
bool WebsocketTransport::read_head() {
    const std::size_t size = stream_->read(read_to_, read_size_);
    if (size == 0) {
        return false;
    }
    answer_read(size);
    head_ += upgraded_ || !is_server_ ? 0 : size;
    if (head_ > kMaxHead) {
        cut();
    }
    return true;
}

/// Many records at once into a buffer that all share; what a pause or the end of the turn
/// leaves of them is held.
bool WebsocketTransport::read_frames() {
    if (!held_.empty()) {
        held_done_ += take_frames(held_.data() + held_done_, held_.size() - held_done_);
        if (held_done_ < held_.size()) {
            return false;
        }
        base::give_back(held_);
        held_done_ = 0;
    }
    auto& buffer = loop_->impl().poller.plain_buffer;
    const std::size_t size = stream_->read(buffer.data(), buffer.size());
    const std::size_t done = take_frames(buffer.data(), size);
    if (done < size && !ended_ && read_task_ != nullptr) {
        held_.assign(buffer.data() + done, size - done);
    }
    return size > 0;
}

/// What is not a whole message goes to websocketpp, by way of its own small buffer.
std::size_t WebsocketTransport::take_frames(char* frames, std::size_t size) {
    std::size_t done = 0;
    while (done < size && takes_frames()) {
        done += reader_->take_whole(reinterpret_cast<std::uint8_t*>(frames + done), size - done);
        if (done == size || !takes_frames()) {
            break;
        }
        // A frame at hand is read to its end, no further: a whole message may come after it.
        const std::size_t left = reader_->frame_left();
        const std::size_t part = std::min({size - done, read_size_, left > 0 ? left : read_size_});
        const std::size_t before = reader_->frames();
        std::copy_n(frames + done, part, read_to_);
        done += part;
        answer_read(part);
        if (after_read_) {
            after_read_();
        }
        count_frames(reader_->frames() - before);
    }
    return done;
}

std::size_t WebsocketTransport::half_received() const {
    const std::size_t message =
        upgraded_ && reader_ != nullptr ? reader_->half_received() : head_ * kPerHeadByte;
    const std::size_t held = held_.empty() ? 0 : held_.capacity();
    return message + held + stream_->half_received();
}

void WebsocketTransport::on_waiting(std::size_t bytes, bool has_taken) {
    if (!ended_) {
        charge_.set(MemoryBudget::Use::queued, bytes);
        if (has_taken) {
            charge_.renew(MemoryBudget::Use::queued);
        }
    }
}

void WebsocketTransport::on_secure() {
    secured_ = true;
    if (const auto task = std::exchange(init_task_, nullptr)) {
        task({});
    }
}

void WebsocketTransport::on_end(TlsStream::End end) {
    if (!std::exchange(ended_, true)) {
        how_ended_ = end;
        stream_->reset();
        charge_.set(MemoryBudget::Use::half_received, 0);
        charge_.set(MemoryBudget::Use::queued, 0);
        loop_->impl().poller.later([self = shared_from_this()] { self->tell_end(); });
    }
}

void WebsocketTransport::tell_end() {
    const ptr self = self_ ? self_ : shared_from_this();
    if (const auto task = std::exchange(init_task_, nullptr)) {
        task(transport::error::make_error_code(transport::error::tls_error));
    }
    if (ReadHandler* task = std::exchange(read_task_, nullptr)) {
        const ReadHandler running =
            task == &owned_read_task_ ? std::exchange(owned_read_task_, nullptr) : *task;
        running(eof(), 0);
    }
    if (const auto task = std::exchange(shutdown_task_, nullptr)) {
        if (linger_) {
            linger_->cancel();
        }
        task({});
    }
    if (const auto lost = std::exchange(lost_, nullptr); lost && failed_) {
        lost();
    }
    self_.reset();
}

void WebsocketTransport::async_write(const char* from, std::size_t size, const WriteHandler& task) {
    async_write(std::vector{transport::buffer(from, size)}, task);
}

void WebsocketTransport::async_write(const std::vector<transport::buffer>& buffers,
                                     const WriteHandler& task) {
    for (const transport::buffer& buffer : buffers) {
        stream_->write({buffer.buf, buffer.len});
    }
    task(ended_ ? eof() : ErrorCode());
}

websocketpp::lib::error_code WebsocketTransport::dispatch(transport::dispatch_handler task) {
    loop_->impl().poller.later([self = shared_from_this(), task = std::move(task)] { task(); });
    return {};
}

void WebsocketTransport::async_shutdown(transport::shutdown_handler task) {
    shutdown_task_ = std::move(task);
    read_task_ = nullptr;
    if (ended_) {
        loop_->impl().poller.later([self = shared_from_this()] { self->tell_end(); });
        return;
    }
    linger_ = std::make_shared<asio::steady_timer>(loop_->impl().context, kLinger);
    linger_->async_wait([self = shared_from_this()](const asio::error_code& error) {
        if (!error) {
            self->on_end(TlsStream::End::broken);
        }
    });
    stream_->shut_down();
}

}  // namespace sotto::net
