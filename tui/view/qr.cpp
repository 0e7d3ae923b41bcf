#include "tui/view/qr.h"

#include <qrencode.h>

#include <array>
#include <memory>

namespace sotto::tui {

namespace {

constexpr unsigned char kDarkBit = 1;  // libqrencode: the lowest bit of a module's byte

bool is_dark(const QrCode& code, int row, int column) {
    const int size = code.size();
    if (row < 0 || column < 0 || row >= size || column >= size) {
        return false;  // the quiet zone
    }
    return code.rows[static_cast<std::size_t>(row)][static_cast<std::size_t>(column)];
}

}  // namespace

std::optional<QrCode> qr_code(std::string_view text) {
    if (text.empty() || text.find('\0') != std::string_view::npos) {
        return std::nullopt;
    }
    // Digits get a segment of their own, which makes the code much smaller.
    const std::unique_ptr<QRcode, void (*)(QRcode*)> made(
        QRcode_encodeString(std::string(text).c_str(), 0, QR_ECLEVEL_L, QR_MODE_8, 1),
        &QRcode_free);
    if (!made) {
        return std::nullopt;
    }
    QrCode code;
    const unsigned char* module = made->data;
    for (int row = 0; row < made->width; ++row) {
        std::vector<bool>& line = code.rows.emplace_back();
        for (int column = 0; column < made->width; ++column) {
            line.push_back((*module++ & kDarkBit) != 0);
        }
    }
    return code;
}

std::vector<std::string> half_blocks(const QrCode& code, QrBackground background, int quiet) {
    // Indexed by the halves that are drawn: neither, the lower, the upper, both.
    static constexpr std::array<std::string_view, 4> kBlocks = {" ", "\xE2\x96\x84", "\xE2\x96\x80",
                                                                "\xE2\x96\x88"};
    const bool draw_dark = background == QrBackground::light;
    std::vector<std::string> lines;
    for (int row = -quiet; row < code.size() + quiet; row += 2) {
        std::string& line = lines.emplace_back();
        for (int column = -quiet; column < code.size() + quiet; ++column) {
            const bool upper = is_dark(code, row, column) == draw_dark;
            const bool lower = is_dark(code, row + 1, column) == draw_dark;
            line += kBlocks[(upper ? 2U : 0U) + (lower ? 1U : 0U)];
        }
    }
    return lines;
}

}  // namespace sotto::tui
