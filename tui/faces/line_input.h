#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <string>

namespace sotto::tui {

/// Cuts what a descriptor yields into lines. A line that is too long is dropped whole, so
/// that its rest is never taken for a line of its own.
class LineInput {
  public:
    struct Line {
        std::string text;       ///< without its LF or CR LF
        bool too_long = false;  ///< then `text` is empty
    };

    /// The descriptor stays the caller's; `max_bytes` bounds a line.
    LineInput(int descriptor, std::size_t max_bytes);

    /// Call when the descriptor is readable: takes what is there, once.
    void read();
    /// The next whole line. What stands before the end of the input without a newline is one.
    [[nodiscard]] std::optional<Line> next();
    /// The line that `next` will return; null if there is none.
    [[nodiscard]] const Line* waiting() const noexcept {
        return lines_.empty() ? nullptr : &lines_.front();
    }
    /// Nothing more can be read; lines may still be waiting.
    [[nodiscard]] bool ended() const noexcept { return ended_; }
    /// The descriptor, or -1 after its end.
    [[nodiscard]] int descriptor() const noexcept { return ended_ ? -1 : descriptor_; }

  private:
    void add(const char* bytes, std::size_t size);
    void finish_line();

    int descriptor_;
    std::size_t max_;
    std::string partial_;
    std::deque<Line> lines_;
    bool skipping_ = false;  ///< inside a line that was too long
    bool ended_ = false;
};

}  // namespace sotto::tui
