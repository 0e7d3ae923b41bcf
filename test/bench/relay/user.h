#pragma once

#include "net/loop/loop.h"
#include "net/tls/tls_stream.h"
#include "test/bench/relay/peer.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

namespace sotto::bench {

/// One client of the load generator: joins, then sends messages made beforehand and
/// counts what comes. A connection that the relay ends throws std::runtime_error out of
/// the loop: a figure would mean nothing.
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
    /// Told how many more messages have come whole.
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
