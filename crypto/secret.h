#pragma once

#include <gsl/span>

#include <cstddef>
#include <cstdint>
#include <utility>

namespace sotto::crypto {

/// The largest secret: one slot of the arena.
inline constexpr std::size_t kSecretSlot = 64;

/// A slot of kSecretSlot zero bytes in the arena that all secrets live in: a few slabs of
/// memory with guard pages around them, kept out of swap (where the system allows it) and
/// out of core dumps, and never given back. A page of its own for every secret, with its
/// system calls, made up two thirds of a handshake. What is given up for that: the guard
/// pages stand around the slab, not around each slot. What is kept: a slot is wiped the
/// moment it is freed; and AddressSanitizer is told of the free ones.
/// Thread-safe. Aborts when memory is out: a secret has no other home.
[[nodiscard]] std::uint8_t* allocate_secret();
/// Wipes the slot. Null does nothing.
void free_secret(std::uint8_t* slot) noexcept;

void wipe(gsl::span<std::uint8_t> bytes) noexcept;
[[nodiscard]] bool equal_in_constant_time(gsl::span<const std::uint8_t> a,
                                          gsl::span<const std::uint8_t> b) noexcept;

/// Starts the libraries; call once before anything else of the room. Throws
/// std::runtime_error if libsodium can't be initialised. Thread-safe, idempotent.
void init();

/// N secret bytes: move-only, in the arena, zero at first, wiped when they go. There is
/// no copy, no comparison operator and no way to print them.
template <std::size_t N>
class Secret {
    static_assert(N <= kSecretSlot);

  public:
    Secret() : bytes_(allocate_secret()) {}
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
