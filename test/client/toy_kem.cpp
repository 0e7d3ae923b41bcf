#include "test/client/toy_kem.h"

#include "test/client/octets.h"

#include <openssl/core_dispatch.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/params.h>
#include <openssl/provider.h>

#include <algorithm>
#include <memory>
#include <type_traits>

namespace sotto::stranger {

namespace {

constexpr std::size_t kPublicKey = 1'184;
constexpr std::size_t kCiphertext = 1'088;
constexpr std::size_t kSecret = 32;

constexpr char kMark = 't';  // a key begins with it, so that there are keys that are none

struct ToyKey {
    Octets pub;
    bool has_private = false;
};
struct Generation {
    Octets seed = random(64);
};
struct Operation {
    const ToyKey* key = nullptr;
};

Octets bytes_of(const void* bytes, std::size_t size) {
    return {static_cast<const char*>(bytes), size};
}
Octets octets_in(const OSSL_PARAM* parameters, const char* name) {
    const OSSL_PARAM* const one = OSSL_PARAM_locate_const(parameters, name);
    return one == nullptr ? Octets() : bytes_of(one->data, one->data_size);
}
void put(const Octets& bytes, unsigned char* out) {
    std::copy(bytes.begin(), bytes.end(), out);
}
/// The secret that both ends come to: anybody can.
Octets secret_of(const ToyKey& key, const Octets& ciphertext) {
    return sha256(key.pub + ciphertext);
}

// --- keys, as OpenSSL's provider-keymgmt(7) has them -------------------------------------------

void* new_key(void* /*provider*/) {
    return new ToyKey;
}
void free_key(void* key) {
    delete static_cast<ToyKey*>(key);
}
int has(const void* key, int selection) {
    const auto* const toy = static_cast<const ToyKey*>(key);
    const bool is_private = (selection & OSSL_KEYMGMT_SELECT_PRIVATE_KEY) != 0;
    return !toy->pub.empty() && (!is_private || toy->has_private) ? 1 : 0;
}
int set_seed(void* generation, const OSSL_PARAM* parameters) {
    const Octets seed = octets_in(parameters, "seed");
    if (!seed.empty()) {
        static_cast<Generation*>(generation)->seed = seed;
    }
    return 1;
}
const OSSL_PARAM* settable_seed(void* /*generation*/, void* /*provider*/) {
    static const OSSL_PARAM all[] = {OSSL_PARAM_octet_string("seed", nullptr, 0), OSSL_PARAM_END};
    return all;
}
void* begin_generation(void* /*provider*/, int /*selection*/, const OSSL_PARAM* parameters) {
    auto made = std::make_unique<Generation>();
    set_seed(made.get(), parameters);
    return made.release();
}
void* generate(void* generation, OSSL_CALLBACK* /*progress*/, void* /*argument*/) {
    const Octets& seed = static_cast<Generation*>(generation)->seed;
    Octets pub(1, kMark);
    for (std::uint64_t block = 0; pub.size() < kPublicKey; ++block) {
        pub += sha256(seed + u64(block));
    }
    return new ToyKey{pub.substr(0, kPublicKey), true};
}
void end_generation(void* generation) {
    delete static_cast<Generation*>(generation);
}
const OSSL_PARAM* public_key_types() {
    static const OSSL_PARAM all[] = {OSSL_PARAM_octet_string(OSSL_PKEY_PARAM_PUB_KEY, nullptr, 0),
                                     OSSL_PARAM_END};
    return all;
}
const OSSL_PARAM* gettable(void* /*provider*/) {
    return public_key_types();
}
const OSSL_PARAM* transferable(int /*selection*/) {
    return public_key_types();
}
int get(void* key, OSSL_PARAM* parameters) {
    const auto& pub = static_cast<ToyKey*>(key)->pub;
    OSSL_PARAM* const one = OSSL_PARAM_locate(parameters, OSSL_PKEY_PARAM_PUB_KEY);
    return one == nullptr ? 1 : OSSL_PARAM_set_octet_string(one, pub.data(), pub.size());
}
int import_key(void* key, int /*selection*/, const OSSL_PARAM* parameters) {
    auto& pub = static_cast<ToyKey*>(key)->pub;
    pub = octets_in(parameters, OSSL_PKEY_PARAM_PUB_KEY);
    return pub.size() == kPublicKey && pub[0] == kMark ? 1 : 0;
}
int export_key(void* key, int /*selection*/, OSSL_CALLBACK* callback, void* argument) {
    auto& pub = static_cast<ToyKey*>(key)->pub;
    const OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, pub.data(), pub.size()),
        OSSL_PARAM_construct_end()};
    return callback(parameters, argument);
}

// --- encapsulation, as provider-kem(7) has it --------------------------------------------------

void* new_operation(void* /*provider*/) {
    return new Operation;
}
void free_operation(void* operation) {
    delete static_cast<Operation*>(operation);
}
int begin_operation(void* operation, void* key, const OSSL_PARAM* /*parameters*/) {
    static_cast<Operation*>(operation)->key = static_cast<const ToyKey*>(key);
    return 1;
}
int encapsulate_to(void* operation, unsigned char* out, std::size_t* out_size,
                   unsigned char* secret, std::size_t* secret_size) {
    const Octets ciphertext = random(kCiphertext);
    put(ciphertext, out);
    put(secret_of(*static_cast<Operation*>(operation)->key, ciphertext), secret);
    *out_size = kCiphertext;
    *secret_size = kSecret;
    return 1;
}
int decapsulate_from(void* operation, unsigned char* out, std::size_t* out_size,
                     const unsigned char* in, std::size_t in_size) {
    const ToyKey& key = *static_cast<Operation*>(operation)->key;
    if (!key.has_private || in_size != kCiphertext) {
        return 0;
    }
    put(secret_of(key, bytes_of(in, in_size)), out);
    *out_size = kSecret;
    return 1;
}

// --- the provider ------------------------------------------------------------------------------

using Function = void (*)();

/// OpenSSL takes every function as one without arguments, and casts it back by its number.
template <class T>
Function plain(T* function) {
    static_assert(std::is_function_v<T>);
    return reinterpret_cast<Function>(function);
}

const OSSL_ALGORITHM* algorithms(void* /*provider*/, int operation, int* no_cache) {
    static const OSSL_DISPATCH keys[] = {
        {OSSL_FUNC_KEYMGMT_NEW, plain(new_key)},
        {OSSL_FUNC_KEYMGMT_FREE, plain(free_key)},
        {OSSL_FUNC_KEYMGMT_HAS, plain(has)},
        {OSSL_FUNC_KEYMGMT_GEN_INIT, plain(begin_generation)},
        {OSSL_FUNC_KEYMGMT_GEN_SET_PARAMS, plain(set_seed)},
        {OSSL_FUNC_KEYMGMT_GEN_SETTABLE_PARAMS, plain(settable_seed)},
        {OSSL_FUNC_KEYMGMT_GEN, plain(generate)},
        {OSSL_FUNC_KEYMGMT_GEN_CLEANUP, plain(end_generation)},
        {OSSL_FUNC_KEYMGMT_GET_PARAMS, plain(get)},
        {OSSL_FUNC_KEYMGMT_GETTABLE_PARAMS, plain(gettable)},
        {OSSL_FUNC_KEYMGMT_IMPORT, plain(import_key)},
        {OSSL_FUNC_KEYMGMT_IMPORT_TYPES, plain(transferable)},
        {OSSL_FUNC_KEYMGMT_EXPORT, plain(export_key)},
        {OSSL_FUNC_KEYMGMT_EXPORT_TYPES, plain(transferable)},
        {0, nullptr}};
    static const OSSL_DISPATCH encapsulation[] = {
        {OSSL_FUNC_KEM_NEWCTX, plain(new_operation)},
        {OSSL_FUNC_KEM_FREECTX, plain(free_operation)},
        {OSSL_FUNC_KEM_ENCAPSULATE_INIT, plain(begin_operation)},
        {OSSL_FUNC_KEM_ENCAPSULATE, plain(encapsulate_to)},
        {OSSL_FUNC_KEM_DECAPSULATE_INIT, plain(begin_operation)},
        {OSSL_FUNC_KEM_DECAPSULATE, plain(decapsulate_from)},
        {0, nullptr}};
    static const OSSL_ALGORITHM all_keys[] = {{"ML-KEM-768", "provider=toy", keys, "a toy"},
                                              {nullptr, nullptr, nullptr, nullptr}};
    static const OSSL_ALGORITHM all_encapsulation[] = {
        {"ML-KEM-768", "provider=toy", encapsulation, "a toy"},
        {nullptr, nullptr, nullptr, nullptr}};
    *no_cache = 0;
    return operation == OSSL_OP_KEYMGMT ? all_keys
           : operation == OSSL_OP_KEM   ? all_encapsulation
                                        : nullptr;
}

int begin(const OSSL_CORE_HANDLE* /*core*/, const OSSL_DISPATCH* /*in*/, const OSSL_DISPATCH** out,
          void** provider) {
    static const OSSL_DISPATCH all[] = {{OSSL_FUNC_PROVIDER_QUERY_OPERATION, plain(algorithms)},
                                        {0, nullptr}};
    static int none = 0;
    *out = all;
    *provider = &none;
    return 1;
}

}  // namespace

void provide_ml_kem() {
    if (has_ml_kem()) {
        return;
    }
    ERR_clear_error();
    // With one that was asked for, OpenSSL's own does not come by itself.
    expect(OSSL_PROVIDER_load(nullptr, "default") != nullptr &&
               OSSL_PROVIDER_add_builtin(nullptr, "toy", begin) == 1 &&
               OSSL_PROVIDER_load(nullptr, "toy") != nullptr && has_ml_kem(),
           "no toy for ML-KEM");
}

}  // namespace sotto::stranger
