#include "tui/common/attributed.h"

namespace sotto::tui {

std::string attributed(const std::string& author, const std::string& text) {
    std::string out = author + "> ";
    for (const char c : text) {
        out += c;
        if (c == '\n') {
            out += author + "| ";
        }
    }
    return out;
}

}  // namespace sotto::tui
