#include "net/tls/certificate.h"

#include <boost/test/unit_test.hpp>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <string>

using namespace sotto::net;

BOOST_AUTO_TEST_SUITE(certificates)

BOOST_AUTO_TEST_CASE(each_new_certificate_has_a_key_and_a_pin_of_its_own) {
    const std::string path = "/tmp/sotto-certificate-" + std::to_string(::getpid());
    Pin pins[2];
    for (Pin& pin : pins) {
        const CertificatePair pair = make_self_signed("relay.example");
        BOOST_TEST(pair.key.find("PRIVATE KEY") != std::string::npos);
        BOOST_TEST(pair.certificate.find("PRIVATE KEY") == std::string::npos);
        std::ofstream(path, std::ios::trunc) << pair.certificate;
        const auto read = pin_of_file(path);
        BOOST_REQUIRE(read.has_value());
        pin = *read;
    }
    BOOST_TEST((pins[0] != pins[1]));
    std::remove(path.c_str());
}

BOOST_AUTO_TEST_CASE(a_certificate_file_that_is_absent_or_not_pem_is_named) {
    const std::string path = "/tmp/sotto-not-pem-" + std::to_string(::getpid());
    const auto absent = pin_of_file(path);
    BOOST_REQUIRE(!absent.has_value());
    BOOST_TEST(absent.error().find(path) != std::string::npos);
    std::ofstream(path) << "not a certificate\n";
    const auto wrong = pin_of_file(path);
    BOOST_REQUIRE(!wrong.has_value());
    BOOST_TEST(wrong.error().find(path) != std::string::npos);
    std::remove(path.c_str());
}

BOOST_AUTO_TEST_SUITE_END()
