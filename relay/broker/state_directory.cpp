#include "relay/broker/state_directory.h"

#include "net/system/lock_file.h"
#include "net/system/private_file.h"
#include "net/tls/certificate.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <stdexcept>
#include <system_error>
#include <vector>

namespace sotto::relay {

namespace {

constexpr std::size_t kRoom = 256U << 10U;  // what a start writes, with the journal's index

std::string environment(const char* name) {
    const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): before any thread
    return value == nullptr ? "" : value;
}

std::string default_path() {
    if (const std::string systemd = environment("STATE_DIRECTORY"); !systemd.empty()) {
        return systemd;
    }
    if (const std::string xdg = environment("XDG_STATE_HOME"); !xdg.empty()) {
        return xdg + "/sotto-relay";
    }
    const std::string home = environment("HOME");
    if (home.empty()) {
        throw std::runtime_error(
            "no home directory; use --state to say where to keep the relay's files");
    }
    return home + "/.local/state/sotto-relay";
}

/// A file without a name.
net::Descriptor open_nameless(const std::string& directory) {
    net::Descriptor file(::open(directory.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
    if (!file.is_open() && errno != ENOSPC && errno != EDQUOT && errno != EACCES) {
        std::string name = directory + "/.check-XXXXXX";  // some file systems know no other
        file = net::Descriptor(::mkostemp(name.data(), O_CLOEXEC));
        if (file.is_open()) {
            ::unlink(name.c_str());
        }
    }
    return file;
}

/// A new file: what is there is never written over.
void make_private(const std::string& path, const std::string& text) {
    const auto written = net::write_private_file(path, text, net::IfThere::fail);
    if (!written) {
        throw std::runtime_error(written.error());
    }
}

}  // namespace

StateDirectory find_state(const std::string& given) {
    return {given.empty() ? default_path() : given};
}

bool has_lost_registry(const StateDirectory& state) {
    return ::access(state.key().c_str(), F_OK) == 0 &&
           ::access(state.registry().c_str(), F_OK) != 0;
}

std::string service_hint(const StateDirectory& state, const std::string& service) {
    const StateDirectory other{service};
    if (::access(state.registry().c_str(), F_OK) == 0 ||
        ::access(other.registry().c_str(), F_OK) != 0) {
        return "";
    }
    return "the service has one, say --state " + service + " to use that";
}

StateDirectory open_state(const std::string& given) {
    StateDirectory state = find_state(given);
    const mode_t before = ::umask(0077);
    std::error_code error;
    std::filesystem::create_directories(state.path, error);
    ::umask(before);
    if (error || ::access(state.path.c_str(), W_OK | X_OK) != 0) {
        throw std::runtime_error("can't write to the state directory " + state.path + ": " +
                                 (error ? error.message() : std::strerror(errno)));
    }
    return state;
}

void require_room(const std::string& directory) {
    const std::vector<char> block(kRoom);
    const net::Descriptor file = open_nameless(directory);
    if (!file.is_open()) {
        throw std::runtime_error("can't write to " + directory + ": " + std::strerror(errno));
    }
    if (!net::write_all(file.get(), {block.data(), block.size()}) ||
        ::fsync(file.get()) != 0) {  // only then do some file systems look for room
        throw std::runtime_error("can't write to " + directory + ": " + std::strerror(errno));
    }
}

void ensure_certificate(const std::string& certificate, const std::string& key) {
    const bool has_certificate = ::access(certificate.c_str(), F_OK) == 0;
    const bool has_key = ::access(key.c_str(), F_OK) == 0;
    if (has_certificate != has_key) {
        throw std::runtime_error((has_key ? certificate : key) + " is missing beside " +
                                 (has_key ? key : certificate) +
                                 "; no new one is made, because clients trust the key");
    }
    if (!has_key) {
        auto pair = net::make_self_signed("sotto-relay");
        try {
            make_private(key, pair.key);
            make_private(certificate, pair.certificate);
        } catch (...) {  // nobody has seen them: half of a pair would stop the next start
            std::fill(pair.key.begin(), pair.key.end(), '\0');
            ::unlink(key.c_str());
            ::unlink(certificate.c_str());
            throw;
        }
        std::fill(pair.key.begin(), pair.key.end(), '\0');
    }
    check_key_mode(key);
}

void check_key_mode(const std::string& key) {
    struct stat facts {};
    if (::stat(key.c_str(), &facts) == 0 && (facts.st_mode & 077U) != 0) {
        throw std::runtime_error("others may read the key " + key + "; run: chmod 600 " + key);
    }
}

net::Descriptor lock_state(const StateDirectory& state) {
    net::Descriptor held(::open(state.lock().c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    if (!held.is_open()) {
        throw std::runtime_error("can't write " + state.lock() + ": " + std::strerror(errno));
    }
    const net::Lock lock = net::try_lock(held);
    if (lock != net::Lock::taken) {
        throw std::runtime_error(lock == net::Lock::in_use
                                     ? "another sotto-relay uses the state directory " + state.path
                                     : "can't lock " + state.lock() + ": " + std::strerror(errno));
    }
    return held;
}

}  // namespace sotto::relay
