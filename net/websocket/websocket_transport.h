#pragma once

#include "net/loop/memory_charge.h"
#include "net/loop/poller.h"
#include "net/tls/tls_stream.h"
#include "net/websocket/message_reader.h"
#include "net/websocket/sign_of_life.h"

#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>
#include <websocketpp/common/connection_hdl.hpp>
#include <websocketpp/common/system_error.hpp>
#include <websocketpp/logger/stub.hpp>
#include <websocketpp/transport/base/connection.hpp>
#include <websocketpp/transport/base/endpoint.hpp>

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// Included by the two endpoint sources only: everything here is websocketpp.
namespace sotto::net {

/// websocketpp's transport policy on a TlsStream, in place of the library's own on
/// Asio. What it is asked to write is taken at once, what it puts off runs at the end
/// of the turn, and reading hands out what was decrypted without a way through the loop.
/// A class of ours would have fewer functions: a third of these are what websocketpp calls.
class WebsocketTransport : public std::enable_shared_from_this<WebsocketTransport>,
                           private TlsStream::Owner,
                           private MemoryLedger::Holder {
    using ErrorCode = websocketpp::lib::error_code;

  public:
    using ptr = std::shared_ptr<WebsocketTransport>;
    using timer_ptr = std::shared_ptr<asio::steady_timer>;
    using Log = std::shared_ptr<websocketpp::log::stub>;

    WebsocketTransport(bool is_server, const Log& /*access*/, const Log& /*errors*/)
        : is_server_(is_server) {}

    /// Gives it its connection, before start. `endpoint` is held as long as this lives.
    void adopt(Loop& loop, Descriptor socket, Ssl ssl, const TlsStream::Options& options,
               std::shared_ptr<void> endpoint);
    [[nodiscard]] TlsStream& stream() { return *stream_; }
    [[nodiscard]] bool is_secured() const {  ///< the TLS handshake is done
        return stage_ != Stage::connecting;
    }
    [[nodiscard]] TlsStream::End how_it_ended() const { return how_ended_; }

    /// From now on what it holds is charged: `connection` bytes for itself, and what waits.
    void charge(std::shared_ptr<MemoryLedger> ledger, std::size_t connection);
    void charge(std::size_t connection) { charge_.set(MemoryBudget::Use::connections, connection); }
    /// `reader` takes what comes after the upgrade, and lives as long as it does.
    void set_reader(MessageReader& reader) { reader_ = &reader; }
    void on_upgraded();
    /// Stops or goes on to read. The peer's silence begins anew: what it sent while nobody read
    /// waits in the kernel.
    void pause(bool paused);
    /// After the upgrade.
    [[nodiscard]] Loop::Clock::time_point last_sign_of_life() const { return life_.last(); }

    /// What the endpoint hears of. All may be empty but `on_message`.
    struct Hooks {
        /// Takes every message while the connection is open; the text is the caller's.
        std::function<void(std::string_view, bool is_binary)> on_message;
        /// A message is refused before it is buffered.
        std::function<void()> on_too_large;
        /// websocketpp has read something itself: it may be closing now.
        std::function<void()> after_read;
        /// It has ended by an exception, which left websocketpp with nothing to say.
        std::function<void()> on_lost;
    };
    void set_hooks(Hooks hooks) { hooks_ = std::move(hooks); }

    /// False: the connection is at its end, or paused, or has had its turn.
    bool on_message(std::string_view message, bool is_binary) {
        count_frames(1);
        hooks_.on_message(message, is_binary);
        return takes_frames();
    }
    void on_too_large() {
        if (hooks_.on_too_large) {
            hooks_.on_too_large();
        }
    }
    /// The connection breaks here and now; websocketpp hears of it at the end of the turn.
    void cut() { on_end(TlsStream::End::broken); }
    /// After this no hook runs, and the socket is closed.
    void abandon();

    // --- what websocketpp asks of a transport
    [[nodiscard]] ptr get_shared() { return shared_from_this(); }
    [[nodiscard]] bool is_secure() const { return true; }
    void set_handle(const websocketpp::connection_hdl& /*handle*/) {}
    [[nodiscard]] std::string get_remote_endpoint() const { return {}; }
    timer_ptr set_timer(long milliseconds, websocketpp::transport::timer_handler task);

  protected:
    using ReadHandler = websocketpp::transport::read_handler;
    using WriteHandler = websocketpp::transport::write_handler;

    void init(websocketpp::transport::init_handler task);
    void async_read_at_least(std::size_t /*least*/, char* to, std::size_t size, ReadHandler& task) {
        asked_.task = &task;  // the connection's own: it outlives the read
        asked_.to = to;
        asked_.size = size;
        ask();
    }
    void async_read_at_least(std::size_t least, char* to, std::size_t size, ReadHandler&& task) {
        asked_.owned = std::move(task);
        async_read_at_least(least, to, size, asked_.owned);
    }
    void async_write(const char* from, std::size_t size, const WriteHandler& task);
    void async_write(const std::vector<websocketpp::transport::buffer>& buffers,
                     const WriteHandler& task);
    ErrorCode interrupt(websocketpp::transport::interrupt_handler task) {
        return dispatch(std::move(task));
    }
    ErrorCode dispatch(websocketpp::transport::dispatch_handler task);
    void async_shutdown(websocketpp::transport::shutdown_handler task);

  private:
    static constexpr auto kLinger = std::chrono::seconds(2);

    void on_secure() override;
    void on_readable() override;
    void on_waiting(std::size_t bytes, bool has_taken) override;
    void on_end(TlsStream::End end) override;
    void on_memory_short() override { on_end(TlsStream::End::no_memory); }

    enum class Stage { connecting, secured, upgraded };

    /// What websocketpp wants to read next.
    struct ReadRequest {
        ReadHandler* task = nullptr;  ///< null: nothing
        ReadHandler owned;            ///< the task, where it is not websocketpp's own
        char* to = nullptr;
        std::size_t size = 0;
    };
    /// Frames that were read, and not all handed on before a pause.
    struct HeldFrames {
        [[nodiscard]] std::size_t memory() const { return bytes.empty() ? 0 : bytes.capacity(); }
        std::string bytes;
        std::size_t done = 0;  ///< that have been handed on since
    };
    /// What it calls back once: websocketpp's.
    struct Tasks {
        websocketpp::transport::init_handler init;
        websocketpp::transport::shutdown_handler shutdown;
    };

    [[nodiscard]] bool is_upgraded() const { return stage_ == Stage::upgraded; }
    [[nodiscard]] bool takes_frames() const {
        return asked_.task != nullptr && !ended_ && !stream_->is_paused() && frames_left_ > 0;
    }
    void count_frames(std::size_t frames) { frames_left_ -= std::min(frames_left_, frames); }
    bool read_head();           ///< false: there is nothing now
    std::size_t read_frames();  ///< bytes that came; 0: there is nothing now, or it may not read
    /// Hands on frames, and returns how many bytes of them it was done with.
    std::size_t take_frames(char* frames, std::size_t size);
    void answer_read(std::size_t size);
    [[nodiscard]] std::size_t half_received() const;
    void ask();
    void tell_end();

    Loop* loop_ = nullptr;
    std::shared_ptr<void> endpoint_;
    std::unique_ptr<TlsStream> stream_;
    MemoryCharge charge_;
    MessageReader* reader_ = nullptr;
    std::size_t frames_left_ = 0;  ///< that may still be read in this turn
    SignOfLife life_{Loop::Clock::now()};
    HeldFrames held_;
    std::size_t head_ = 0;  ///< bytes read before the upgrade was done
    ptr self_;              ///< while the stream may call back
    Tasks tasks_;
    Hooks hooks_;
    ReadRequest asked_;  ///< and not answered
    timer_ptr linger_;
    TlsStream::End how_ended_ = TlsStream::End::clean;
    const bool is_server_;
    Stage stage_ = Stage::connecting;
    bool reading_ = false;  ///< `on_readable` is at work
    bool ended_ = false;
    bool failed_ = false;  ///< by an exception
};

/// The endpoint's side of the policy: connections are made and given their sockets by
/// sotto's own endpoints.
class WebsocketTransportEndpoint {
  public:
    using transport_con_type = WebsocketTransport;
    using transport_con_ptr = transport_con_type::ptr;

    [[nodiscard]] bool is_secure() const { return true; }

  protected:
    void init_logging(const WebsocketTransport::Log& /*access*/,
                      const WebsocketTransport::Log& /*errors*/) {}
    [[nodiscard]] websocketpp::lib::error_code init(const transport_con_ptr& /*connection*/) {
        return {};
    }
};

}  // namespace sotto::net
