#pragma once

#include <string>
#include <vector>

namespace sotto::abuse {

/// A temporary folder, removed by the destructor.
class Scratch {
  public:
    Scratch();
    ~Scratch();
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    [[nodiscard]] const std::string& path() const { return path_; }

  private:
    std::string path_;
};

/// How bench::Child starts a relay with its state there; the shell commands `limits` run first.
[[nodiscard]] std::vector<std::string> relay_command(const std::string& relay,
                                                     const Scratch& scratch,
                                                     const std::vector<std::string>& more = {},
                                                     const std::string& limits = "");

}  // namespace sotto::abuse
