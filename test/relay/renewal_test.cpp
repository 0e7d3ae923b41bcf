// The relay's certificate: what can't be used, what expires, and what is renewed meanwhile.
#include "net/tls/tls_context.h"
#include "relay/program/file_stamps.h"
#include "relay/program/renewal_news.h"
#include "relay/program/validity.h"
#include "test/relay/running_relay.h"

#include <sys/resource.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <stdexcept>

using namespace sotto;
using test::Client;
using test::Folder;
using Running = test::RunningRelay;
using namespace std::string_literals;

namespace {

/// Valid on the first of January 2020 alone.
constexpr const char* kExpired = R"(-----BEGIN CERTIFICATE-----
MIIBBDCBqgIBATAKBggqhkjOPQQDAjAOMQwwCgYDVQQDDANvbGQwHhcNMjAwMTAx
MDAwMDAwWhcNMjAwMTAyMDAwMDAwWjAOMQwwCgYDVQQDDANvbGQwWTATBgcqhkjO
PQIBBggqhkjOPQMBBwNCAAQN3AvshjwY8/KFk10rsNiu82hV1Jqn224CemetGxFN
Bf/xRHXo3FNfAlnLubxGO07iSpC2Yd0rheWRmxsNAJdhMAoGCCqGSM49BAMCA0kA
MEYCIQDNKVA/R1Ln/swjSx5X5nlsE0nfPwvUH7by7PSDbo+rsQIhAJWJLCBRucnI
rV4HftC6UTJPlKTR3K+B8IhffrZUt3UI
-----END CERTIFICATE-----
)";
constexpr const char* kKeyOfExpired = R"(-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgciCQQ9mwEzfSmrDv
mnaODxJR/2Nfmf7iIVSf3PcS7YqhRANCAAQN3AvshjwY8/KFk10rsNiu82hV1Jqn
224CemetGxFNBf/xRHXo3FNfAlnLubxGO07iSpC2Yd0rheWRmxsNAJdh
-----END PRIVATE KEY-----
)";
constexpr const char* kEd25519Key = R"(-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIDv7oJNvbfpK1+2nK1S3aR3fZ3RQ++5H6TgOIZ5sickM
-----END PRIVATE KEY-----
)";

}  // namespace

BOOST_AUTO_TEST_SUITE(renewal)

BOOST_FIXTURE_TEST_CASE(a_certificate_that_is_renewed_is_taken_without_a_word, Running) {
    put("relay.conf", "");
    put_certificate();
    start();
    Client before(port);
    put_certificate();
    relay->read_until("the certificate's files have changed");
    relay->read_until("certificate and configuration reloaded");
    Client after(port);
    BOOST_TEST((after.facts->pin != before.facts->pin));
    BOOST_TEST(before.is_served());
}

BOOST_FIXTURE_TEST_CASE(a_renewal_that_fails_for_a_passing_reason_is_tried_until_it_succeeds,
                        Running) {
    put("relay.conf", "metrics = \"127.0.0.1:0\"\n");
    put_certificate();
    start();
    (void)Client(port);  // it is past its beginning now, where it would end
    rlimit limit{};
    BOOST_REQUIRE_EQUAL(::prlimit(relay->pid(), RLIMIT_NOFILE, nullptr, &limit), 0);
    const rlimit none{3, limit.rlim_max};
    BOOST_REQUIRE_EQUAL(::prlimit(relay->pid(), RLIMIT_NOFILE, &none, nullptr), 0);
    put_certificate();
    relay->read_until("not reloaded: can't read the certificate " + path +
                      "/certificate.pem: Too many open files; it is tried again");
    BOOST_REQUIRE_EQUAL(::prlimit(relay->pid(), RLIMIT_NOFILE, &limit, nullptr), 0);
    Client before(port);  // who came at the start would have had to register by now
    relay->read_until("certificate and configuration reloaded");  // though no file has changed
    Client after(port);
    BOOST_TEST((after.facts->pin != before.facts->pin));
    BOOST_TEST(before.is_served());
}

BOOST_FIXTURE_TEST_CASE(a_certificate_that_has_expired_is_said_at_the_start_and_at_a_reload,
                        Running) {
    put("relay.conf", "");
    put("certificate.pem", kExpired);
    put("key.pem", kKeyOfExpired);
    start();
    relay->read_until("the certificate has expired, on 2020-01-02 00:00 UTC");
    (void)Client(port);  // it runs: before that ThreadSanitizer may lose a signal
    relay->send_signal(SIGHUP);
    relay->read_until("the certificate has expired, on 2020-01-02 00:00 UTC");
}

BOOST_AUTO_TEST_CASE(dates_that_keep_clients_away_or_soon_will_are_a_sentence) {
    using std::chrono::hours;
    const std::chrono::system_clock::time_point start{};
    const auto said = [&](hours age, hours lifetime) {
        return relay::trouble_with({start, start + lifetime}, start + age).value_or("well");
    };
    BOOST_TEST(said(hours(-1), hours(2'160)).find("is not valid before 1970-01-01 00:00 UTC") !=
               std::string::npos);
    BOOST_TEST(said(hours(0), hours(2'160)) == "well");
    BOOST_TEST(said(hours(2'160 - 14 * 24), hours(2'160)) == "well");
    BOOST_TEST(said(hours(2'161 - 14 * 24), hours(2'160)) ==
               "the certificate expires soon, on 1970-04-01 00:00 UTC");
    BOOST_TEST(said(hours(100), hours(150)) == "well");  // one of a few days
    BOOST_TEST(said(hours(121), hours(150)).find("expires soon") != std::string::npos);
    BOOST_TEST(said(hours(150), hours(150)).find("has expired") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_certificate_that_ends_is_said_once_a_day_while_the_relay_runs) {
    using std::chrono::hours;
    const std::chrono::system_clock::time_point start{};
    const auto end = start + hours(2'160);
    relay::ValidityWatch watch;
    BOOST_TEST(!watch.news(start).has_value());
    watch.watch({start, end});
    BOOST_TEST(!watch.news(end - hours(15 * 24)).has_value());
    BOOST_TEST(watch.news(end - hours(13 * 24)).value_or("").find("expires soon") !=
               std::string::npos);
    BOOST_TEST(!watch.news(end - hours(12 * 24 + 1)).has_value());
    BOOST_TEST(watch.news(end - hours(12 * 24)).has_value());
    BOOST_TEST(watch.news(end - hours(1)).has_value());
    BOOST_TEST(watch.news(end).value_or("").find("has expired") != std::string::npos);
    BOOST_TEST(!watch.news(end + hours(23)).has_value());
    BOOST_TEST(watch.news(end - hours(48)).has_value());  // a clock that was put right
    watch.watch({start, end});
    BOOST_TEST(watch.news(end - hours(48)).has_value());  // another one, and no better
}

BOOST_AUTO_TEST_CASE(a_renewal_that_keeps_failing_is_told_once_for_each_reason_and_its_end_once) {
    const std::string nothing = "nothing";
    relay::RenewalNews news;
    news.begin();
    BOOST_TEST(news.failed("no file", false).value_or(nothing) ==
               "not reloaded: no file; it is tried again");
    BOOST_TEST(news.failed("no file", false).value_or(nothing) == nothing);
    BOOST_TEST(news.failed("no key", false).value_or(nothing) ==
               "not reloaded: no key; it is tried again");
    BOOST_TEST(news.taken_over().value_or(nothing) == "certificate and configuration reloaded");
    BOOST_TEST(news.succeeded().value_or(nothing) == nothing);
    BOOST_TEST(news.failed("no file", false).has_value());  // news again
}

BOOST_AUTO_TEST_CASE(a_renewal_that_another_loop_fails_at_is_not_taken_over_again_and_again) {
    const std::string nothing = "nothing";
    relay::RenewalNews news;
    news.begin();
    BOOST_TEST(news.taken_over().has_value());
    BOOST_TEST(news.failed("no file", true).has_value());
    BOOST_TEST(news.taken_over().value_or(nothing) == nothing);  // it was, and this is for others
    BOOST_TEST(news.failed("no file", true).value_or(nothing) == nothing);
    BOOST_TEST(news.taken_over().value_or(nothing) == nothing);
    BOOST_TEST(news.succeeded().value_or(nothing) ==
               "certificate and configuration reloaded by all loops");
    BOOST_TEST(news.succeeded().value_or(nothing) == nothing);
    (void)news.failed("no file", true);
    news.begin();  // the operator asks
    BOOST_TEST(news.taken_over().has_value());
}

BOOST_FIXTURE_TEST_CASE(why_a_certificate_or_key_cant_be_used_is_said, Folder) {
    const auto why = [this](const std::string& certificate, const std::string& key) {
        try {
            (void)net::make_server_context(path + "/" + certificate, path + "/" + key);
            return "nothing"s;
        } catch (const std::runtime_error& error) {
            return std::string(error.what());
        }
    };
    put_certificate();
    put("text.pem", "no key");
    put("other.pem", net::make_self_signed("other.example").key);
    put("ed25519.pem", kEd25519Key);
    BOOST_TEST(why("certificate.pem", "key.pem") == "nothing");
    BOOST_TEST(why("missing.pem", "key.pem") ==
               "can't use the certificate " + path + "/missing.pem: No such file or directory");
    BOOST_TEST(why("certificate.pem", "missing.pem") ==
               "can't use the key " + path + "/missing.pem: No such file or directory");
    BOOST_TEST(why("text.pem", "key.pem") == "can't use the certificate " + path +
                                                 "/text.pem: nothing of the kind is in it, as PEM");
    for (const char* key : {"other.pem", "ed25519.pem"}) {
        BOOST_TEST(why("certificate.pem", key) == "the key " + path + "/" + key +
                                                      " is not that of the certificate " + path +
                                                      "/certificate.pem");
    }
}

BOOST_FIXTURE_TEST_CASE(a_change_of_files_is_told_once_when_it_has_settled, Folder) {
    const std::string one = put("one", "1");
    const std::string two = path + "/two";
    std::filesystem::create_symlink(one, two);
    relay::FileStamps stamps({two, path + "/missing"});
    BOOST_TEST(!stamps.settled());
    put("one", "12");
    BOOST_TEST(!stamps.settled());  // just seen
    BOOST_TEST(stamps.settled());
    BOOST_TEST(!stamps.settled());
    put("other", "12");
    std::filesystem::rename(path + "/other", one);  // replaced under the link
    BOOST_TEST(!stamps.settled());
    put("missing", "there");
    BOOST_TEST(!stamps.settled());
    BOOST_TEST(stamps.settled());
    ::chmod(one.c_str(), 0400);
    BOOST_TEST(!stamps.settled());
    BOOST_TEST(stamps.settled());
    BOOST_TEST(!stamps.settled());
}

BOOST_AUTO_TEST_SUITE_END()
