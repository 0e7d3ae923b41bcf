#include "tui/store/pin_store.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <sstream>
#include <utility>

namespace sotto::net {

namespace {

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return text;
}

std::string key_of(const std::string& host, std::uint16_t port) {
    const bool ipv6 = host.find(':') != std::string::npos;
    return lower(ipv6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

std::string trouble(const std::string& what, const std::string& path) {
    return what + " " + path + ": " + std::strerror(errno);
}

bool write_all(int file, const std::string& text) {
    std::size_t done = 0;
    while (done < text.size()) {
        const ssize_t wrote = ::write(file, text.data() + done, text.size() - done);
        if (wrote < 0 && errno != EINTR) {
            return false;
        }
        done += wrote > 0 ? static_cast<std::size_t>(wrote) : 0;
    }
    return ::fsync(file) == 0;
}

/// A rename is on disk only once the folder that holds it is.
bool sync_folder_of(const std::string& path) {
    const auto slash = path.rfind('/');
    const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
    const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) {
        return false;
    }
    const bool synced = ::fsync(descriptor) == 0;
    const int problem = errno;
    ::close(descriptor);
    errno = problem;
    return synced;
}

}  // namespace

tl::expected<PinStore, std::string> PinStore::load(std::string path) {
    PinStore out(std::move(path));
    std::ifstream file(out.path_);
    if (!file) {
        if (errno == ENOENT) {
            return out;
        }
        return tl::unexpected(trouble("can't read the relay pins", out.path_));
    }
    std::string line;
    for (int number = 1; std::getline(file, line); ++number) {
        std::istringstream words(line);
        std::string relay;
        std::string hex;
        std::string more;
        Pin pin{};
        if (line.empty() || line[0] == '#') {
            continue;
        }
        if (!(words >> relay >> hex) || (words >> more) || !from_hex(hex, pin)) {
            return tl::unexpected(out.path_ + ":" + std::to_string(number) +
                                  ": not a relay and its pin; mend or remove the line");
        }
        const auto [at, first] = out.pins_.emplace(lower(relay), pin);
        if (!first && at->second != pin) {
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
        text += relay + " " + to_hex(stored) + "\n";
    }
    const std::string fresh = path_ + ".new";
    const int file = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (file < 0) {
        return tl::unexpected(trouble("can't write the relay pins", fresh));
    }
    const bool written = write_all(file, text);
    ::close(file);
    if (!written || std::rename(fresh.c_str(), path_.c_str()) != 0 || !sync_folder_of(path_)) {
        return tl::unexpected(trouble("can't write the relay pins", path_));
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
