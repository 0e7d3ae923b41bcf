#include "tui/store/pin_store.h"

#include "crypto/base/ascii.h"
#include "crypto/base/bytes.h"
#include "crypto/base/hex.h"
#include "crypto/base/host_port.h"
#include "net/system/private_file.h"

#include <sstream>
#include <utility>

namespace sotto::net {

namespace {

constexpr std::size_t kMaxFile = 1U << 20U;  // some 10,000 relays

std::string key_of(const std::string& host, std::uint16_t port) {
    return base::lower_case(base::host_port(host, port));
}

}  // namespace

tl::expected<PinStore, std::string> PinStore::load(std::string path) {
    PinStore out(std::move(path));
    const auto bytes = read_private_file(out.path_, kMaxFile, Protection::from_writing);
    if (!bytes) {
        return tl::unexpected(bytes.error());
    }
    std::istringstream file(std::string(base::text_of(bytes->value_or(base::Bytes()))));
    std::string line;
    for (int number = 1; std::getline(file, line); ++number) {
        std::istringstream words(line);
        std::string relay;
        std::string hex;
        std::string more;
        if (line.empty() || line[0] == '#') {
            continue;
        }
        const bool two = (words >> relay >> hex) && !(words >> more);
        const auto pin = base::from_hex<Pin>(hex);
        if (!two || !pin) {
            return tl::unexpected(out.path_ + ":" + std::to_string(number) +
                                  ": not a relay and its pin; mend or remove the line");
        }
        const auto [at, first] = out.pins_.emplace(base::lower_case(relay), *pin);
        if (!first && at->second != *pin) {
            return tl::unexpected(out.path_ + ":" + std::to_string(number) + ": another pin of " +
                                  at->first + " stands above; remove the wrong one");
        }
    }
    return out;
}

std::optional<Pin> PinStore::find(const std::string& host, std::uint16_t port) const {
    const auto at = pins_.find(key_of(host, port));
    return at == pins_.end() ? std::nullopt : std::optional(at->second);
}

tl::expected<void, std::string> PinStore::put(const std::string& host, std::uint16_t port,
                                              const Pin& pin) {
    std::map<std::string, Pin> next = pins_;
    next[key_of(host, port)] = pin;
    std::string text;
    for (const auto& [relay, stored] : next) {
        text += relay + " " + base::hex(stored) + "\n";
    }
    if (auto written = write_private_file(path_, text, IfThere::replace); !written) {
        return written;
    }
    pins_ = std::move(next);
    return {};
}

TrustDecision PinStore::decide(const std::string& host, std::uint16_t port,
                               const std::optional<Pin>& given, const Pin& seen,
                               bool chain_verified) const {
    const std::optional<Pin> known = given ? given : find(host, port);
    if (known) {
        return *known == seen ? TrustDecision::trusted : TrustDecision::refused;
    }
    return chain_verified ? TrustDecision::trusted : TrustDecision::ask;
}

}  // namespace sotto::net
