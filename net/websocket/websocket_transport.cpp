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

websocketpp::lib::error_code eof() {
    return transport::error::make_error_code(transport::error::eof);
}

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

void WebsocketTransport::on_upgraded() {
    stage_ = Stage::upgraded;
    life_.begin(Loop::Clock::now());
}

void WebsocketTransport::pause(bool paused) {
    life_.begin(Loop::Clock::now());
    stream_->pause(paused);
}

void WebsocketTransport::abandon() {
    ended_ = true;
    stream_->reset();
    charge_.give_back();
    tasks_ = {};
    hooks_.on_too_large = nullptr;
    hooks_.on_lost = nullptr;
    hooks_.after_read = nullptr;
    asked_.task = nullptr;
    asked_.owned = nullptr;  // it holds us; one that runs has been moved out
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
    tasks_.init = std::move(task);
    stream_->start();
}

void WebsocketTransport::ask() {
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
        while (asked_.task != nullptr && !is_upgraded() && read_head()) {
        }
        frames_left_ = kFramesATurn;
        std::size_t bytes = 0;
        while (is_upgraded() && takes_frames()) {
            const std::size_t more = read_frames();
            if (more == 0) {
                break;
            }
            bytes += more;
        }
        if (bytes > 0 || frames_left_ < kFramesATurn) {
            life_.heard(loop_->impl().poller.now(), kFramesATurn - frames_left_, bytes);
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
    ReadHandler* task = std::exchange(asked_.task, nullptr);
    if (task == &asked_.owned) {
        const ReadHandler running = std::exchange(asked_.owned, nullptr);
        running({}, size);
    } else {
        (*task)({}, size);
    }
}

/// Before the upgrade websocketpp would take 16,000 bytes of lines, and what it makes of
/// them is many times as large: counted where strangers send it.
bool WebsocketTransport::read_head() {
    const std::size_t size = stream_->read(asked_.to, asked_.size);
    if (size == 0) {
        return false;
    }
    answer_read(size);
    head_ += is_upgraded() || !is_server_ ? 0 : size;
    if (head_ > kMaxHead) {
        cut();
    }
    return true;
}

/// Many records at once into a buffer that all share; what a pause or the end of the turn
/// leaves of them is held.
std::size_t WebsocketTransport::read_frames() {
    if (!held_.bytes.empty()) {
        held_.done += take_frames(held_.bytes.data() + held_.done, held_.bytes.size() - held_.done);
        if (held_.done < held_.bytes.size()) {
            return 0;
        }
        base::give_back(held_.bytes);
        held_.done = 0;
    }
    auto& buffer = loop_->impl().poller.plain_buffer;
    const std::size_t size = stream_->read(buffer.data(), buffer.size());
    const std::size_t done = take_frames(buffer.data(), size);
    if (done < size && !ended_ && asked_.task != nullptr) {
        held_.bytes.assign(buffer.data() + done, size - done);
    }
    return size;
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
        const std::size_t part =
            std::min({size - done, asked_.size, left > 0 ? left : asked_.size});
        const std::size_t before = reader_->frames();
        std::copy_n(frames + done, part, asked_.to);
        done += part;
        answer_read(part);
        if (hooks_.after_read) {
            hooks_.after_read();
        }
        count_frames(reader_->frames() - before);
    }
    return done;
}

std::size_t WebsocketTransport::half_received() const {
    const std::size_t message =
        is_upgraded() && reader_ != nullptr ? reader_->half_received() : head_ * kPerHeadByte;
    return message + held_.memory() + stream_->half_received();
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
    stage_ = Stage::secured;
    if (const auto task = std::exchange(tasks_.init, nullptr)) {
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
    if (const auto task = std::exchange(tasks_.init, nullptr)) {
        task(transport::error::make_error_code(transport::error::tls_error));
    }
    if (ReadHandler* task = std::exchange(asked_.task, nullptr)) {
        const ReadHandler running =
            task == &asked_.owned ? std::exchange(asked_.owned, nullptr) : *task;
        running(eof(), 0);
    }
    if (const auto task = std::exchange(tasks_.shutdown, nullptr)) {
        if (linger_) {
            linger_->cancel();
        }
        task({});
    }
    if (const auto lost = std::exchange(hooks_.on_lost, nullptr); lost && failed_) {
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
    tasks_.shutdown = std::move(task);
    asked_.task = nullptr;
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
