#pragma once

#include "test/bench/relay/user.h"

#include <deque>
#include <memory>
#include <string>
#include <vector>

namespace sotto::bench {

/// How a crowd talks.
struct Shape {
    std::string name;
    std::size_t size = 0;  ///< raw payload bytes
    std::size_t pairs = 0;
    std::size_t window = 0;  ///< messages in flight, per pair
    double per_second = 0;   ///< open loop, in total; 0: as fast as the window allows
};

/// Pairs of users who talk one way. Every relay carries the same text: a `relay` envelope
/// of JSON with the payload in base64.
class Crowd {
  public:
    using Clock = net::Loop::Clock;

    /// Returns once all have joined.
    Crowd(net::Loop& loop, const Peer& peer, std::uint16_t port, const Shape& shape);

    void start();
    void send_due(Clock::time_point since);  ///< open loop: the messages due by now

    std::size_t received = 0;
    std::vector<double> latencies;  ///< milliseconds from send to receipt

  private:
    struct Pair {
        std::unique_ptr<User> sender;
        std::unique_ptr<User> receiver;
        std::string message;
        std::deque<Clock::time_point> under_way;
    };
    void send(Pair& pair);
    void fill(Pair& pair);
    void came(Pair& pair, std::size_t count);

    Shape shape_;
    std::vector<Pair> pairs_;
    std::size_t sent_ = 0;
};

}  // namespace sotto::bench
