#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <stdexcept>

namespace sotto::base {

/// `N` octets that mean one thing, which `Tag` names: a key, a digest, an id. Two kinds of the
/// same length are two types, and neither turns into the other or into a bare array unasked.
///
/// Zeros until something is put in. A container of octets, so that it can be written to and
/// viewed through a span like any other.
template <std::size_t N, class Tag>
class Octets {
  public:
    using value_type = std::uint8_t;
    using Raw = std::array<std::uint8_t, N>;
    using const_iterator = typename Raw::const_iterator;
    static constexpr std::size_t kSize = N;

    constexpr Octets() = default;
    constexpr explicit Octets(const Raw& raw) noexcept : raw_(raw) {}
    /// The first octets; the others are zero. Throws std::length_error if there are too many.
    constexpr Octets(std::initializer_list<std::uint8_t> first) {
        if (first.size() > N) {
            throw std::length_error("more octets than the value has");
        }
        std::size_t at = 0;
        for (const std::uint8_t octet : first) {
            raw_[at++] = octet;
        }
    }

    [[nodiscard]] constexpr const Raw& raw() const noexcept { return raw_; }
    [[nodiscard]] constexpr std::uint8_t* data() noexcept { return raw_.data(); }
    [[nodiscard]] constexpr const std::uint8_t* data() const noexcept { return raw_.data(); }
    [[nodiscard]] static constexpr std::size_t size() noexcept { return N; }
    [[nodiscard]] constexpr auto begin() noexcept { return raw_.begin(); }
    [[nodiscard]] constexpr auto end() noexcept { return raw_.end(); }
    [[nodiscard]] constexpr auto begin() const noexcept { return raw_.begin(); }
    [[nodiscard]] constexpr auto end() const noexcept { return raw_.end(); }
    [[nodiscard]] constexpr std::uint8_t& operator[](std::size_t at) { return raw_[at]; }
    [[nodiscard]] constexpr std::uint8_t operator[](std::size_t at) const { return raw_[at]; }
    void fill(std::uint8_t octet) noexcept { raw_.fill(octet); }

    friend bool operator==(const Octets& a, const Octets& b) noexcept { return a.raw_ == b.raw_; }
    friend bool operator!=(const Octets& a, const Octets& b) noexcept { return a.raw_ != b.raw_; }
    /// The order of their octets, as memcmp has it.
    friend bool operator<(const Octets& a, const Octets& b) noexcept { return a.raw_ < b.raw_; }
    friend bool operator>(const Octets& a, const Octets& b) noexcept { return b < a; }

    /// Of a run of octets, which must be exactly as long.
    template <class Run>
    [[nodiscard]] static std::optional<Octets> from(const Run& run) {
        if (static_cast<std::size_t>(run.size()) != N) {
            return std::nullopt;
        }
        Octets out;
        std::copy_n(run.data(), N, out.data());
        return out;
    }

  private:
    Raw raw_{};
};

}  // namespace sotto::base
