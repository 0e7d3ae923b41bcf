#pragma once

#include <string>

namespace sotto::tui {

/// Writes whole lines to a descriptor, and waits for whoever reads them.
class LineOutput {
  public:
    /// The descriptor stays the caller's.
    explicit LineOutput(int descriptor) : descriptor_(descriptor) {}

    /// Writes `text` and a newline. False once nobody can read it any more.
    bool line(std::string text);
    [[nodiscard]] bool closed() const noexcept { return closed_; }

  private:
    int descriptor_;
    bool closed_ = false;
};

}  // namespace sotto::tui
