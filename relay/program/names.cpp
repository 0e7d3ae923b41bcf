#include "relay/program/names.h"

#include "crypto/base/hex.h"
#include "net/tls/link_facts.h"
#include "net/wire/user_name.h"
#include "relay/broker/state_directory.h"
#include "relay/program/log.h"
#include "relay/store/registry_admin.h"

#include <array>
#include <stdexcept>
#include <string_view>

namespace sotto::relay {

namespace {

std::string_view state_of(const Registry::Standing& name) {
    if (name.blocked) {
        return name.key ? "owned, blocked" : "blocked";
    }
    return name.key ? "owned" : "free";
}

struct Change {
    Task task;
    bool (RegistryAdmin::*make)(const std::string&);
    std::string_view done;
    std::string_view needless;  ///< it was so already
};
constexpr std::array kChanges{
    Change{Task::release, &RegistryAdmin::release, "released", "belongs to nobody"},
    Change{Task::block, &RegistryAdmin::block, "blocked", "is blocked already"},
    Change{Task::unblock, &RegistryAdmin::unblock, "unblocked", "is not blocked"}};

int show(RegistryAdmin& registry, const std::string& user, std::ostream& out) {
    const auto name = registry.find(user);
    out << "name: " << user << "\nstate: " << state_of(name) << "\n";
    if (name.key) {
        out << "key: " << base::hex(*name.key) << "\n";
    }
    return name.key || name.blocked ? 0 : 1;
}

}  // namespace

int change_names(const Options& options, std::ostream& out) {
    const std::string& subject = options.subject;
    const StateDirectory state = find_state(options.state);
    if (const std::string hint = service_hint(state); options.state.empty() && !hint.empty()) {
        throw std::runtime_error("there is no registry " + state.registry() + "; " + hint);
    }
    RegistryAdmin registry(state.registry());
    if (options.task == Task::backup) {
        registry.back_up(subject);
        return 0;
    }
    if (options.task == Task::list) {
        for (const auto& name : registry.all()) {
            out << plain_escaped(name.user) << '\t' << state_of(name) << '\n';
        }
        return 0;
    }
    if (!wire::is_user_name(subject)) {
        throw std::runtime_error("'" + subject + "' is not a user name");
    }
    for (const Change& change : kChanges) {
        if (change.task == options.task) {
            const bool done = (registry.*change.make)(subject);
            out << subject << ' ' << (done ? change.done : change.needless) << '\n';
            return done ? 0 : 1;
        }
    }
    return show(registry, subject, out);
}

}  // namespace sotto::relay
