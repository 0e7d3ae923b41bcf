// Other people's text: for any input the output is harmless, bounded and stable.
#include "test/fuzz/fuzz.h"
#include "tui/client/safe_text.h"

#include <algorithm>

using sotto::client::SafeText;
using sotto::fuzz::must;

namespace {

void clean(std::string_view text, SafeText::Lines lines) {
    constexpr std::size_t kMax = 200;
    constexpr std::size_t kEllipsis = 3;
    const SafeText once = SafeText::from(text, lines, kMax);
    must(once.str().size() <= kMax + kEllipsis, "it is as long as allowed");
    must(std::none_of(once.str().begin(), once.str().end(),
                      [&](char c) {
                          const auto byte = static_cast<unsigned char>(c);
                          return (byte < 0x20 && !(c == '\n' && lines == SafeText::Lines::many)) ||
                                 byte == 0x7F;
                      }),
         "no control character is left");
    must(SafeText::from(once.str(), lines, 2 * kMax) == once, "what is safe stays as it is");
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = sotto::fuzz::text_of(data, size);
    clean(text, SafeText::Lines::one);
    clean(text, SafeText::Lines::many);
    return 0;
}
