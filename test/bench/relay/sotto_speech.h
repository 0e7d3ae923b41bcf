#pragma once

#include "test/bench/relay/websocket_speech.h"

namespace sotto::bench {

/// sotto's own protocol: hello, a signed registration, then `relay` messages.
class SottoSpeech final : public WebSocketSpeech {
  public:
    SottoSpeech(Role role, Line& line);
    [[nodiscard]] std::string message(std::string_view text) const override;

  private:
    void on_upgraded() override;
    std::size_t on_payload(std::string_view piece, bool last) override;
    void answer();
    [[nodiscard]] std::string registration(const std::string& hello) const;

    Role role_;
    std::string text_;  ///< of the current message, until the user has joined
    bool greeted_ = false;
};

}  // namespace sotto::bench
