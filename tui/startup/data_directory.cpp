#include "tui/startup/data_directory.h"

#include "crypto/secret.h"
#include "net/wire/contact_link.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <system_error>

namespace sotto::program {

namespace {

constexpr std::size_t kMaxFile = 4'096;
constexpr int kAttempts = 3;  // to enter the passphrase

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

/// A file, closed at the end of the scope.
class File {
  public:
    explicit File(int descriptor) : descriptor_(descriptor) {}
    ~File() {
        if (descriptor_ >= 0) {
            ::close(descriptor_);
        }
    }
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    [[nodiscard]] int get() const { return descriptor_; }

  private:
    int descriptor_;
};

bool write_all(int file, const void* bytes, std::size_t size) {
    return ::write(file, bytes, size) == static_cast<ssize_t>(size) && ::fsync(file) == 0;
}

enum class IfThere { replace, fail };

/// Writes durably and atomically: a reader finds the whole file or none.
void write_private(const std::string& path, std::string_view bytes, IfThere if_there) {
    std::string fresh = path + ".XXXXXX";
    const File file(::mkostemp(fresh.data(), O_CLOEXEC));  // mode 0600
    const bool written = file.get() >= 0 && write_all(file.get(), bytes.data(), bytes.size()) &&
                         (if_there == IfThere::replace ? ::rename(fresh.c_str(), path.c_str()) == 0
                                                       : ::link(fresh.c_str(), path.c_str()) == 0);
    const int problem = errno;
    ::unlink(fresh.c_str());
    const std::string folder = std::filesystem::path(path).parent_path().string();
    const File directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!written || directory.get() < 0 || ::fsync(directory.get()) != 0) {
        errno = written ? errno : problem;
        trouble("can't write", path);
    }
}

crypto::Bytes read_private(const File& file, const std::string& path) {
    struct stat facts {};
    if (::fstat(file.get(), &facts) != 0) {
        trouble("can't read your identity", path);
    }
    if (!S_ISREG(facts.st_mode)) {
        throw std::runtime_error("your identity " + path + " is not a file");
    }
    if ((facts.st_mode & 077U) != 0) {
        throw std::runtime_error("others may read your identity " + path + "; run: chmod 600 " +
                                 path);
    }
    crypto::Bytes bytes(kMaxFile);
    const ssize_t size = ::read(file.get(), bytes.data(), bytes.size());
    if (size < 0) {
        trouble("can't read your identity", path);
    }
    bytes.resize(static_cast<std::size_t>(size));
    return bytes;
}

std::optional<std::string_view> view_of(const std::optional<std::string>& passphrase) {
    return passphrase && !passphrase->empty() ? std::optional<std::string_view>(*passphrase)
                                              : std::nullopt;
}

void wipe(std::optional<std::string>& passphrase) {
    if (passphrase) {
        auto* bytes = reinterpret_cast<std::uint8_t*>(passphrase->data());
        crypto::wipe({bytes, passphrase->size()});
    }
}

crypto::Identity make_identity(const std::string& path, const Passphrases& passphrases) {
    crypto::SystemRandom random;
    crypto::Identity identity = crypto::Identity::generate(random);
    std::optional<std::string> passphrase = passphrases.choose();
    const crypto::Bytes sealed = identity.seal(view_of(passphrase), random);
    wipe(passphrase);
    write_private(path, {reinterpret_cast<const char*>(sealed.data()), sealed.size()},
                  IfThere::fail);
    return identity;
}

crypto::Identity unseal(const std::string& path, const crypto::Bytes& sealed,
                        const Passphrases& passphrases) {
    const bool locked = crypto::Identity::needs_passphrase(sealed);
    for (int attempt = 0;; ++attempt) {
        std::optional<std::string> passphrase;
        if (locked) {
            passphrase = passphrases.recall(attempt > 0);
        }
        auto identity = crypto::Identity::open(sealed, view_of(passphrase));
        const bool told = passphrase.has_value();
        wipe(passphrase);
        if (identity) {
            return std::move(*identity);
        }
        if (attempt + 1 == kAttempts || !told) {
            const bool nobody = locked && attempt == 0 && !told;
            throw std::runtime_error(
                path + ": " +
                (nobody ? "it has a passphrase, and nobody is here to ask; see --passphrase-file"
                 : attempt > 0 ? "wrong passphrase, or the identity is damaged"
                               : identity.error().what));
        }
    }
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

crypto::Identity open_identity(const std::string& path, const Passphrases& passphrases) {
    const File file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (file.get() < 0 && errno == ENOENT) {
        return make_identity(path, passphrases);
    }
    if (file.get() < 0) {
        trouble("can't read your identity", path);
    }
    return unseal(path, read_private(file, path), passphrases);
}

std::optional<std::string> remembered_address(const std::string& path) {
    std::ifstream file(path);
    std::string line;
    if (!file) {
        return std::nullopt;
    }
    std::getline(file, line);
    const auto address = wire::parse_address(line);
    if (!address || address->user.empty()) {
        throw std::runtime_error(path + " does not hold an address; mend or remove it");
    }
    return line;
}

void remember_address(const std::string& path, const std::string& address) {
    write_private(path, address + "\n", IfThere::replace);
}

}  // namespace sotto::program
