#pragma once

#include "test/abuse/person.h"

#include <cstdint>
#include <deque>
#include <functional>
#include <vector>

namespace sotto::abuse {

/// Two users who send each other 100 messages a second whatever happens (so a relay that
/// stalls delays many messages, not one) and check every message that arrives: its sender,
/// its number and its content.
class HonestPair {
  public:
    /// Throws std::runtime_error if they can't register.
    HonestPair(net::Loop& loop, std::uint16_t port);

    /// Talks until `done`, then waits for messages still in flight. `each_turn` lets the caller
    /// watch meanwhile.
    void talk_until(const std::function<bool()>& done, const std::function<void()>& each_turn);
    void talk_for(double seconds);

    /// Of the last talk.
    struct Figures {
        double p50 = 0;  ///< milliseconds from send to receipt
        double p99 = 0;
        double most = 0;
        std::size_t received = 0;
        std::size_t lost = 0;   ///< did not arrive within 10 s
        std::size_t wrong = 0;  ///< out of order, altered, refused or from somebody else
    };
    [[nodiscard]] Figures figures() const;

  private:
    using Clock = net::Loop::Clock;
    struct Direction {
        Person* from = nullptr;
        Person* to = nullptr;
        std::int64_t sent = 0;
        std::deque<Clock::time_point> under_way;
    };
    void hear(Direction& way, const wire::Relay& message);
    void say(Direction& way);
    [[nodiscard]] std::size_t under_way() const;

    net::Loop& loop_;
    crypto::Identity alice_key_ = new_identity();
    crypto::Identity bob_key_ = new_identity();
    Person alice_;
    Person bob_;
    Direction there_;
    Direction back_;
    std::vector<double> late_;
    std::size_t wrong_ = 0;
    std::size_t refused_before_ = 0;
};

}  // namespace sotto::abuse
