# Third-party libraries, each as one imported target.
find_package(PkgConfig REQUIRED)
find_package(OpenSSL 3.0 REQUIRED)
find_package(Threads REQUIRED)
find_package(SQLiteCpp REQUIRED)
find_package(spdlog REQUIRED)
find_package(CLI11 REQUIRED)
pkg_check_modules(SODIUM REQUIRED IMPORTED_TARGET libsodium>=1.0.18)
pkg_check_modules(JSONCPP REQUIRED IMPORTED_TARGET jsoncpp)
pkg_check_modules(NCURSESW REQUIRED IMPORTED_TARGET ncursesw)
pkg_check_modules(UTF8PROC REQUIRED IMPORTED_TARGET libutf8proc)
pkg_check_modules(QRENCODE REQUIRED IMPORTED_TARGET libqrencode)
pkg_check_modules(SQLITE REQUIRED IMPORTED_TARGET sqlite3)
if(SOTTO_TESTS)
    pkg_check_modules(VTERM REQUIRED IMPORTED_TARGET vterm)
endif()

find_path(ASIO_INCLUDE_DIR asio.hpp REQUIRED)
find_path(WEBSOCKETPP_INCLUDE_DIR websocketpp/server.hpp REQUIRED)
find_path(EXPECTED_INCLUDE_DIR tl/expected.hpp REQUIRED)
find_path(GSL_INCLUDE_DIR gsl/span REQUIRED)

# websocketpp 0.8.2 uses names that Asio 1.34 removed: say so here, not in a page of errors.
file(STRINGS ${ASIO_INCLUDE_DIR}/asio/version.hpp ASIO_VERSION_LINE
     REGEX "#define ASIO_VERSION [0-9]+")
string(REGEX MATCH "[0-9]+" ASIO_VERSION_NUMBER "${ASIO_VERSION_LINE}")
if(ASIO_VERSION_NUMBER GREATER_EQUAL 103400)
    message(FATAL_ERROR "Asio 1.34 and later do not fit websocketpp 0.8.2; "
                        "install an Asio below 1.34 (found ${ASIO_VERSION_NUMBER}).")
endif()

add_library(sotto_values INTERFACE)   # tl::expected and gsl::span: no link, headers only
target_include_directories(sotto_values SYSTEM INTERFACE ${EXPECTED_INCLUDE_DIR} ${GSL_INCLUDE_DIR})

add_library(sotto_asio INTERFACE)
target_include_directories(sotto_asio SYSTEM INTERFACE
    ${ASIO_INCLUDE_DIR} ${WEBSOCKETPP_INCLUDE_DIR})
target_compile_definitions(sotto_asio INTERFACE ASIO_STANDALONE _WEBSOCKETPP_CPP11_STL_)
target_link_libraries(sotto_asio INTERFACE Threads::Threads OpenSSL::SSL OpenSSL::Crypto)
