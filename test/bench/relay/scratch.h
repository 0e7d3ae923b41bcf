#pragma once

#include <string>

namespace sotto::bench {

/// A folder with a certificate and its key, for the relays under measurement and what
/// they keep. It goes with the object.
class Scratch {
  public:
    /// Throws std::runtime_error if there is no room in /tmp.
    Scratch();
    ~Scratch();
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;

    [[nodiscard]] const std::string& path() const { return path_; }
    [[nodiscard]] std::string certificate() const { return path_ + "/certificate.pem"; }
    [[nodiscard]] std::string key() const { return path_ + "/key.pem"; }
    /// Writes a file of the folder, and says its path.
    [[nodiscard]] std::string file(const std::string& name, const std::string& text) const;

  private:
    std::string path_;
};

}  // namespace sotto::bench
