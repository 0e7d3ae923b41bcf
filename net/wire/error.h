#pragma once

#include <tl/expected.hpp>

#include <string>

namespace sotto::wire {

/// What is to be done about a message that could not be read.
enum class Verdict {
    drop,   ///< strict JSON with a type, but not what that type asks for
    close,  ///< not strict JSON, or no `type`
};

struct Error {
    Verdict verdict = Verdict::drop;
    std::string what;  ///< for people; holds nothing of the message's values
};

template <class T>
using Expected = tl::expected<T, Error>;

}  // namespace sotto::wire
