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
/// The rule: three groups, drawn at random from the six of the peer's own half. Who wants
/// to stand in between has to find keys whose half agrees with the peer's in all three,
/// without knowing which: two groups cost 2^45 hashes and never pass, three cost 2^62 and
/// pass one time in twenty; otherwise the person learns of it.
struct ShownNumber {
    crypto::PublicKey key{};     ///< the peer's, of which the number was made
    std::string digits;          ///< 60
    std::array<int, 3> asked{};  ///< positions of groups, 1 to 12, rising

    /// `peer_first`: the peer's half stands first.
    [[nodiscard]] static ShownNumber draw(const crypto::PublicKey& key, std::string digits,
                                          bool peer_first, crypto::Random& random);

    /// True if `typed` holds the asked groups in their order, or all digits; spaces and
    /// hyphens don't count.
    [[nodiscard]] bool fits(std::string_view typed) const;
    /// "2, 3 and 6"
    [[nodiscard]] std::string asked_in_words() const;
};

}  // namespace sotto::client
