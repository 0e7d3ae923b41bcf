#include "relay/program/file_stamps.h"

#include <sys/stat.h>

#include <utility>

namespace sotto::relay {

FileStamps::FileStamps(std::vector<std::string> files)
    : files_(std::move(files)), told_(look()), last_(told_) {}

std::vector<FileStamps::Stamp> FileStamps::look() const {
    std::vector<Stamp> out;
    for (const std::string& file : files_) {
        struct stat facts {};
        Stamp stamp{};
        if (::stat(file.c_str(), &facts) == 0) {
            // The time of the last change of any kind; a mode or an owner counts, too.
            stamp = {static_cast<std::int64_t>(facts.st_dev),
                     static_cast<std::int64_t>(facts.st_ino),
                     static_cast<std::int64_t>(facts.st_size),
                     static_cast<std::int64_t>(facts.st_ctim.tv_sec),
                     static_cast<std::int64_t>(facts.st_ctim.tv_nsec)};
        }
        out.push_back(stamp);
    }
    return out;
}

bool FileStamps::settled() {
    auto now = look();
    const bool quiet = now == last_;
    last_ = std::move(now);
    if (!quiet || last_ == told_) {
        return false;
    }
    told_ = last_;
    return true;
}

}  // namespace sotto::relay
