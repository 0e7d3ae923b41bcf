#pragma once

#include <gsl/span>

#include <cstddef>
#include <cstdint>
#include <utility>

namespace sotto::crypto {

/// libsodium's guarded heap: no swap where allowed, guard pages, wiped on free.
/// `init` must have run. Aborts when memory is out: a secret has no other home.
[[nodiscard]] std::uint8_t* allocate_secret(std::size_t size);
void free_secret(std::uint8_t* bytes) noexcept;
void wipe(gsl::span<std::uint8_t> bytes) noexcept;
[[nodiscard]] bool equal_in_constant_time(gsl::span<const std::uint8_t> a,
                                          gsl::span<const std::uint8_t> b) noexcept;

/// Starts the libraries; call once before anything else of the room. Throws
/// std::runtime_error if libsodium can't be initialised. Thread-safe, idempotent.
void init();

/// N secret bytes: move-only, in guarded memory, wiped when they go. There is no
/// copy, no comparison operator and no way to print them.
template <std::size_t N>
class Secret {
  public:
    Secret() : bytes_(allocate_secret(N)) { wipe({bytes_, N}); }
    Secret(Secret&& other) noexcept : bytes_(std::exchange(other.bytes_, nullptr)) {}
    Secret& operator=(Secret&& other) noexcept {
        std::swap(bytes_, other.bytes_);
        return *this;
    }
    Secret(const Secret&) = delete;
    Secret& operator=(const Secret&) = delete;
    ~Secret() { free_secret(bytes_); }

    [[nodiscard]] gsl::span<std::uint8_t, N> bytes() noexcept {
        return gsl::span<std::uint8_t, N>(bytes_, N);
    }
    [[nodiscard]] gsl::span<const std::uint8_t, N> bytes() const noexcept {
        return gsl::span<const std::uint8_t, N>(bytes_, N);
    }
    static constexpr std::size_t size() noexcept { return N; }

  private:
    std::uint8_t* bytes_;
};

}  // namespace sotto::crypto
