#include "tui/model/overlay.h"
#include "tui/model/questions.h"
#include "tui/view/panes.h"
#include "tui/view/qr.h"

#include <algorithm>
#include <optional>
#include <type_traits>

namespace sotto::tui {

namespace {

constexpr int kTextBesideCode = 30;  ///< columns that text beside a QR code needs

/// Draws the code at the right edge if it fits beside the text; returns the columns left.
int draw_code(Frame& frame, const Rect& where, const std::optional<QrCode>& code) {
    if (!code) {
        return where.columns;
    }
    const auto lines = half_blocks(*code, QrBackground::dark);
    const int width = code->size() + 2 * kQrQuietZone;
    if (static_cast<int>(lines.size()) > where.rows || width + kTextBesideCode > where.columns) {
        return where.columns;
    }
    for (std::size_t i = 0; i < lines.size(); ++i) {
        frame.put(where.row + static_cast<int>(i), where.column + where.columns - width, lines[i],
                  Style::normal, width);
    }
    return where.columns - width - 2;
}

/// Says how much room a missing code needs, in the last row if `used` leaves it free.
void draw_code_needs(Frame& frame, const Rect& where, const QrCode& code, int used) {
    if (used >= where.rows) {
        return;
    }
    const int width = code.size() + 2 * kQrQuietZone + kTextBesideCode;
    const int height = (code.size() + 2 * kQrQuietZone + 1) / 2;
    frame.put(where.row + where.rows - 1, where.column,
              "A QR code needs " + std::to_string(width) + " columns and " +
                  std::to_string(height) + " rows here; there are " +
                  std::to_string(where.columns) + " and " + std::to_string(where.rows) + ".",
              Style::dim, where.columns, true);
}

Rect inside(const Rect& where) {
    return {where.row + 1, where.column + 1, where.rows - 2, where.columns - 2};
}

/// Draws rows of text in `body` from row `top` on; returns the last row, if visible.
std::optional<int> draw_rows(Frame& frame, const Rect& body, const std::vector<PageRow>& rows,
                             const Extent& seen, int top) {
    const int first = std::clamp(top, 0, seen.last);
    const int size = static_cast<int>(rows.size());
    for (int i = 0; i < seen.height && first + i < size; ++i) {
        const PageRow& row = rows[static_cast<std::size_t>(first + i)];
        frame.put(body.row + i, body.column + row.indent, row.text, row.style,
                  body.columns - row.indent);
    }
    return first == seen.last ? std::optional(body.row + size - 1 - first) : std::nullopt;
}

/// "(2 of 7)" if not everything fits.
std::string place_of(const Extent& seen, int top) {
    return seen.last == 0 ? ""
                          : "(" + std::to_string(std::clamp(top, 0, seen.last) + 1) + " of " +
                                std::to_string(seen.last + 1) + ")";
}

void draw_hint(Frame& frame, const Rect& where, const Extent& seen, const std::string& hint) {
    if (seen.hint) {
        frame.put(where.row + where.rows - 1, where.column + 1, hint, Style::dim, where.columns - 1,
                  true);
    }
}

void draw(Frame& frame, const State& state, const Page& page, const Rect& where) {
    Rect body = inside(where);
    const int width = body.columns;
    const std::optional<QrCode> code = qr_code(page.qr);
    body.columns = draw_code(frame, body, code);
    const auto rows = page_rows(page.lines, body.columns, state.emoji);
    const Extent seen = extent(rows.size(), where.rows);
    const int top = std::clamp(page.top, 0, seen.last);
    const std::string place = place_of(seen, top);
    draw_bar(frame, where, page.title, seen.hint ? "" : place, Style::focused);
    (void)draw_rows(frame, body, rows, seen, top);
    if (code && body.columns == width) {
        draw_code_needs(frame, body, *code, static_cast<int>(rows.size()) - top);
    }
    draw_hint(frame, where, seen,
              seen.last == 0 ? "Esc closes" : "Esc closes; PgUp, PgDn, j, k scroll " + place);
}

void draw(Frame& frame, const State& state, const Question& question, const Rect& where) {
    const Rect body = inside(where);
    const auto lines = lines_of(question);
    const auto rows = page_rows(lines, body.columns, state.emoji);
    const Extent seen = extent(rows.size(), where.rows);
    const std::string place = place_of(seen, question.top);
    draw_bar(frame, where, question.title, seen.hint ? "" : place, Style::focused);
    if (const auto last = draw_rows(frame, body, rows, seen, question.top)) {
        const int end = columns(rows.back().text, state.emoji) + rows.back().indent;
        const int gap = question.typed.empty() ? 1 : 0;
        frame.set_cursor(*last, std::min(body.column + end + gap, frame.size().columns - 1));
    }
    if (seen.last > 0) {
        draw_hint(frame, where, seen, "PgUp, PgDn scroll " + place + ", then answer");
    }
}

void draw(Frame& frame, const State& state, const Verification& verification, const Rect& where) {
    const auto& number = verification.number;
    Rect body = inside(where);
    const int width = body.columns;
    const std::optional<QrCode> code = qr_code("sotto:v1:" + number.digits);
    body.columns = draw_code(frame, body, code);
    const auto lines = lines_of(verification);
    const auto rows = page_rows(lines, body.columns, state.emoji);
    const Extent seen = extent(rows.size(), where.rows);
    const std::string place = place_of(seen, verification.top);
    const std::string trust = number.verified ? "VERIFIED" : "unverified";
    draw_bar(frame, where, "Safety number with " + number.user,
             seen.hint || place.empty() ? trust : place, Style::focused);
    if (const auto last = draw_rows(frame, body, rows, seen, verification.top)) {
        // The typed text is in the last row, or in the one before the verdict.
        const auto after = std::find_if(lines.begin(), lines.end(), [](const PageLine& line) {
            return line.text.rfind("> ", 0) == 0;
        });
        const std::vector<PageLine> rest(after + 1, lines.end());
        const int below = static_cast<int>(page_rows(rest, body.columns, state.emoji).size());
        const auto& typed = rows[rows.size() - 1 - static_cast<std::size_t>(below)];
        if (*last - below >= body.row) {
            frame.set_cursor(*last - below,
                             std::min(body.column + columns(typed.text, state.emoji) +
                                          (verification.typed.empty() ? 1 : 0),
                                      frame.size().columns - 1));
        }
    }
    if (code && body.columns == width && verification.verdict.empty()) {
        draw_code_needs(frame, body, *code, static_cast<int>(rows.size()));
    }
    draw_hint(frame, where, seen,
              (place.empty() ? "" : "PgUp, PgDn scroll " + place + "; ") +
                  "Enter compares; Esc closes; never read this out in the chat itself");
}

}  // namespace

void draw_overlay(Frame& frame, const State& state, const Rect& where) {
    std::visit(
        [&](const auto& overlay) {
            if constexpr (!std::is_same_v<std::decay_t<decltype(overlay)>, std::monostate>) {
                frame.clear(where);
                draw(frame, state, overlay, where);
            }
        },
        state.overlay);
}

}  // namespace sotto::tui
