// Terminal input: any bytes, in any pieces, become keys, and nothing waits forever.
#include "test/fuzz/fuzz.h"
#include "tui/screen/key_decoder.h"

using namespace sotto;
using fuzz::must;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes = fuzz::text_of(data, size);
    tui::KeyDecoder decoder(tui::KeyDecoder::Letters::utf8);
    (void)decoder.take(bytes.substr(0, size / 2));
    (void)decoder.take(bytes.substr(size / 2));
    (void)decoder.settle();
    must(!decoder.patience(), "what has settled waits no longer");
    (void)decoder.end_paste();
    must(!decoder.pasting(), "a paste that was ended is over");
    return 0;
}
