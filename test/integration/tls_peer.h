#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <thread>

/// The other end of a TLS connection, as a third-party program would be.
namespace sotto::test {

enum class TlsVersion { up_to_1_2, from_1_3 };

/// Connects to a port on loopback: returns the negotiated version, or OpenSSL's error.
[[nodiscard]] std::string try_tls(std::uint16_t port, TlsVersion version);

/// A server on loopback that is not a relay: it speaks TLS up to 1.2, or no TLS.
class OldServer {
  public:
    enum class Speaks { tls_1_2, nothing };
    /// `certificate` and `key` are PEM files, for tls_1_2.
    OldServer(Speaks speaks, const std::string& certificate, const std::string& key);
    ~OldServer();
    OldServer(const OldServer&) = delete;
    OldServer& operator=(const OldServer&) = delete;
    [[nodiscard]] std::uint16_t port() const { return port_; }

  private:
    void serve(Speaks speaks, const std::string& certificate, const std::string& key) const;

    int listener_ = -1;
    std::uint16_t port_ = 0;
    std::thread thread_;
};

}  // namespace sotto::test
