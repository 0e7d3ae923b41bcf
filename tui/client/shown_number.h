#pragma once

#include "crypto/bytes.h"
#include "crypto/random.h"

#include <array>
#include <string>
#include <string_view>

namespace sotto::client {

/// A safety number (section 8) as it was last shown, and the groups of five digits that
/// the person is to type as the peer reads them out.
///
/// The rule: the first group of one's own half, and three drawn from the other five of the
/// peer's. So neither side hides what the other asks for. Who wants to stand in between
/// must own a key whose digits agree with the peer's true ones in all three, without
/// knowing which: with two that agree, for 2^45 hashes, it never passes; with three, for
/// 2^62, one time in ten; otherwise the person learns of it. The group of one's own half
/// makes sure that the peer reads from the same half: without it, two keys of the middle
/// that agree with each other would do, one shown to either side, for 2^37 hashes.
struct ShownNumber {
    crypto::PublicKey key{};     ///< the peer's, of which the number was made
    std::string digits;          ///< 60
    std::array<int, 4> asked{};  ///< positions of groups, 1 to 12, rising

    /// `peer_first`: the peer's half stands first.
    [[nodiscard]] static ShownNumber draw(const crypto::PublicKey& key, std::string digits,
                                          bool peer_first, crypto::Random& random);

    /// True if `typed` holds the asked groups in their order, or all digits; spaces and
    /// hyphens don't count.
    [[nodiscard]] bool fits(std::string_view typed) const;
    /// "2, 3, 6 and 7"
    [[nodiscard]] std::string asked_in_words() const;
};

}  // namespace sotto::client
