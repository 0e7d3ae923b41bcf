#include "relay/core/hub.h"

#include <stdexcept>
#include <utility>

namespace sotto::relay {

namespace {

std::int64_t reserve_or_throw(Registry& registry, std::int64_t at_least) {
    const auto reserved = registry.reserve_versions(at_least);
    if (!reserved) {
        throw std::runtime_error("the registry: " + reserved.error());
    }
    return *reserved;
}

Note error_note(const std::string& what) {
    return {Note::Level::error, "registry: " + what};
}

}  // namespace

Hub::Hub(Registry& registry, Options options)
    : registry_(registry), options_(options), directory_(reserve_or_throw(registry, 0)) {
    for (Registry::Name& name : registry_.all()) {
        directory_.add(name.user, name.key);
    }
    for (const std::string& user : registry_.blocked()) {
        directory_.set_blocked(user, true);
    }
    directory_.reserve(reserve_or_throw(registry_, directory_.version() + options_.version_block));
}

Hub::Round Hub::attend(std::vector<Claim> claims) {
    Round round;
    take_changes(round);
    if (!claims.empty()) {
        settle(std::move(claims), round);
    }
    reserve_versions(round);
    return round;
}

void Hub::take_changes(Round& round) {
    const auto changes = registry_.changes();
    if (!changes) {
        if (!std::exchange(registry_is_silent_, true)) {
            round.notes.push_back(error_note(changes.error()));
        }
        return;
    }
    registry_is_silent_ = false;
    for (const Registry::Standing& name : *changes) {
        take_over(name, round);
    }
}

void Hub::take_over(const Registry::Standing& name, Round& round) {
    directory_.set_blocked(name.user, name.blocked);
    const auto owner = directory_.find(name.user);
    const bool released = owner && owner->key != name.key;
    if (owner && owner->place && (released || name.blocked)) {
        round.dismissed.push_back(
            {*owner->place, name.blocked ? Dismissal::Why::blocked : Dismissal::Why::released});
    }
    if (released) {
        directory_.release(name.user);
    }
    if (name.key) {
        directory_.add(name.user, *name.key);
    }
    round.notes.push_back({Note::Level::info, "name " + name.user + " is now " +
                                                  (name.key ? "owned" : "free") +
                                                  (name.blocked ? " and blocked" : "")});
}

void Hub::settle(std::vector<Claim> claims, Round& round) {
    std::vector<Registry::Name> names;
    for (Claim& claim : claims) {
        const bool blocked = directory_.is_blocked(claim.user);
        if (!blocked) {
            names.push_back({claim.user, claim.key});
        }
        round.claimed.push_back(
            {std::move(claim), blocked ? Claimed::Result::blocked : Claimed::Result::not_writable});
    }
    if (names.empty()) {
        return;
    }
    const auto owners = registry_.claim(names);
    if (!owners) {
        round.notes.push_back(error_note(owners.error()));
        return;
    }
    auto owner = owners->begin();
    for (Claimed& claimed : round.claimed) {
        if (claimed.result != Claimed::Result::blocked) {
            const bool ours = *owner++ == claimed.claim.key;
            claimed.result = ours ? Claimed::Result::owned : Claimed::Result::taken;
            if (ours) {  // also if its connection has gone meanwhile
                directory_.add(claimed.claim.user, claimed.claim.key);
            }
        }
    }
}

void Hub::reserve_versions(Round& round) {
    if (directory_.versions_left() > options_.version_block / 2) {
        return;
    }
    const auto more = registry_.reserve_versions(directory_.version() + options_.version_block);
    if (more) {
        directory_.reserve(*more);
    } else {
        round.notes.push_back(error_note(more.error()));
    }
}

}  // namespace sotto::relay
