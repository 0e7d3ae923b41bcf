#include "net/system/private_file.h"

#include "net/system/descriptor.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace sotto::net {

namespace {

tl::unexpected<std::string> trouble(const char* verb, const std::string& path, int problem) {
    return tl::unexpected("can't " + std::string(verb) + " " + path + ": " +
                          std::strerror(problem));
}

bool is_link(const std::string& path) {
    struct stat facts {};
    return ::lstat(path.c_str(), &facts) == 0 && S_ISLNK(facts.st_mode);
}

tl::unexpected<std::string> no_link(const std::string& path) {
    return tl::unexpected(path + " is a symbolic link; put the file itself there");
}

/// The new file, whole and on disk, under a name of its own.
bool write_fresh(std::string& name, std::string_view bytes) {
    const Descriptor file(::mkostemp(name.data(), O_CLOEXEC));  // mode 0600
    if (!file.is_open()) {
        name.clear();
        return false;
    }
    return write_all(file.get(), bytes) && ::fsync(file.get()) == 0;
}

bool put_in_place(const std::string& fresh, const std::string& path, IfThere if_there) {
    return if_there == IfThere::replace ? ::rename(fresh.c_str(), path.c_str()) == 0
                                        : ::link(fresh.c_str(), path.c_str()) == 0;
}

tl::expected<void, std::string> judge(const struct stat& facts, const std::string& path,
                                      Protection protection) {
    if (!S_ISREG(facts.st_mode)) {
        return tl::unexpected(path + " is not a file");
    }
    if (facts.st_uid != ::geteuid() && ::geteuid() != 0) {
        return tl::unexpected(path + " belongs to another user");
    }
    const bool secret = protection == Protection::from_reading;
    if ((facts.st_mode & (secret ? 077U : 022U)) != 0) {
        return tl::unexpected("others may " + std::string(secret ? "read " : "write to ") + path +
                              "; run: chmod 600 " + path);
    }
    return {};
}

/// Opens a file that may be relied on; -1 if there is none.
tl::expected<Descriptor, std::string> open_checked(const std::string& path, Protection protection) {
    // Without O_NONBLOCK a FIFO in its place would be waited for.
    Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    if (!file.is_open()) {
        if (errno == ENOENT) {
            return file;
        }
        return errno == ELOOP ? no_link(path) : trouble("read", path, errno);
    }
    struct stat facts {};
    if (::fstat(file.get(), &facts) != 0) {
        return trouble("read", path, errno);
    }
    return judge(facts, path, protection).map([&] { return std::move(file); });
}

}  // namespace

bool write_all(int file, std::string_view bytes) noexcept {
    while (!bytes.empty()) {
        const ssize_t wrote = ::write(file, bytes.data(), bytes.size());
        if (wrote < 0 && errno != EINTR) {
            return false;
        }
        bytes.remove_prefix(wrote > 0 ? static_cast<std::size_t>(wrote) : 0);
    }
    return true;
}

bool sync_folder_of(const std::string& path) noexcept {
    const auto slash = path.rfind('/');
    const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
    const Descriptor directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    return directory.is_open() && ::fsync(directory.get()) == 0;
}

tl::expected<void, std::string> write_private_file(const std::string& path, std::string_view bytes,
                                                   IfThere if_there) {
    if (is_link(path)) {
        return no_link(path);
    }
    std::string fresh = path + ".XXXXXX";
    const bool written = write_fresh(fresh, bytes) && put_in_place(fresh, path, if_there);
    const int problem = errno;
    if (!fresh.empty() && (!written || if_there == IfThere::fail)) {
        ::unlink(fresh.c_str());
    }
    if (!written) {
        return trouble("write", path, problem);
    }
    return sync_folder_of(path) ? tl::expected<void, std::string>() : trouble("write", path, errno);
}

tl::expected<std::optional<std::vector<std::uint8_t>>, std::string> read_private_file(
    const std::string& path, std::size_t most, Protection protection) {
    const auto file = open_checked(path, protection);
    if (!file) {
        return tl::unexpected(file.error());
    }
    if (!file->is_open()) {
        return std::nullopt;
    }
    std::vector<std::uint8_t> bytes(most + 1);
    std::size_t size = 0;
    while (size < bytes.size()) {
        const ssize_t more = ::read(file->get(), bytes.data() + size, bytes.size() - size);
        if (more < 0 && errno != EINTR) {
            return trouble("read", path, errno);
        }
        if (more == 0) {
            break;
        }
        size += more > 0 ? static_cast<std::size_t>(more) : 0;
    }
    if (size > most) {
        return tl::unexpected(path + " is longer than any such file");
    }
    bytes.resize(size);
    return bytes;
}

tl::expected<void, std::string> check_private_file(const std::string& path, Protection protection) {
    return open_checked(path, protection).map([](const Descriptor& /*file*/) {});
}

}  // namespace sotto::net
