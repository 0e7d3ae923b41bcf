#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sotto::tui {

/// A QR code: a square of modules, without the quiet zone around it.
struct QrCode {
    std::vector<std::vector<bool>> rows;  ///< true is a dark module

    [[nodiscard]] int size() const noexcept { return static_cast<int>(rows.size()); }
};

/// The smallest code for `text` with error correction level L: a clean screen needs no more.
/// None if `text` is empty, contains a NUL or is too long.
[[nodiscard]] std::optional<QrCode> qr_code(std::string_view text);

/// The background of the code; scanners expect dark modules on light ones.
enum class QrBackground {
    dark,   ///< light characters on a dark screen: the light modules are drawn
    light,  ///< dark characters on a light screen: the dark modules are drawn
};

/// Half of what the standard requires; scanners accept it, and it saves space.
constexpr int kQrQuietZone = 2;

/// The code and `quiet` light modules on each side of it as lines of half blocks, two rows
/// of modules a line, each `size() + 2 * quiet` columns wide. With an odd number of rows the
/// quiet zone below is one wider.
[[nodiscard]] std::vector<std::string> half_blocks(const QrCode& code, QrBackground background,
                                                   int quiet = kQrQuietZone);

}  // namespace sotto::tui
