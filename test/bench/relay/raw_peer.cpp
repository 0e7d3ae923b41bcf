#include "test/bench/relay/peer.h"

namespace sotto::bench {

namespace {

/// "NAME PARTNER\n", then bytes that are forwarded unchanged.
class RawSpeech final : public Speech {
  public:
    RawSpeech(Role role, Line& line) : role_(std::move(role)), line_(line) {}
    void begin() override { line_.write(role_.name + " " + role_.partner + "\n"); }
    std::size_t hear(std::string_view bytes) override {
        came_ += bytes.size();
        if (step() != Step::joined) {
            if (came_ >= kOk.size()) {
                came_ = 0;
                reach(Step::joined);
            }
            return 0;
        }
        const std::size_t messages = came_ / role_.text_size;
        came_ %= role_.text_size;
        return messages;
    }
    /// As many bytes as the other relays carry, without frames.
    [[nodiscard]] std::string message(std::string_view text) const override {
        return std::string(text);
    }

  private:
    static constexpr std::string_view kOk = "ok\n";
    Role role_;
    Line& line_;
    std::size_t came_ = 0;  ///< bytes of the incomplete message
};

}  // namespace

/// ws_raw_tls.cpp: the ceiling.
Peer raw_peer(const std::string& program, const Scratch& scratch) {
    const std::vector<std::string> command{program, scratch.certificate(), scratch.key()};
    return {"raw TLS, no WebSocket, no JSON", "",
            [command] { return std::make_unique<Child>(command); }, speak<RawSpeech>};
}

}  // namespace sotto::bench
