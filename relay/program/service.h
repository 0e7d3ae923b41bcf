#pragma once

#include "net/system/descriptor.h"
#include "net/tls/certificate.h"
#include "relay/broker/broker.h"
#include "relay/broker/state_directory.h"
#include "relay/program/file_stamps.h"
#include "relay/program/metrics_server.h"
#include "relay/program/options.h"
#include "relay/program/renewal_news.h"
#include "relay/program/validity.h"
#include "relay/store/sqlite_registry.h"

#include <tl/expected.hpp>

#include <functional>
#include <optional>
#include <string>

namespace sotto::relay {

/// Certificate and key: the operator's, or the relay's own, which is made if need be. Throws
/// std::runtime_error with a sentence for the operator.
void choose_certificate(Options& options, const StateDirectory& state);

/// Where in the configuration file the certificate or the key stands that a sentence is
/// about, as Options::place.
[[nodiscard]] std::string place_of(const std::string& sentence, const Options& options);

/// The relay as a service: the broker with what stands around it, signals, and the
/// configuration that may change meanwhile.
class Service {
  public:
    /// What the operator says now.
    using Reread = std::function<tl::expected<Options, std::string>()>;

    /// Throws std::runtime_error with a sentence for the operator.
    Service(Options options, Reread reread);

    /// Listens, says so, and runs until SIGINT or SIGTERM. Throws as above.
    void run();

  private:
    [[nodiscard]] std::uint16_t listen();
    void introduce(std::uint16_t port) const;
    void on_signal(int signal);
    /// Takes over what the operator says now; keeps everything as it is if that is wrong.
    void reload();
    /// Takes over `fresh`, or says why not and changes nothing.
    [[nodiscard]] tl::expected<void, std::string> take_over(Options fresh);
    void watch_certificate();
    /// Takes over what has changed, or could not be taken over before.
    void renew_certificate();
    void on_failed_renewal(const std::string& why, bool another_loop);
    /// Says what is wrong with it, from now on.
    void watch_validity(const net::Validity& certificate);
    void note_validity();
    [[nodiscard]] Metrics metrics() const;

    Reread reread_;
    StateDirectory state_;
    net::Descriptor lock_;
    const bool registry_lost_;  ///< looked at before a key is made
    Options options_;
    std::string asked_address_;  ///< before `listen` may have chosen another
    net::Loop loop_;
    FileStamps files_;  ///< from before certificate and key are read
    SqliteRegistry registry_;
    Broker broker_;
    std::optional<MetricsServer> metrics_;
    net::Loop::Timer timer_;
    std::optional<net::Loop::Clock::time_point> renew_at_;  ///< again, as it failed
    RenewalNews renewals_;
    ValidityWatch validity_;
    std::int64_t certificate_end_ = 0;  ///< seconds since 1970
    std::uint64_t failed_reloads_ = 0;
    bool stopping_ = false;
};

}  // namespace sotto::relay
