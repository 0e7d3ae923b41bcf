#pragma once

#include "tui/common/completion.h"
#include "tui/model/line_editor.h"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace sotto::tui {

/// Tab in the input line: first as far as all candidates agree, then round through them.
class WordCompletion {
  public:
    /// `step` is 1, or -1 for the candidate before. `names` complete what is no command.
    void run(LineEditor& line, int step, const std::vector<std::string>& names);
    /// Those that were found, with blanks between.
    [[nodiscard]] std::string candidates() const;

  private:
    Completion found_;                  ///< by the last Tab
    std::string left_;                  ///< the line as it left it
    std::optional<std::size_t> taken_;  ///< of the candidates, once one was taken whole
};

}  // namespace sotto::tui
