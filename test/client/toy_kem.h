#pragma once

namespace sotto::stranger {

/// Gives this process an ML-KEM-768 where OpenSSL has none (before 3.5): a provider with
/// the sizes and calls of the real one, and no security whatever. So what is done with suite 2
/// is tested everywhere; that the real one is used rightly, with OpenSSL 3.5 only.
/// To be called before anything asks whether there is one.
void provide_ml_kem();

}  // namespace sotto::stranger
