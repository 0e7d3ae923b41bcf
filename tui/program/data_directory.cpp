#include "tui/program/data_directory.h"

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

namespace sotto::program {

namespace {

constexpr std::size_t kMaxFile = 4'096;

std::string environment(const char* name) {
    const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): one thread
    return value == nullptr ? "" : value;
}

std::string default_path() {
    if (const std::string xdg = environment("XDG_DATA_HOME"); !xdg.empty()) {
        return xdg + "/sotto";
    }
    const std::string home = environment("HOME");
    if (home.empty()) {
        throw std::runtime_error("no home directory; say --data where to keep your files");
    }
    return home + "/.local/share/sotto";
}

[[noreturn]] void trouble(const std::string& what, const std::string& path) {
    throw std::runtime_error(what + " " + path + ": " + std::strerror(errno));
}

crypto::Bytes read_private(int file, const std::string& path) {
    struct stat facts {};
    if (::fstat(file, &facts) != 0) {
        trouble("can't read", path);
    }
    if ((facts.st_mode & 077U) != 0) {
        throw std::runtime_error("others may read your identity " + path + "; run: chmod 600 " +
                                 path);
    }
    crypto::Bytes bytes(kMaxFile);
    const ssize_t size = ::read(file, bytes.data(), bytes.size());
    if (size < 0) {
        trouble("can't read", path);
    }
    bytes.resize(static_cast<std::size_t>(size));
    return bytes;
}

crypto::Identity make_identity(const std::string& path, const AskPassphrase& ask) {
    crypto::SystemRandom random;
    crypto::Identity identity = crypto::Identity::generate(random);
    auto passphrase = ask("A passphrase for your new identity (empty for none): ");
    if (passphrase && !passphrase->empty() && ask("Once more: ") != passphrase) {
        throw std::runtime_error("the two passphrases differ; nothing was made");
    }
    if (passphrase && passphrase->empty()) {
        passphrase.reset();
    }
    const crypto::Bytes sealed = identity.seal(
        passphrase ? std::optional<std::string_view>(*passphrase) : std::nullopt, random);
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0) {
        trouble("can't write your identity", path);
    }
    const bool written =
        ::write(file, sealed.data(), sealed.size()) == static_cast<ssize_t>(sealed.size()) &&
        ::fsync(file) == 0;
    ::close(file);
    if (!written) {
        ::unlink(path.c_str());
        trouble("can't write your identity", path);
    }
    return identity;
}

}  // namespace

std::string open_data(const std::string& given) {
    const std::string path = given.empty() ? default_path() : given;
    const mode_t before = ::umask(0077);
    std::error_code error;
    std::filesystem::create_directories(path, error);
    ::umask(before);
    if (error || ::access(path.c_str(), W_OK | X_OK) != 0) {
        throw std::runtime_error("can't write to " + path + ": " +
                                 (error ? error.message() : std::strerror(errno)));
    }
    return path;
}

crypto::Identity open_identity(const std::string& path, const AskPassphrase& ask) {
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0 && errno == ENOENT) {
        return make_identity(path, ask);
    }
    if (file < 0) {
        trouble("can't read your identity", path);
    }
    crypto::Bytes sealed;
    try {
        sealed = read_private(file, path);
    } catch (...) {
        ::close(file);
        throw;
    }
    ::close(file);
    std::optional<std::string> passphrase;
    if (crypto::Identity::needs_passphrase(sealed)) {
        passphrase = ask("Passphrase: ");
    }
    auto identity = crypto::Identity::open(
        sealed, passphrase ? std::optional<std::string_view>(*passphrase) : std::nullopt);
    if (!identity) {
        throw std::runtime_error(path + ": " + identity.error().what);
    }
    return std::move(*identity);
}

}  // namespace sotto::program
