#pragma once

namespace sotto::net {

/// Puts /dev/null in the place of each of the descriptors 0, 1 and 2 that is closed. Else the
/// next file or socket that is opened would become standard input or output, and what is
/// printed would end up in it: call it first thing in `main`. False if that can't be done.
[[nodiscard]] bool open_standard_descriptors() noexcept;

}  // namespace sotto::net
