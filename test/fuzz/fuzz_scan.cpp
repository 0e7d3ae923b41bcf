// The relay's one-pass scan against the full parser.
#include "test/fuzz/fuzz.h"
#include "test/wire/scan_oracle.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string wrong = sotto::wire::test::disagreement(sotto::fuzz::text_of(data, size));
    sotto::fuzz::must(wrong.empty(), wrong.c_str());
    return 0;
}
