#include "tui/startup/data_directory.h"

#include "crypto/base/bytes.h"
#include "crypto/secret.h"
#include "net/system/private_file.h"
#include "net/wire/contact_link.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <system_error>
#include <type_traits>
#include <utility>

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

/// What a file gave, or an exception with the sentence about it.
template <class T>
T value_or_throw(tl::expected<T, std::string> result) {
    if (!result) {
        throw std::runtime_error(result.error());
    }
    if constexpr (!std::is_void_v<T>) {
        return std::move(*result);
    }
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
    value_or_throw(net::write_private_file(path, base::text_of(sealed), net::IfThere::fail));
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
    const auto sealed =
        value_or_throw(net::read_private_file(path, kMaxFile, net::Protection::from_reading));
    return sealed ? unseal(path, *sealed, passphrases) : make_identity(path, passphrases);
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
    value_or_throw(net::write_private_file(path, address + "\n", net::IfThere::replace));
}

}  // namespace sotto::program
