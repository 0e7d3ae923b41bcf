#pragma once

#include <list>
#include <string>
#include <string_view>
#include <unordered_map>

namespace sotto::net {

/// A queue for costly work that is fair between groups: first come, first served within a group,
/// and the groups take turns. However many of one group wait, those of another wait for one of
/// them at a time. Each step takes constant time. Owns nobody: remove an item before it ends.
template <class Waiting>
class FairQueue {
  public:
    enum class Place { front, back };

    /// `who` waits in the queue of `group` until taken or removed; moves if it waits already.
    void add(Waiting& who, std::string_view group, Place place) {
        remove(who);
        const auto known = by_name_.find(group);
        const auto at = known != by_name_.end() ? known->second : begin(group);
        const auto before = place == Place::front ? at->waiting.begin() : at->waiting.end();
        stands_.emplace(&who, Stand{at, at->waiting.insert(before, &who)});
    }
    /// Who is next; nullptr: nobody.
    [[nodiscard]] Waiting* take() {
        if (turns_.empty()) {
            return nullptr;
        }
        const auto at = turns_.begin();
        Waiting* const next = at->waiting.front();
        turns_.splice(turns_.end(), turns_, at);  // others have theirs first now
        remove(*next);
        return next;
    }
    void remove(const Waiting& who) {
        const auto found = stands_.find(&who);
        if (found == stands_.end()) {
            return;
        }
        const auto [at, place] = found->second;
        stands_.erase(found);
        at->waiting.erase(place);
        if (at->waiting.empty()) {
            by_name_.erase(at->name);
            turns_.erase(at);
        }
    }
    [[nodiscard]] bool empty() const noexcept { return turns_.empty(); }

  private:
    struct Group {
        std::string name;
        std::list<Waiting*> waiting;
    };
    using Turn = typename std::list<Group>::iterator;
    struct Stand {
        Turn turn;
        typename std::list<Waiting*>::iterator place;
    };

    Turn begin(std::string_view group) {
        const Turn at = turns_.insert(turns_.end(), Group{std::string(group), {}});
        by_name_.emplace(at->name, at);
        return at;
    }

    std::list<Group> turns_;                              ///< who has the next one first
    std::unordered_map<std::string_view, Turn> by_name_;  ///< the names are those of `turns_`
    std::unordered_map<const Waiting*, Stand> stands_;
};

}  // namespace sotto::net
