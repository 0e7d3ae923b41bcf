#include "tui/model/orders.h"

#include <utility>

namespace sotto::tui {

void Orders::give(client::Command command, Errand errand) {
    command.id = errands_.add(std::move(errand));
    given_.push_back(std::move(command));
}

std::vector<client::Command> Orders::take() {
    return std::exchange(given_, {});
}

Errand& Orders::errand(std::optional<client::CommandId> command) {
    Errand* known = errands_.find(command);
    none_ = {};
    return known != nullptr ? *known : none_;
}

}  // namespace sotto::tui
