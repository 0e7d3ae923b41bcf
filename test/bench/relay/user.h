#pragma once

#include "net/loop/loop.h"
#include "net/tls/tls_stream.h"
#include "test/bench/relay/peer.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

namespace sotto::bench {

/// One client of the load generator: joins, then sends prepared messages and counts the
/// messages that arrive. If the relay ends the connection, std::runtime_error leaves the
/// loop, because the figures would mean nothing.
class User final : private net::TlsStream::Owner, private Line {
  public:
    User(net::Loop& loop, const Peer& peer, std::uint16_t port, const Role& role);

    [[nodiscard]] bool has_reached(Speech::Step step) const {
        return secure_ && speech_->step() >= step;
    }
    [[nodiscard]] std::string message(std::string_view text) const {
        return speech_->message(text);
    }
    void send(std::string_view bytes) { stream_->write(bytes); }
    /// Called with the number of newly completed messages.
    std::function<void(std::size_t)> on_messages;

  private:
    void on_secure() override;
    void on_readable() override;
    void on_end(net::TlsStream::End end) override;
    void write(std::string_view bytes) override { stream_->write(bytes); }
    [[nodiscard]] net::Exporter exporter() const override { return stream_->exporter(); }
    [[nodiscard]] net::Pin pin() const override;

    std::unique_ptr<Speech> speech_;
    std::unique_ptr<net::TlsStream> stream_;
    bool secure_ = false;
};

/// Runs the loop until `done`; throws std::runtime_error with `what` after a minute.
void run_until(net::Loop& loop, const std::function<bool()>& done, const char* what);

}  // namespace sotto::bench
