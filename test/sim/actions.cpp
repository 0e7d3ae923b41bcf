#include "test/sim/actions.h"

#include "test/sim/simulation.h"

#include <array>
#include <functional>

namespace sotto::sim {

namespace {

namespace command = client::command;
using client::ChatKey;
using client::ChatState;

using Sees = std::function<bool(const Witness::View&)>;

bool is_open(const Witness::View& view) {
    return view.state == ChatState::open;
}
bool is_asked(const Witness::View& view) {
    return view.asked;
}

/// Mostly somebody of whom `one` sees that; now and then, or if there is nobody, anybody.
Person& toward(Simulation& world, const Person& one, Person& anybody, const Sees& sees) {
    if (world.dice.chance(150)) {
        return anybody;
    }
    for (Person& other : world.people()) {
        if (&other != &one && sees(world.witness().view(one.name, other.name))) {
            return other;
        }
    }
    return anybody;
}

// --- people

void say(Simulation& world, Person& one, Person& other) {
    world.say(one, toward(world, one, other, is_open));
}
void say_much(Simulation& world, Person& one, Person& other) {
    world.say(one, toward(world, one, other, is_open), 1'000 + world.dice.below(15'000));
}
void ask(Simulation& world, Person& one, Person& other) {
    world.command(one, command::RequestChat{ChatKey::with(other.name)});
}
void ask_each_other(Simulation& world, Person& one, Person& other) {
    world.command(one, command::RequestChat{ChatKey::with(other.name)});
    world.after(world.dice.between(Duration(0), world.plan().delay * 3), [&world, &one, &other] {
        world.command(other, command::RequestChat{ChatKey::with(one.name)});
    });
}
void accept(Simulation& world, Person& one, Person& other) {
    world.command(one,
                  command::AcceptRequest{ChatKey::with(toward(world, one, other, is_asked).name)});
}
void decline(Simulation& world, Person& one, Person& other) {
    world.command(one, command::DeclineRequest{
                           ChatKey::with(toward(world, one, other, is_asked).name), false});
}
void ask_and_cancel(Simulation& world, Person& one, Person& other) {
    world.command(one, command::RequestChat{ChatKey::with(other.name)});
    world.after(world.dice.between(Duration(0), world.plan().delay * 6), [&world, &one, &other] {
        world.command(one, command::CancelRequest{ChatKey::with(other.name)});
    });
    world.after(world.dice.between(Duration(0), world.plan().delay * 6), [&world, &one, &other] {
        world.command(other, command::AcceptRequest{ChatKey::with(one.name)});
    });
}
void cancel(Simulation& world, Person& one, Person& other) {
    world.command(
        one, command::CancelRequest{ChatKey::with(toward(world, one, other, [](const auto& view) {
                                                      return view.state == ChatState::requested;
                                                  }).name)});
}
void type(Simulation& world, Person& one, Person& other) {
    world.command(one,
                  command::SetTyping{ChatKey::with(toward(world, one, other, is_open).name), true});
}
void end(Simulation& world, Person& one, Person& other) {
    world.command(one, command::EndChat{ChatKey::with(toward(world, one, other, is_open).name)});
}
void both_end(Simulation& world, Person& one, Person& anybody) {
    Person& other = toward(world, one, anybody, is_open);
    world.command(one, command::EndChat{ChatKey::with(other.name)});
    world.after(world.dice.between(Duration(0), world.plan().delay * 3), [&world, &one, &other] {
        world.command(other, command::EndChat{ChatKey::with(one.name)});
    });
}
/// Enough for a rekey, and then perhaps an end while it is under way.
void say_a_hundred(Simulation& world, Person& one, Person& anybody) {
    Person& other = toward(world, one, anybody, is_open);
    if (!is_open(world.witness().view(one.name, other.name))) {
        return;
    }
    const Duration all = world.dice.between(Duration(0), Duration(2'000));
    for (int i = 0; i < 110; ++i) {
        world.after(all * i / 110, [&world, &one, &other] { world.say(one, other); });
    }
    if (world.dice.chance(700)) {
        const Duration when =
            all * 9 / 10 + world.dice.between(Duration(0), world.plan().delay * 8);
        const bool by_one = world.dice.chance(500);
        world.after(when, [&world, &one, &other, by_one] {
            world.command(by_one ? one : other,
                          command::EndChat{ChatKey::with(by_one ? other.name : one.name)});
        });
    }
}
void block(Simulation& world, Person& one, Person& other) {
    world.command(one, command::Block{other.name});
}
void unblock(Simulation& world, Person& one, Person& other) {
    world.command(one, command::Unblock{other.name});
}
void discard(Simulation& world, Person& one, Person& other) {
    world.command(
        one, command::DiscardUnsent{ChatKey::with(toward(world, one, other, [](const auto& view) {
                                                      return view.waiting > 0;
                                                  }).name)});
}
void verify(Simulation& world, Person& one, Person& anybody) {
    const Person& other = toward(world, one, anybody, is_open);
    world.command(one, command::ShowSafetyNumber{other.name});
    const Witness::View& view = world.witness().view(one.name, other.name);
    if (view.digits.empty()) {
        return;  // there is no key to compare
    }
    std::string heard;
    for (const int group : view.groups) {
        heard += view.digits.substr(static_cast<std::size_t>(group - 1) * 5, 5) + " ";
    }
    world.command(one, command::ConfirmSafetyNumber{other.name, heard});
}
void search(Simulation& world, Person& one, Person& /*other*/) {
    world.command(one, command::SearchUsers{world.dice.chance(500) ? "" : "c"});
}
void connect(Simulation& world, Person& one, Person& /*other*/) {
    world.command(one, command::Connect{});
}
void disconnect(Simulation& world, Person& one, Person& /*other*/) {
    world.command(one, command::Disconnect{});
    world.after(world.dice.between(Duration(0), Duration(20'000)),
                [&world, &one] { world.command(one, command::Connect{}); });
}
void quit(Simulation& world, Person& one, Person& /*other*/) {
    world.command(one, command::Quit{});
}

// --- what goes wrong

void kill(Simulation& world, Person& one, Person& /*other*/) {
    world.kill(one);
}
void cut(Simulation& world, Person& one, Person& /*other*/) {
    world.cut(one, false);
}
void cut_silently(Simulation& world, Person& one, Person& /*other*/) {
    world.cut(one, true);
}
void stall(Simulation& world, Person& one, Person& /*other*/) {
    world.stall(one, world.dice.between(Duration(100), Duration(15'000)));
}
void lose_network(Simulation& world, Person& one, Person& /*other*/) {
    world.tell("the network of " + one.name + " is down");
    one.reachable = false;
    world.cut(one, false);
    world.after(world.dice.between(Duration(100), Duration(40'000)), [&world, &one] {
        world.tell("the network of " + one.name + " is back");
        one.reachable = true;
    });
}
void restart_relay(Simulation& world, Person& /*one*/, Person& /*other*/) {
    world.stop_relay();
    world.after(world.dice.between(Duration(0), Duration(10'000)),
                [&world] { world.start_relay(); });
}
void fill_registry(Simulation& world, Person& /*one*/, Person& /*other*/) {
    world.set_registry_full(true);
    world.after(world.dice.between(Duration(100), Duration(20'000)),
                [&world] { world.set_registry_full(false); });
}
void fill_disk(Simulation& world, Person& one, Person& /*other*/) {
    world.tell("the disk of " + one.name + " is full");
    one.process.store->full = true;
    world.after(world.dice.between(Duration(100), Duration(20'000)), [&world, &one] {
        world.tell("the disk of " + one.name + " has room");
        one.process.store->full = false;
    });
}
void fail_a_write(Simulation& world, Person& one, Person& /*other*/) {
    one.process.store->fail_nth = 1 + world.dice.below(3);
}

constexpr std::array kActions{
    Action{"say", 150, false, say},
    Action{"say much", 15, false, say_much},
    Action{"say a hundred", 6, false, say_a_hundred},
    Action{"ask", 60, false, ask},
    Action{"ask each other", 20, false, ask_each_other},
    Action{"accept", 100, false, accept},
    Action{"decline", 8, false, decline},
    Action{"ask and cancel", 8, false, ask_and_cancel},
    Action{"cancel", 5, false, cancel},
    Action{"type", 10, false, type},
    Action{"end", 6, false, end},
    Action{"both end", 3, false, both_end},
    Action{"block", 3, false, block},
    Action{"unblock", 8, false, unblock},
    Action{"discard", 5, false, discard},
    Action{"verify", 12, false, verify},
    Action{"search", 5, false, search},
    Action{"connect", 10, false, connect},
    Action{"disconnect", 5, false, disconnect},
    Action{"quit", 5, false, quit},
    Action{"kill", 5, true, kill},
    Action{"cut", 15, true, cut},
    Action{"cut silently", 10, true, cut_silently},
    Action{"stall", 8, true, stall},
    Action{"lose network", 5, true, lose_network},
    Action{"restart relay", 3, true, restart_relay},
    Action{"fill registry", 3, true, fill_registry},
    Action{"fill disk", 4, true, fill_disk},
    Action{"fail a write", 4, true, fail_a_write},
};

}  // namespace

gsl::span<const Action> action_table() {
    return kActions;
}

}  // namespace sotto::sim
