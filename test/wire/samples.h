#pragma once

#include <string>
#include <vector>

/// Valid messages, spelled out by hand so that no test of the decoders leans on
/// the encoders.
namespace sotto::wire::test {

inline const std::string kChat = "AQIDAAAAAAAAAAAAAAAAAA==";                     // 1, 2, 3, 0...
inline const std::string kKey = "BwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";  // 7, 0...
inline const std::string kSignature = "CQ" + std::string(84, 'A') + "==";        // 9, 0...

/// One valid message of every type that a relay decodes whole.
[[nodiscard]] std::vector<std::string> lookups();
/// One valid message of every type that a relay forwards.
[[nodiscard]] std::vector<std::string> forwarded();
/// One valid message of every type that only a relay sends.
[[nodiscard]] std::vector<std::string> answers();
/// All of them.
[[nodiscard]] std::vector<std::string> samples();

/// `text` with the first `from` made `to`; fails the test where it has none.
[[nodiscard]] std::string replaced(std::string text, const std::string& from,
                                   const std::string& to);

}  // namespace sotto::wire::test
