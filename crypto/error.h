#pragma once

#include <tl/expected.hpp>

#include <string>

namespace sotto::crypto {

/// What is to be done about an error. Nothing that comes from the network is
/// ever `fatal`: that is for start-up (a key file, the library itself).
enum class Verdict {
    drop,   ///< no answer, no change of state, a counter goes up (section 0)
    close,  ///< the session or attempt ends, visibly
    fatal,  ///< the program can't go on
};

/// Why something failed. `what` is for people and never holds a secret.
struct Error {
    Verdict verdict = Verdict::drop;
    std::string what;
};

template <class T>
using Expected = tl::expected<T, Error>;

[[nodiscard]] inline tl::unexpected<Error> drop(std::string what) {
    return tl::unexpected<Error>(Error{Verdict::drop, std::move(what)});
}
[[nodiscard]] inline tl::unexpected<Error> close(std::string what) {
    return tl::unexpected<Error>(Error{Verdict::close, std::move(what)});
}
[[nodiscard]] inline tl::unexpected<Error> fatal(std::string what) {
    return tl::unexpected<Error>(Error{Verdict::fatal, std::move(what)});
}

}  // namespace sotto::crypto
