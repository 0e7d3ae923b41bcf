#pragma once

#include "net/proxy/proxy.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace sotto::net {

/// What a client and its proxy say to each other before the relay is reached. Sans-I/O: bytes
/// of the proxy go in, bytes for it come out. The proxy is not trusted with more than to pass
/// bytes on: whatever it says, TLS and the relay's pin decide.
///
///     SOCKS5:  methods -> [credentials ->] request -> done
///     HTTP:    request -> done
/// From every state to failed.
class ProxyDialogue {
  public:
    enum class State { methods, credentials, request, done, failed };

    /// The longest answer of an HTTP proxy, in bytes.
    static constexpr std::size_t kMostAnswer = 8'192;

    /// `host` is a name, which the proxy resolves, or an address.
    ProxyDialogue(const Proxy& proxy, const std::string& host, std::uint16_t port);

    /// Bytes for the proxy, since the last call.
    [[nodiscard]] std::string take_output();
    /// How many bytes to read before the next call of `read`, at least 1: what follows the
    /// proxy's answer is the relay's, and must stay in the socket.
    [[nodiscard]] std::size_t wanted() const;
    /// At most `wanted()` bytes that the proxy said.
    void read(std::string_view bytes);

    [[nodiscard]] State state() const noexcept { return state_; }
    /// Once it failed: why, a sentence for the person. Holds nothing of the proxy's own text.
    [[nodiscard]] const std::string& reason() const noexcept { return reason_; }

  private:
    void fail(const std::string& why);
    void ask_for_methods();
    void request_by_socks();
    void request_by_http();
    void methods_came();
    void credentials_judged();
    void socks_answered();
    void http_answered();

    Proxy proxy_;
    std::string host_;
    std::uint16_t port_;
    State state_ = State::methods;
    std::string output_;
    std::string input_;
    std::string reason_;
};

}  // namespace sotto::net
