#pragma once

#include <string>
#include <vector>

namespace sotto::tui {

/// The selected row of a list and its filter. What is selected is an identity: rows that
/// come, go or change places don't move it.
class Selection {
  public:
    /// The selected name, if it is among `rows`; else empty.
    [[nodiscard]] std::string in(const std::vector<std::string>& rows) const;
    /// Moves by rows; from nothing, to the first row (or the last, upward).
    void move(const std::vector<std::string>& rows, int by);
    void select(std::string name) { name_ = std::move(name); }
    /// Call when rows change: a selected name that went leaves the selection to the row
    /// that stands in its place only when the person moves again.
    void remember(const std::vector<std::string>& rows);

    /// The selected row is gone from `rows`, and the person has seen it go: what stands in
    /// its place is selected.
    void move_on(const std::vector<std::string>& before, const std::vector<std::string>& rows);

    [[nodiscard]] const std::string& filter() const noexcept { return filter_; }
    void set_filter(std::string filter) { filter_ = std::move(filter); }

  private:
    std::string name_;
    std::size_t place_ = 0;  ///< where it was last
    std::string filter_;
};

}  // namespace sotto::tui
