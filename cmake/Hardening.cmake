# Flags for every target of the project: warnings, hardening, sanitizers.
include(CheckPIESupported)
check_pie_supported()

add_library(sotto_flags INTERFACE)
target_compile_options(sotto_flags INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Woverloaded-virtual
    -Wold-style-cast -Wformat=2 -Wundef -Wzero-as-null-pointer-constant)
# GCC 13 and later mistake what a span refers to for a part of the span.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_GREATER_EQUAL 13)
    target_compile_options(sotto_flags INTERFACE -Wno-dangling-reference)
endif()
if(SOTTO_INVARIANTS)
    target_compile_definitions(sotto_flags INTERFACE SOTTO_INVARIANTS)
endif()
if(SOTTO_WERROR)
    target_compile_options(sotto_flags INTERFACE -Werror)
endif()
target_compile_options(sotto_flags INTERFACE
    -fstack-protector-strong -fstack-clash-protection)
if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|i[3-6]86")
    target_compile_options(sotto_flags INTERFACE -fcf-protection)
endif()
if(SOTTO_FUZZ)  # what a fuzz target links must be instrumented too
    set(SOTTO_SANITIZE address,undefined)
    target_compile_options(sotto_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()
if(SOTTO_SANITIZE)
    target_compile_options(sotto_flags INTERFACE
        -fsanitize=${SOTTO_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
    target_link_options(sotto_flags INTERFACE -fsanitize=${SOTTO_SANITIZE})
    if(SOTTO_SANITIZE MATCHES "undefined")  # it needs a descriptor, and a test leaves none
        target_compile_options(sotto_flags INTERFACE -fno-sanitize=vptr)
    endif()
    # GCC gives false warnings about null and uninitialised values in instrumented code.
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        target_compile_options(sotto_flags INTERFACE
            -Wno-maybe-uninitialized -Wno-tsan)
    endif()
elseif(NOT CMAKE_BUILD_TYPE STREQUAL "Debug")
    target_compile_options(sotto_flags INTERFACE -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
endif()
# Line numbers are enough for a backtrace; variables are for Debug builds and cost 25 % more.
string(REGEX REPLACE "-g( |$)" "-g1\\1" CMAKE_CXX_FLAGS_RELWITHDEBINFO
       "${CMAKE_CXX_FLAGS_RELWITHDEBINFO}")
target_link_options(sotto_flags INTERFACE -Wl,-z,relro,-z,now -Wl,-z,noexecstack)

# sotto_library(NAME SOURCES... LINKS PUBLIC_LIBS... PRIVATE PRIVATE_LIBS...)
function(sotto_library name)
    cmake_parse_arguments(ARG "" "" "SOURCES;LINKS;PRIVATE" ${ARGN})
    add_library(${name} STATIC ${ARG_SOURCES})
    target_include_directories(${name} PUBLIC ${PROJECT_SOURCE_DIR})
    target_link_libraries(${name} PUBLIC ${ARG_LINKS} PRIVATE sotto_flags ${ARG_PRIVATE})
endfunction()

# sotto_program(NAME SOURCES... LINKS LIBS...)
function(sotto_program name)
    cmake_parse_arguments(ARG "" "" "SOURCES;LINKS" ${ARGN})
    add_executable(${name} ${ARG_SOURCES})
    target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
    target_link_libraries(${name} PRIVATE sotto_flags ${ARG_LINKS})
endfunction()

# sotto_test(NAME SOURCES... LINKS LIBS...): a Boost.Test program, run by ctest.
function(sotto_test name)
    sotto_program(${name} ${ARGN})
    target_link_libraries(${name} PRIVATE sotto_test_main sotto_test_support)
    # A test case runs once, so it is not worth optimising; the code that it calls is optimised.
    target_compile_options(${name} PRIVATE $<$<CONFIG:RelWithDebInfo>:-Og>)
    add_test(NAME ${name} COMMAND ${name} --log_level=test_suite --report_level=short
             --color_output=no)
    set_tests_properties(${name} PROPERTIES TIMEOUT 300)
endfunction()
