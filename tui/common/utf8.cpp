#include "tui/common/utf8.h"

#include <utf8proc.h>

namespace sotto::tui {

bool is_utf8(std::string_view text) {
    while (!text.empty()) {
        utf8proc_int32_t ignored = 0;
        const auto size = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                           static_cast<utf8proc_ssize_t>(text.size()), &ignored);
        if (size <= 0) {
            return false;
        }
        text.remove_prefix(static_cast<std::size_t>(size));
    }
    return true;
}

}  // namespace sotto::tui
