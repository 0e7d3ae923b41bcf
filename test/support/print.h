#pragma once

#include "crypto/base/enum.h"
#include "crypto/base/octets.h"
#include "crypto/base/time.h"

#include <boost/test/unit_test.hpp>

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <ostream>
#include <ratio>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

/// What a failed BOOST_TEST(a == b) shows of the values: enumerations by their names, keys and
/// ids in hex, times with their unit, and optionals, pairs and lists of all these.
namespace sotto::test::print {

template <class Enum>
inline constexpr bool is_scoped_enum =
    std::is_enum_v<Enum> && !std::is_convertible_v<Enum, std::underlying_type_t<Enum>>;

/// `open`; the number where it has no name (base::enum_name counts from 0).
template <class Enum, std::enable_if_t<std::is_enum_v<Enum>, int> = 0,
          std::enable_if_t<is_scoped_enum<Enum>, int> = 0>
std::ostream& operator<<(std::ostream& out, Enum value) {
    const std::string_view name = base::enum_name(value);
    return name == "?" ? out << static_cast<std::int64_t>(value) : out << name;
}

/// As Boost.Test prints it.
template <class T>
void put(std::ostream& out, const T& value) {
    boost::test_tools::tt_detail::print_log_value<T>()(out, value);
}

template <class List>
void put_list(std::ostream& out, const List& list) {
    const char* before = "[";
    for (const auto& one : list) {
        out << std::exchange(before, ", ");
        put(out, one);
    }
    out << (list.empty() ? "[]" : "]");
}

template <class Octets>
void put_hex(std::ostream& out, const Octets& octets) {
    constexpr std::string_view digits = "0123456789abcdef";
    for (const std::uint8_t octet : octets) {
        out << digits[octet >> 4U] << digits[octet & 15U];
    }
}

template <class Period>
constexpr std::string_view unit() {
    return std::is_same_v<Period, std::nano>          ? " ns"
           : std::is_same_v<Period, std::micro>       ? " us"
           : std::is_same_v<Period, std::milli>       ? " ms"
           : std::is_same_v<Period, std::ratio<1>>    ? " s"
           : std::is_same_v<Period, std::ratio<60>>   ? " min"
           : std::is_same_v<Period, std::ratio<3600>> ? " h"
                                                      : " ticks";
}

}  // namespace sotto::test::print

// The operator is found in the namespace of its enumeration.
namespace sotto {
namespace client {
using test::print::operator<<;
}
namespace crypto {
using test::print::operator<<;
}
namespace net {
using test::print::operator<<;
}
namespace relay {
using test::print::operator<<;
}
namespace tui {
using test::print::operator<<;
}
namespace wire {
using test::print::operator<<;
}
}  // namespace sotto

// As values they are shown whole; as sequences they would not be shown at all.
namespace boost::unit_test {
template <class T>
struct is_forward_iterable<std::vector<T>> : std::false_type {};
template <class T, std::size_t size>
struct is_forward_iterable<std::array<T, size>> : std::false_type {};
template <std::size_t size, class Tag>
struct is_forward_iterable<sotto::base::Octets<size, Tag>> : std::false_type {};
}  // namespace boost::unit_test

namespace boost::test_tools::tt_detail {

template <class T>
struct print_log_value<std::optional<T>> {
    void operator()(std::ostream& out, const std::optional<T>& value) {
        if (value) {
            sotto::test::print::put(out, *value);
        } else {
            out << "nothing";
        }
    }
};

template <>
struct print_log_value<std::nullopt_t> {
    void operator()(std::ostream& out, std::nullopt_t /*none*/) { out << "nothing"; }
};

template <class T>
struct print_log_value<std::vector<T>> {
    void operator()(std::ostream& out, const std::vector<T>& list) {
        if constexpr (std::is_same_v<T, std::uint8_t>) {
            sotto::test::print::put_hex(out, list);
        } else {
            sotto::test::print::put_list(out, list);
        }
    }
};

template <class T, std::size_t size>
struct print_log_value<std::array<T, size>> {
    void operator()(std::ostream& out, const std::array<T, size>& list) {
        if constexpr (std::is_same_v<T, std::uint8_t>) {
            sotto::test::print::put_hex(out, list);
        } else {
            sotto::test::print::put_list(out, list);
        }
    }
};

template <std::size_t size, class Tag>
struct print_log_value<sotto::base::Octets<size, Tag>> {
    void operator()(std::ostream& out, const sotto::base::Octets<size, Tag>& octets) {
        sotto::test::print::put_hex(out, octets);
    }
};

template <>
struct print_log_value<sotto::base::WallTime> {
    void operator()(std::ostream& out, sotto::base::WallTime time) {
        out << time.ms() << " ms since 1970";
    }
};

template <class A, class B>
struct print_log_value<std::pair<A, B>> {
    void operator()(std::ostream& out, const std::pair<A, B>& both) {
        out << '(';
        sotto::test::print::put(out, both.first);
        out << ", ";
        sotto::test::print::put(out, both.second);
        out << ')';
    }
};

template <class Count, class Period>
struct print_log_value<std::chrono::duration<Count, Period>> {
    void operator()(std::ostream& out, const std::chrono::duration<Count, Period>& time) {
        out << time.count() << sotto::test::print::unit<Period>();
    }
};

template <class Clock, class Duration>
struct print_log_value<std::chrono::time_point<Clock, Duration>> {
    void operator()(std::ostream& out, const std::chrono::time_point<Clock, Duration>& time) {
        sotto::test::print::put(out, time.time_since_epoch());
    }
};

}  // namespace boost::test_tools::tt_detail
