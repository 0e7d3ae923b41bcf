#pragma once

#include <string>

namespace sotto::bench {

/// A temporary folder with a certificate and its key, for the measured relays and their
/// files. The destructor removes it.
class Scratch {
  public:
    /// Throws std::runtime_error if it can't be created in /tmp.
    Scratch();
    ~Scratch();
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;

    [[nodiscard]] const std::string& path() const { return path_; }
    [[nodiscard]] std::string certificate() const { return path_ + "/certificate.pem"; }
    [[nodiscard]] std::string key() const { return path_ + "/key.pem"; }
    /// Writes a file into the folder and returns its path.
    [[nodiscard]] std::string file(const std::string& name, const std::string& text) const;

  private:
    std::string path_;
};

}  // namespace sotto::bench
