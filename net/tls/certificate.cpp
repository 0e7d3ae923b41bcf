#include "net/tls/certificate.h"

#include "net/tls/pem_password.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <memory>
#include <stdexcept>

namespace sotto::net {

namespace {

template <auto Function>
struct Free {
    template <class T>
    void operator()(T* object) const {
        Function(object);
    }
};
using Key = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Free<X509_free>>;
using Memory = std::unique_ptr<BIO, Free<BIO_free>>;

constexpr long kDay = 24L * 60 * 60;
constexpr long kYears = 30;

void must(bool done) {
    if (!done) {
        throw std::runtime_error("OpenSSL could not make a certificate");
    }
}

std::string text_of(BIO* memory) {
    char* data = nullptr;
    const long size = BIO_get_mem_data(memory, &data);
    return {data, static_cast<std::size_t>(size)};
}

tl::expected<Certificate, std::string> first_in(const std::string& certificate_file) {
    const std::unique_ptr<std::FILE, Free<std::fclose>> file(
        std::fopen(certificate_file.c_str(), "re"));
    if (!file) {
        return tl::unexpected("can't read the certificate " + certificate_file + ": " +
                              std::strerror(errno));
    }
    Certificate certificate(PEM_read_X509(file.get(), nullptr, no_password, nullptr));
    if (!certificate) {
        return tl::unexpected(certificate_file + " holds no PEM certificate");
    }
    return certificate;
}

}  // namespace

Pin spki_pin(const X509* certificate) {
    unsigned char* der = nullptr;
    const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &der);
    Pin out{};
    unsigned length = 0;
    const bool done = size > 0 && EVP_Digest(der, static_cast<std::size_t>(size), out.data(),
                                             &length, EVP_sha256(), nullptr) == 1;
    OPENSSL_free(der);
    must(done);
    return out;
}

CertificatePair make_self_signed(const std::string& common_name) {
    const Key key(EVP_EC_gen("P-256"));
    const Certificate certificate(X509_new());
    must(key && certificate);
    std::uint8_t serial[16];
    must(RAND_bytes(serial, sizeof serial) == 1);
    serial[0] &= 0x7FU;
    BIGNUM* number = BN_bin2bn(serial, sizeof serial, nullptr);
    BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate.get()));
    BN_free(number);
    X509_set_version(certificate.get(), X509_VERSION_3);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -kDay);
    X509_time_adj_ex(X509_getm_notAfter(certificate.get()), static_cast<int>(kYears * 365), 0,
                     nullptr);
    X509_NAME* name = X509_get_subject_name(certificate.get());
    must(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                                    reinterpret_cast<const unsigned char*>(common_name.c_str()), -1,
                                    -1, 0) == 1);
    must(X509_set_issuer_name(certificate.get(), name) == 1);
    must(X509_set_pubkey(certificate.get(), key.get()) == 1);
    must(X509_sign(certificate.get(), key.get(), EVP_sha256()) != 0);

    const Memory certificate_pem(BIO_new(BIO_s_mem()));
    const Memory key_pem(BIO_new(BIO_s_secmem()));
    must(PEM_write_bio_X509(certificate_pem.get(), certificate.get()) == 1);
    must(PEM_write_bio_PrivateKey(key_pem.get(), key.get(), nullptr, nullptr, 0, nullptr,
                                  nullptr) == 1);
    return {text_of(certificate_pem.get()), text_of(key_pem.get())};
}

tl::expected<Pin, std::string> pin_of_file(const std::string& certificate_file) {
    return first_in(certificate_file).map([](const Certificate& certificate) {
        return spki_pin(certificate.get());
    });
}

tl::expected<Validity, std::string> validity_of_file(const std::string& certificate_file) {
    const auto certificate = first_in(certificate_file);
    if (!certificate) {
        return tl::unexpected(certificate.error());
    }
    std::tm from{};
    std::tm until{};
    if (ASN1_TIME_to_tm(X509_get0_notBefore(certificate->get()), &from) != 1 ||
        ASN1_TIME_to_tm(X509_get0_notAfter(certificate->get()), &until) != 1) {
        return tl::unexpected(certificate_file + " does not say when it is valid");
    }
    using Clock = std::chrono::system_clock;
    return Validity{Clock::from_time_t(::timegm(&from)), Clock::from_time_t(::timegm(&until))};
}

}  // namespace sotto::net
