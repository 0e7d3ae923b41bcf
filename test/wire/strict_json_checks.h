#pragma once

#include <string>
#include <vector>

/// Sentences that the tests of strict JSON are made of.
namespace sotto::wire::test {

/// Our check accepts `text`, and so does JsonCpp behind it.
void must_accept(const std::string& text);
/// Every reader of the room says of `text` that it is no strict JSON: close.
void must_refuse(const std::string& text);

/// The same for a value: first, in an array, deeper, and among other members.
void values_must_be_accepted(const std::vector<std::string>& values);
void values_must_be_refused(const std::vector<std::string>& values);

}  // namespace sotto::wire::test
