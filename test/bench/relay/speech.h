#pragma once

#include "net/tls/link_facts.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace sotto::bench {

/// The transport of a speech: an established TLS connection.
class Line {
  public:
    virtual ~Line() = default;
    virtual void write(std::string_view bytes) = 0;
    [[nodiscard]] virtual net::Exporter exporter() const = 0;
    [[nodiscard]] virtual net::Pin pin() const = 0;  ///< of the relay
};

/// The user of a connection, and its purpose.
struct Role {
    std::string name;           ///< the address for messages to it
    std::string partner;        ///< the receiver of its messages
    std::size_t text_size = 0;  ///< bytes of every text that it will receive
};

/// The client side of a relay's protocol on one connection: signs in, wraps the text to be
/// forwarded, and counts incoming messages.
class Speech {
  public:
    enum class Step {
        secure,     ///< TLS is established, nothing else
        connected,  ///< the WebSocket upgrade has been answered
        joined,     ///< signed in: messages to its name arrive
    };
    virtual ~Speech() = default;
    virtual void begin() = 0;
    /// Returns how many messages `bytes` complete. Throws std::runtime_error if the relay
    /// refuses something.
    virtual std::size_t hear(std::string_view bytes) = 0;
    /// `text` for the partner, as sent over the wire.
    [[nodiscard]] virtual std::string message(std::string_view text) const = 0;
    [[nodiscard]] Step step() const { return step_; }

  protected:
    void reach(Step step) { step_ = step; }

  private:
    Step step_ = Step::secure;
};

}  // namespace sotto::bench
