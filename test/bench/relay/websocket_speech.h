#pragma once

#include "test/bench/relay/speech.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace sotto::bench {

/// What all speeches over WebSocket share: the upgrade, and incoming frames.
class WebSocketSpeech : public Speech {
  public:
    /// An empty `subprotocol` means none.
    WebSocketSpeech(Line& line, std::string subprotocol)
        : line_(line), subprotocol_(std::move(subprotocol)) {}
    void begin() final;
    std::size_t hear(std::string_view bytes) final;

  protected:
    virtual void on_upgraded() = 0;
    /// Takes a piece of a data frame's payload, with `last` the final one; returns how many
    /// messages it completes.
    virtual std::size_t on_payload(std::string_view piece, bool last) = 0;
    [[nodiscard]] Line& line() const { return line_; }

  private:
    [[nodiscard]] std::string_view upgrade(std::string_view bytes);
    [[nodiscard]] bool take_head(std::string_view& bytes);

    Line& line_;
    std::string subprotocol_;
    std::string head_;        ///< header of the answer to the upgrade, then of a frame
    std::uint64_t left_ = 0;  ///< bytes left of the current payload
    bool in_frame_ = false;
    bool is_data_ = false;
};

/// A client's frame, masked.
[[nodiscard]] std::string text_frame(std::string_view text);
[[nodiscard]] std::string binary_frame(std::string_view bytes);

}  // namespace sotto::bench
