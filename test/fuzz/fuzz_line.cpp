// A line at the prompt: any is a command, a text or refused, and a slipped slash is never
// sent to anybody.
#include "test/fuzz/fuzz.h"
#include "tui/common/command_table.h"

using namespace sotto;
using fuzz::must;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view line = fuzz::text_of(data, size);
    const tui::Understood understood = tui::understand(line, {"bob", ""});
    if (line.empty() || line.front() != '/' || line.substr(0, 2) == "//") {
        return 0;
    }
    const auto* command = std::get_if<client::Command>(&understood);
    must(command == nullptr || !std::holds_alternative<client::command::SendText>(command->what),
         "a line that begins with one slash is not sent");
    return 0;
}
