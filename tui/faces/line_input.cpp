#include "tui/faces/line_input.h"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace sotto::tui {

LineInput::LineInput(int descriptor, std::size_t max_bytes)
    : descriptor_(descriptor), max_(max_bytes) {}

void LineInput::read() {
    std::array<char, 16'384> block{};
    const ssize_t size = ::read(descriptor_, block.data(), block.size());
    if (size > 0) {
        add(block.data(), static_cast<std::size_t>(size));
    } else if (size == 0 || (errno != EINTR && errno != EAGAIN)) {
        ended_ = true;  // a terminal that is gone reads as an error
        if (!partial_.empty()) {
            finish_line();
        }
    }
}

void LineInput::add(const char* bytes, std::size_t size) {
    while (size > 0) {
        const auto* newline = static_cast<const char*>(std::memchr(bytes, '\n', size));
        const std::size_t part =
            newline == nullptr ? size : static_cast<std::size_t>(newline - bytes);
        if (!skipping_ && partial_.size() + part > max_ + 1) {  // one more: the CR of CR LF
            partial_.clear();
            skipping_ = true;
            lines_.push_back({"", true});
        } else if (!skipping_) {
            partial_.append(bytes, part);
        }
        if (newline == nullptr) {
            return;
        }
        if (!std::exchange(skipping_, false)) {
            finish_line();
        }
        bytes += part + 1;
        size -= part + 1;
    }
}

void LineInput::finish_line() {
    if (!partial_.empty() && partial_.back() == '\r') {
        partial_.pop_back();
    }
    const bool too_long = partial_.size() > max_;
    lines_.push_back({too_long ? std::string() : std::exchange(partial_, {}), too_long});
    partial_.clear();
}

std::optional<LineInput::Line> LineInput::next() {
    if (lines_.empty()) {
        return std::nullopt;
    }
    Line line = std::move(lines_.front());
    lines_.pop_front();
    return line;
}

}  // namespace sotto::tui
