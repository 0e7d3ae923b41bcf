#pragma once

#include "net/tls/link_facts.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace sotto::bench {

/// What a speech stands on: a TLS connection that is up.
class Line {
  public:
    virtual ~Line() = default;
    virtual void write(std::string_view bytes) = 0;
    [[nodiscard]] virtual net::Exporter exporter() const = 0;
    [[nodiscard]] virtual net::Pin pin() const = 0;  ///< of the relay
};

/// Who a connection is, and what it is there for.
struct Role {
    std::string name;           ///< under which it can be written to
    std::string partner;        ///< who will be written to
    std::size_t text_size = 0;  ///< bytes of every text that will come
};

/// One connection's side of the protocol that a relay speaks: signs in, wraps the text
/// that is to be forwarded, and counts what comes.
class Speech {
  public:
    enum class Step {
        secure,     ///< TLS is up, no more
        connected,  ///< the upgrade to WebSocket has been answered
        joined,     ///< signed in: what is written to its name comes
    };
    virtual ~Speech() = default;
    virtual void begin() = 0;
    /// How many messages have come whole with `bytes`. Throws std::runtime_error at an
    /// answer that says no.
    virtual std::size_t hear(std::string_view bytes) = 0;
    /// `text` for the partner, as it goes over the wire.
    [[nodiscard]] virtual std::string message(std::string_view text) const = 0;
    [[nodiscard]] Step step() const { return step_; }

  protected:
    void reach(Step step) { step_ = step; }

  private:
    Step step_ = Step::secure;
};

}  // namespace sotto::bench
