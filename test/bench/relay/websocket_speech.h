#pragma once

#include "test/bench/relay/speech.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace sotto::bench {

/// What all speeches over WebSocket share: the upgrade, and the frames that come.
class WebSocketSpeech : public Speech {
  public:
    /// `subprotocol`: none if it is empty.
    WebSocketSpeech(Line& line, std::string subprotocol)
        : line_(line), subprotocol_(std::move(subprotocol)) {}
    void begin() final;
    std::size_t hear(std::string_view bytes) final;

  protected:
    virtual void on_upgraded() = 0;
    /// A piece of a data frame's payload, `last` with its end: how many messages are whole
    /// with it.
    virtual std::size_t on_payload(std::string_view piece, bool last) = 0;
    [[nodiscard]] Line& line() const { return line_; }

  private:
    [[nodiscard]] std::string_view upgrade(std::string_view bytes);
    [[nodiscard]] bool take_head(std::string_view& bytes);

    Line& line_;
    std::string subprotocol_;
    std::string head_;        ///< of the answer to the upgrade, then of a frame
    std::uint64_t left_ = 0;  ///< of the payload at hand
    bool in_frame_ = false;
    bool is_data_ = false;
};

/// A client's frame, masked.
[[nodiscard]] std::string text_frame(std::string_view text);
[[nodiscard]] std::string binary_frame(std::string_view bytes);

}  // namespace sotto::bench
