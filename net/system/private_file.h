#pragma once

#include <tl/expected.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The files that belong to one user alone: identity, pins, certificate, key, what is
/// remembered. Errors are sentences that name the file and the cause.
namespace sotto::net {

enum class IfThere {
    replace,  ///< the new file takes the place of the old one
    fail,     ///< what is there stays, and that is an error
};

/// Writes a file of mode 0600, durably and atomically: whenever the power fails, a reader finds
/// the whole new file or what was there before, and after success the new one. Refuses to
/// write in the place of a symbolic link.
[[nodiscard]] tl::expected<void, std::string> write_private_file(const std::string& path,
                                                                 std::string_view bytes,
                                                                 IfThere if_there);

/// What others than the owner must not be able to do with a file that is read.
enum class Protection {
    from_reading,  ///< it holds a secret
    from_writing,  ///< what it says is relied on
};

/// Reads a file whole, at most `most` bytes. Nothing if there is none. An error if it is too
/// long, a symbolic link or no file, belongs to another user (but root may read all), or is not
/// protected from others.
[[nodiscard]] tl::expected<std::optional<std::vector<std::uint8_t>>, std::string> read_private_file(
    const std::string& path, std::size_t most, Protection protection);

/// Whether a file may be relied on, as above, without reading it; true if there is none.
[[nodiscard]] tl::expected<void, std::string> check_private_file(const std::string& path,
                                                                 Protection protection);

/// Writes all of `bytes` to an open file. False, with errno, if it can't.
[[nodiscard]] bool write_all(int file, std::string_view bytes) noexcept;

/// Puts a directory's entries on disk, for a file made or renamed in it. `path` is the file's.
[[nodiscard]] bool sync_folder_of(const std::string& path) noexcept;

}  // namespace sotto::net
