#pragma once

#include <tl/expected.hpp>

#include <string>
#include <utility>

namespace sotto::base {

/// What is to be done about an error. Nothing that comes from the network is ever `fatal`: that
/// is for start-up (a key file, the library itself).
enum class Verdict {
    drop,   ///< no answer, no change of state, a counter goes up (section 0)
    close,  ///< the session, the attempt or the connection ends, visibly
    fatal,  ///< the program can't go on
};

/// Why something failed. `what` is for people; it holds no secret and, of a message, no value.
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

}  // namespace sotto::base
