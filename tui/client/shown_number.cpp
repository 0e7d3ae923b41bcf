#include "tui/client/shown_number.h"

#include <algorithm>
#include <utility>

namespace sotto::client {

namespace {

constexpr std::size_t kGroup = 5;    // digits
constexpr int kGroups = 6;           // of each half
constexpr std::uint8_t kOthers = 5;  // of a half, but for its first
constexpr std::uint8_t kFair = 255;  // the largest multiple of kOthers that a byte holds

/// 1 to 5: a group of a half that is not its first.
int any_other(crypto::Random& random) {
    std::array<std::uint8_t, 1> byte{};
    do {
        random.fill(byte);
    } while (byte[0] >= kFair);
    return 1 + byte[0] % kOthers;
}

std::string without_gaps(std::string_view typed) {
    std::string out;
    std::copy_if(typed.begin(), typed.end(), std::back_inserter(out),
                 [](char c) { return c != ' ' && c != '-'; });
    return out;
}

}  // namespace

ShownNumber ShownNumber::draw(const crypto::PublicKey& key, std::string digits, bool peer_first,
                              crypto::Random& random) {
    ShownNumber out{key, std::move(digits), {}};
    const int peers = peer_first ? 1 : 1 + kGroups;
    const int own = peer_first ? 1 + kGroups : 1;
    out.asked[0] = own;
    for (auto next = out.asked.begin() + 1; next != out.asked.end();) {
        *next = peers + any_other(random);
        next += std::find(out.asked.begin(), next, *next) == next ? 1 : 0;
    }
    std::sort(out.asked.begin(), out.asked.end());
    return out;
}

bool ShownNumber::fits(std::string_view typed) const {
    std::string wanted;
    for (const int group : asked) {
        wanted += digits.substr((static_cast<std::size_t>(group) - 1) * kGroup, kGroup);
    }
    const std::string heard = without_gaps(typed);
    return heard == wanted || heard == digits;
}

std::string ShownNumber::asked_in_words() const {
    return std::to_string(asked[0]) + ", " + std::to_string(asked[1]) + ", " +
           std::to_string(asked[2]) + " and " + std::to_string(asked[3]);
}

}  // namespace sotto::client
