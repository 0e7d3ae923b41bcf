#include "relay/program/validity.h"

#include <algorithm>
#include <array>
#include <ctime>

namespace sotto::relay {

namespace {

using Time = std::chrono::system_clock::time_point;

constexpr std::chrono::hours kSoon(24 * 14);
constexpr std::chrono::hours kRemind(24);

std::string text_of(Time when) {
    const std::time_t seconds = std::chrono::system_clock::to_time_t(when);
    std::tm parts{};
    std::array<char, 32> text{};
    ::gmtime_r(&seconds, &parts);
    (void)std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M UTC", &parts);
    return text.data();
}

}  // namespace

std::optional<std::string> trouble_with(const net::Validity& certificate, Time now) {
    const std::string who = "; only clients that trust its pin will connect";
    if (now >= certificate.until) {
        return "the certificate has expired, on " + text_of(certificate.until) + who;
    }
    if (now < certificate.from) {
        return "the certificate is not valid before " + text_of(certificate.from) + who;
    }
    const Time::duration soon =
        std::min<Time::duration>(kSoon, (certificate.until - certificate.from) / 5);
    if (certificate.until - now < soon) {
        return "the certificate expires soon, on " + text_of(certificate.until);
    }
    return std::nullopt;
}

void ValidityWatch::watch(const net::Validity& certificate) {
    certificate_ = certificate;
    told_.clear();
}

std::optional<std::string> ValidityWatch::news(Time now) {
    auto trouble = certificate_ ? trouble_with(*certificate_, now) : std::nullopt;
    const bool told = trouble == told_ && now >= told_at_ && now < told_at_ + kRemind;
    if (!trouble || told) {
        return std::nullopt;
    }
    told_ = *trouble;
    told_at_ = now;
    return trouble;
}

}  // namespace sotto::relay
