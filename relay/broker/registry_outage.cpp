#include "relay/broker/registry_outage.h"

#include <chrono>
#include <utility>

namespace sotto::relay {

namespace {

constexpr std::chrono::milliseconds kOver = std::chrono::minutes(1);  // without a word of it

}  // namespace

std::vector<Note> RegistryOutage::news(const Hub::Round& round, Time now) {
    for (auto error = errors_.begin(); error != errors_.end();) {
        error = !unwritable_ && error->second.is_over(now) ? errors_.erase(error) : ++error;
    }
    std::vector<Note> out;
    for (const Note& note : round.notes) {
        const bool is_error = note.level == Note::Level::error;
        const bool is_new = is_error && errors_.try_emplace(note.text, kOver).second;
        if (is_error) {
            (void)errors_.at(note.text).is_news(now);  // it comes again
        }
        if (!is_error || is_new) {
            out.push_back(note);
        }
    }
    bool written = false;
    for (const Claimed& claimed : round.claimed) {
        unwritable_ = unwritable_ || claimed.result == Claimed::Result::not_writable;
        written = written || claimed.result == Claimed::Result::owned ||
                  claimed.result == Claimed::Result::taken;
    }
    if (written && std::exchange(unwritable_, false)) {
        errors_.clear();
        out.push_back({Note::Level::info, "registry: names are written again"});
    }
    return out;
}

}  // namespace sotto::relay
