#include "tui/model/overlay.h"
#include "tui/model/pages.h"
#include "tui/view/panes.h"
#include "tui/view/qr.h"

#include <algorithm>
#include <optional>
#include <type_traits>

namespace sotto::tui {

namespace {

constexpr std::size_t kGroup = 5;
constexpr std::size_t kGroupsInRow = 4;
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

/// Says what a code that is not there needs, in the last row if `used` leaves it free.
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

int draw_lines(Frame& frame, const Rect& where, const std::vector<PageLine>& lines,
               EmojiWidth emoji) {
    int row = 0;
    for (const PageRow& line : page_rows(lines, where.columns, emoji)) {
        if (row == where.rows) {
            break;
        }
        frame.put(where.row + row, where.column + line.indent, line.text, line.style,
                  where.columns - line.indent);
        ++row;
    }
    return row;
}

/// The groups in rows of four; those that the person is to type are hidden.
std::vector<PageLine> groups(const client::event::SafetyNumber& number) {
    std::vector<PageLine> out;
    std::string line;
    const std::size_t count = number.digits.size() / kGroup;
    for (std::size_t i = 0; i < count; ++i) {
        const int position = static_cast<int>(i) + 1;
        const bool asked =
            std::find(number.asked.begin(), number.asked.end(), position) != number.asked.end();
        std::string group = number.digits.substr(i * kGroup, kGroup);
        if (asked) {
            group = (position < 10 ? "[ " : "[") + std::to_string(position) + " ]";
        }
        line += "  " + group;
        if ((i + 1) % kGroupsInRow == 0) {
            out.push_back({line, Style::bold});
            line.clear();
        }
    }
    return out;
}

std::string asked_groups(const client::event::SafetyNumber& number) {
    std::string out;
    for (std::size_t i = 0; i < number.asked.size(); ++i) {
        out += i == 0 ? "" : (i + 1 == number.asked.size() ? " and " : ", ");
        out += std::to_string(number.asked[i]);
    }
    return out;
}

Rect inside(const Rect& where) {
    return {where.row + 1, where.column + 1, where.rows - 2, where.columns - 2};
}

void draw_hint(Frame& frame, const Rect& where, const std::string& hint) {
    const int row = where.row + where.rows - 1;
    if (where.rows > 2) {
        frame.put(row, where.column + 1, hint, Style::dim, where.columns - 1, true);
    }
}

void draw(Frame& frame, const State& state, const Page& page, const Rect& where) {
    draw_bar(frame, where, page.title, "", Style::focused);
    Rect body = inside(where);
    const int width = body.columns;
    const std::optional<QrCode> code = qr_code(page.qr);
    body.columns = draw_code(frame, body, code);
    const auto rows = page_rows(page.lines, body.columns, state.emoji);
    const int last = std::max(static_cast<int>(rows.size()) - body.rows, 0);
    const int top = std::clamp(page.top, 0, last);
    for (int i = 0; i < body.rows && top + i < static_cast<int>(rows.size()); ++i) {
        const PageRow& row = rows[static_cast<std::size_t>(top + i)];
        frame.put(body.row + i, body.column + row.indent, row.text, row.style,
                  body.columns - row.indent);
    }
    if (code && body.columns == width) {
        draw_code_needs(frame, body, *code, static_cast<int>(rows.size()) - top);
    }
    draw_hint(frame, where,
              last == 0 ? "Esc closes"
                        : "Esc closes; PgUp, PgDn, j, k scroll (" + std::to_string(top + 1) +
                              " of " + std::to_string(last + 1) + ")");
}

void draw(Frame& frame, const State& state, const Question& question, const Rect& where) {
    draw_bar(frame, where, question.title, "", Style::focused);
    const Rect body = inside(where);
    const Rect text{body.row, body.column, std::max(body.rows - 1, 0), body.columns};
    const int used = draw_lines(frame, text, question.lines, state.emoji);
    const int row = std::min(body.row + used + 1, where.row + where.rows - 1);
    int size = frame.put(row, body.column, question.prompt, Style::activity, body.columns, true);
    if (question.in_full) {
        size += 1 + frame.put(row, body.column + size + 1, question.typed, Style::bold,
                              body.columns - size - 1);
        --size;  // the cursor stands right behind it
    }
    frame.set_cursor(row, std::min(body.column + size + 1, frame.size().columns - 1));
}

void draw(Frame& frame, const State& state, const Verification& verification, const Rect& where) {
    const auto& number = verification.number;
    draw_bar(frame, where, "Safety number with " + number.user,
             number.verified ? "VERIFIED" : "unverified", Style::focused);
    Rect body = inside(where);
    const int width = body.columns;
    const std::optional<QrCode> code = qr_code("sotto:v1:" + number.digits);
    body.columns = draw_code(frame, body, code);
    std::vector<PageLine> lines = groups(number);
    lines.push_back({""});
    lines.push_back({"Meet or call " + number.user + ", who opens the same page. Read out what " +
                     number.user + " asks for. Let " + number.user + " read out groups " +
                     asked_groups(number) + ", and type them:"});
    // What is typed, and what comes of it, is seen whatever else is not.
    const int kept = verification.verdict.empty() ? 1 : 2;
    const Rect text{body.row, body.column, std::max(body.rows - kept, 0), body.columns};
    const int used = draw_lines(frame, text, lines, state.emoji);
    const int row = body.row + used;
    if (used < body.rows) {
        const std::string typed = "> " + grouped(verification.typed, kGroup);
        const int size = frame.put(row, body.column, typed, Style::bold, body.columns);
        frame.set_cursor(row, std::min(body.column + size, frame.size().columns - 1));
    }
    const int below = row + (used + 3 <= body.rows ? 2 : 1);  // a blank between, if there is room
    const Rect rest{below, body.column, body.row + body.rows - below, body.columns};
    if (!verification.verdict.empty() && rest.rows > 0) {
        draw_lines(frame, rest,
                   {{verification.verdict, verification.wrong ? Style::error : Style::bold}},
                   state.emoji);
    } else if (code && body.columns == width) {
        draw_code_needs(frame, body, *code, used + 1);
    }
    draw_hint(frame, where, "Enter compares; Esc closes; never read this out in the chat itself");
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
