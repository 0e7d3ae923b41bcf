#pragma once

namespace sotto::program {

/// `sotto --demo`: a private relay on loopback and an automatic peer, in this process.
/// With `interactive`, the person accepts, talks and looks at the wire; otherwise it plays a
/// scripted conversation and prints it with the relay's view. Returns the exit status: 0 only
/// if every message arrived, in order, and the relay saw no plaintext.
[[nodiscard]] int run_demo(bool interactive);

}  // namespace sotto::program
