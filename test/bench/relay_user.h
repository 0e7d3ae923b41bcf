#pragma once

#include "crypto/identity.h"
#include "net/io/loop.h"
#include "net/io/tls_context.h"
#include "net/io/tls_stream.h"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace sotto::bench {

/// What the relay under measurement speaks.
enum class Speech {
    sotto,  ///< TLS, WebSocket, hello and a signed registration
    raw,    ///< TLS, then "NAME PEER\n"
};

/// One client of the load generator: joins, then sends messages made beforehand and
/// counts what comes.
class User final : private net::TlsStream::Owner {
  public:
    User(net::Loop& loop, Speech speech, std::uint16_t port, std::string name, std::string peer);

    [[nodiscard]] bool joined() const { return step_ == Step::joined; }
    [[nodiscard]] bool ended() const { return ended_; }
    void send(std::string_view bytes) { stream_->write(bytes); }
    /// Told how many more messages have come whole, of `message_size` bytes each (raw), or
    /// frames (sotto).
    std::function<void(std::size_t)> on_messages;
    std::size_t message_size = 1;

    /// The message of a payload of `size` raw bytes, as it goes over the wire.
    [[nodiscard]] static std::string message(Speech speech, const std::string& from,
                                             const std::string& to, std::size_t size);

  private:
    enum class Step { tls, upgrade, hello, registration, joined };

    void on_secure() override;
    void on_readable() override;
    void on_end(net::TlsStream::End end) override;
    void join_with(std::string_view bytes);
    void count(std::string_view bytes);
    void say(const std::string& text);
    [[nodiscard]] std::string registration(const std::string& hello) const;

    Speech speech_;
    std::string name_;
    std::string peer_;
    std::unique_ptr<net::TlsStream> stream_;
    Step step_ = Step::tls;
    bool ended_ = false;
    std::string pending_;        ///< of a step's answer, or of a frame's head
    std::uint64_t to_skip_ = 0;  ///< of the frame at hand
    bool in_text_ = false;
};

/// A masked text frame.
[[nodiscard]] std::string text_frame(std::string_view text);

}  // namespace sotto::bench
