#pragma once

#include "net/tls/tls_stream.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace sotto::net {

/// A client of sockets and OpenSSL alone, blocking, that may say what no real one would.
/// Every wait has an end. Throws std::runtime_error when a step that must work does not.
class RawClient {
  public:
    /// A WebSocket frame as it came.
    struct Frame {
        int opcode = -1;  ///< -1: none, the connection ended
        std::string payload;
        [[nodiscard]] int close_code() const;
    };

    /// TCP only, to 127.0.0.1, `from` any address of the loopback network. Segments of a real
    /// network (1,460 bytes, say) make the kernel hold as little for it as there: on loopback
    /// it begins with megabytes.
    explicit RawClient(std::uint16_t port, const std::string& from = "127.0.0.1",
                       int max_segment = 0);
    RawClient(const RawClient&) = delete;
    RawClient& operator=(const RawClient&) = delete;
    /// `groups` for the exchange of keys, colons between them; OpenSSL's own if there is none.
    void tls(int version = TLS1_3_VERSION, const std::string& groups = "");
    [[nodiscard]] static bool knows_groups(const std::string& groups);
    /// What a client says first, as OpenSSL does, with a key for the first of `groups`.
    [[nodiscard]] static std::string client_hello(const std::string& groups = "X25519");
    /// TLS, the upgrade, and the head of its answer.
    std::string upgrade();
    static std::string upgrade_request();

    void send(std::string_view bytes);  ///< through TLS if there is one
    /// Through TLS, and then `bare` as it is, in one segment.
    void send_with(std::string_view bytes, std::string_view bare);
    /// Up to and with the end of an HTTP head; less if the connection ends.
    std::string read_head();
    Frame read_frame();
    Frame read_frame_past_pings();
    [[nodiscard]] bool ends();  ///< the other end closes within the time of a wait

    [[nodiscard]] int socket() const { return socket_.get(); }
    [[nodiscard]] SSL* ssl() const { return ssl_.get(); }
    /// What its keys to send with are made from, after TLS.
    [[nodiscard]] const std::string& traffic_secret() const { return traffic_secret_; }

    /// A masked frame of `first_byte` (FIN, RSV, opcode).
    [[nodiscard]] static std::string frame(int first_byte, std::string_view payload);
    /// Its head alone, with any length.
    [[nodiscard]] static std::string head(int first_byte, std::uint64_t length, bool masked = true);

  private:
    bool read_exactly(char* to, std::size_t size);

    Descriptor socket_;
    Ssl ssl_;
    std::string traffic_secret_;
};

}  // namespace sotto::net
