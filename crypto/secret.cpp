#include "crypto/secret.h"

#include <sodium.h>

#include <cstdlib>
#include <mutex>
#include <stdexcept>
#include <vector>

#if defined(__has_include)
#if __has_include(<sanitizer/asan_interface.h>)
#include <sanitizer/asan_interface.h>
#endif
#endif
#ifndef ASAN_POISON_MEMORY_REGION
#define ASAN_POISON_MEMORY_REGION(address, size) static_cast<void>(0)
#define ASAN_UNPOISON_MEMORY_REGION(address, size) static_cast<void>(0)
#endif

namespace sotto::crypto {

namespace {

constexpr std::size_t kSlots = 256;  // of a slab: 16 KiB, within any limit on locked memory

/// Slabs cut into slots. What is free stands in a list outside: nothing written into a
/// slot can lead the arena astray. Slots are used again last in, first out.
class Arena {
  public:
    Arena() {
        if (sodium_init() < 0) {  // without it sodium_malloc does not know the page size
            std::abort();
        }
    }

    std::uint8_t* take() {
        const std::lock_guard lock(mutex_);
        if (free_.empty()) {
            add_slab();
        }
        std::uint8_t* const slot = free_.back();
        free_.pop_back();
        ASAN_UNPOISON_MEMORY_REGION(slot, kSecretSlot);
        return slot;
    }

    void give_back(std::uint8_t* slot) noexcept {
        sodium_memzero(slot, kSecretSlot);
        const std::lock_guard lock(mutex_);
        ASAN_POISON_MEMORY_REGION(slot, kSecretSlot);
        free_.push_back(slot);  // never grows: room for every slot was made with its slab
    }

  private:
    void add_slab() {
        // Guard pages, no swap, no core dump: libsodium does the rest.
        auto* const slab = static_cast<std::uint8_t*>(sodium_malloc(kSlots * kSecretSlot));
        if (slab == nullptr) {
            std::abort();
        }
        sodium_memzero(slab, kSlots * kSecretSlot);
        ASAN_POISON_MEMORY_REGION(slab, kSlots * kSecretSlot);
        slots_ += kSlots;
        free_.reserve(slots_);
        for (std::size_t i = kSlots; i-- > 0;) {
            free_.push_back(slab + i * kSecretSlot);
        }
    }

    std::mutex mutex_;
    std::vector<std::uint8_t*> free_;
    std::size_t slots_ = 0;
};

Arena& arena() {
    // Never destroyed: a secret in a static object may go after it.
    static Arena& the_only = *new Arena;
    return the_only;
}

}  // namespace

void init() {
    if (sodium_init() < 0) {
        throw std::runtime_error("libsodium could not be initialised");
    }
}

std::uint8_t* allocate_secret() {
    return arena().take();
}

void free_secret(std::uint8_t* slot) noexcept {
    if (slot != nullptr) {
        arena().give_back(slot);
    }
}

void wipe(gsl::span<std::uint8_t> bytes) noexcept {
    sodium_memzero(bytes.data(), bytes.size());
}

bool equal_in_constant_time(gsl::span<const std::uint8_t> a,
                            gsl::span<const std::uint8_t> b) noexcept {
    return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace sotto::crypto
