#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace sotto::tui {

/// The lines that were sent, and a walk through them. What was edited on the way is kept
/// at its place until the walk ends, the unsent line at the newest end among it.
class LineHistory {
  public:
    explicit LineHistory(std::size_t max_lines) : max_lines_(max_lines) {}

    /// A line was sent: remembered unless empty or a repetition of the last, and the walk
    /// is over.
    void add(const std::string& line);

    /// The place of the walk: that of an entry, or `size` for the unsent line.
    [[nodiscard]] std::size_t place() const noexcept { return place_; }
    [[nodiscard]] std::size_t size() const noexcept { return lines_.size(); }

    /// Goes to another place and returns what stands there. `shown`, what stands in the
    /// editor now, is kept at the old place. None if `place` is beyond `size`.
    [[nodiscard]] std::optional<std::string> go(std::size_t place, const std::string& shown);
    /// Takes the walk to `place`, at most `size`, without keeping or fetching anything.
    void jump(std::size_t place) noexcept;

    /// The newest entry older than `before` that contains `part` and is not `shown`.
    [[nodiscard]] std::optional<std::size_t> find(std::string_view part, std::size_t before,
                                                  std::string_view shown) const;
    /// An entry as it was sent; `place` is below `size`.
    [[nodiscard]] const std::string& entry(std::size_t place) const { return lines_.at(place); }

  private:
    std::size_t max_lines_;
    std::deque<std::string> lines_;
    std::map<std::size_t, std::string> edited_;
    std::size_t place_ = 0;
};

}  // namespace sotto::tui
