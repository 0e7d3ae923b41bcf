#include "test/sim/simulation.h"

#include "test/sim/actions.h"
#include "test/sim/describe.h"

#include <array>
#include <numeric>
#include <utility>

namespace sotto::sim {

namespace {

namespace event = client::event;
namespace command = client::command;
using client::ChatKey;
using client::ChatState;

constexpr Duration kSecond{1'000};
constexpr std::uint64_t kMostTicks = 100;         // of one client, in a second
constexpr std::uint64_t kMostInAMoment = 50'000;  // tasks, without time passing
constexpr Duration kSilence{20'000};              // after which an end gives a link up
constexpr std::array<const char*, 4> kNames{"alice", "bob", "carol", "cleo"};

}  // namespace

Simulation::Simulation(std::uint64_t seed, Story& story, Sometimes& sometimes)
    : dice(seed),
      seed_(seed),
      story_(story),
      sometimes_(sometimes),
      plan_(make_plan(dice)),
      relay_(scheduler_, network_, registry_, plan_.relay, seed) {
    network_.add(relay_);
    network_.to_client = [this](const Peer& to, const std::string& text) {
        wire_.arrived(to.name, look_at(text));
        return true;
    };
    network_.to_relay = [this](const Peer& from, const std::string& text) {
        const Seen seen = look_at(text);
        if (seen.type == "register") {
            wire_.arrived(from.name, seen);
        }
        return true;
    };
    for (std::size_t at = 0; at < plan_.people; ++at) {
        add(kNames.at(at), seed * 1'000 + at + 1);
    }
    tick_relay();
}

// --- the network

Duration Simulation::delay(const Peer& /*peer*/) {
    return plan_.delay + dice.between(Duration(0), plan_.jitter);
}

std::optional<client::LinkLoss> Simulation::failure(const Peer& peer) {
    if (person(peer.name).reachable && !(faults_ && dice.chance(plan_.connect_fails))) {
        return std::nullopt;
    }
    met(Moment::connect_failed);
    client::LinkLoss loss;
    loss.how = client::LinkLoss::How::failed;
    loss.reason = "no route to host";
    return loss;
}

std::vector<Duration> Simulation::copies(const Peer& to, const std::string& text) {
    if (!faults_ || !dice.chance(plan_.hostile)) {
        return {Duration(0)};
    }
    const Duration late = dice.between(Duration(1), Duration(8'000));
    const std::string what = describe(look_at(text));
    switch (dice.below(4)) {
        case 0:
            tell("the relay drops " + what);
            met(Moment::hostile_drop);
            return {};
        case 1:
            tell("the relay repeats " + what);
            met(Moment::hostile_repeat);
            return {Duration(0), dice.chance(500) ? Duration(0) : late};
        default:
            tell("the relay holds back, for " + to.name + ": " + what);
            met(Moment::hostile_delay);
            return {late};
    }
}

void Simulation::cut(Person& person, bool silently) {
    if (!network_.is_open(person.process)) {
        return;
    }
    tell("the connection of " + person.name + " breaks" + (silently ? " silently" : ""));
    wire_.cut(person.name);
    const auto heard = [&] {
        return silently ? dice.between(Duration(1), kSilence)
                        : dice.between(Duration(1), Duration(50));
    };
    const Duration by_client = heard();
    network_.cut(person.process, by_client, heard());
}

void Simulation::stall(Person& person, Duration how_long) {
    tell("nothing passes to or from " + person.name + " for " + std::to_string(how_long.count()) +
         " ms");
    met(Moment::stalled);
    network_.stall(person.process, now() + how_long);
}

void Simulation::stop_relay() {
    if (!relay_.is_up()) {
        return;
    }
    tell("the relay ends");
    for (const Person& person : people_) {
        wire_.cut(person.name);
    }
    network_.cut_all(0);
    relay_.stop();
}

void Simulation::start_relay() {
    if (relay_.is_up()) {
        return;
    }
    try {
        relay_.restart();
        tell("the relay starts");
        met(Moment::relay_restarted);
    } catch (const std::runtime_error& error) {
        tell(std::string("the relay can't start: ") + error.what());
        scheduler_.after(kSecond, [this] { start_relay(); });
    }
}

void Simulation::set_registry_full(bool full) {
    tell(full ? "the relay's disk is full" : "the relay's disk has room");
    registry_.disk_full = full;
    if (full) {
        met(Moment::registry_full);
    }
}

void Simulation::tick_relay() {
    if (relay_.is_up()) {
        relay_.tick();
    }
    scheduler_.after(kSecond, [this] { tick_relay(); });
}

// --- people

void Simulation::add(const std::string& name, std::uint64_t seed) {
    Person& person = people_.emplace_back(scheduler_, network_, name, seed);
    witness_.adds(name);
    person.process.on_event = [this, &person](const client::Event& event) { shows(person, event); };
    person.process.on_effect = [this, &person](const client::Effect& effect) {
        sends(person, effect);
    };
    scheduler_.after(dice.between(Duration(0), kSecond), [this, &person] { start(person); });
}

Person& Simulation::person(const std::string& name) {
    for (Person& person : people_) {
        if (person.name == name) {
            return person;
        }
    }
    throw Broken("there is no " + name);
}

void Simulation::start(Person& person) {
    if (person.process.is_running()) {
        return;
    }
    tell(person.name + " starts");
    witness_.starts(person.name, person.contacts_are_whole);
    if (!std::exchange(person.contacts_are_whole, true)) {
        met(Moment::contact_lost_by_a_restart);
    }
    person.leaving = false;
    client::Client::Options options;
    options.show_wire = plan_.show_wire;
    person.process.start(options, true);
    command(person, command::Connect{});
}

void Simulation::kill(Person& person) {
    if (!person.process.is_running()) {
        return;
    }
    tell("the process of " + person.name + " ends");
    wire_.cut(person.name);
    witness_.ends(person.name);
    person.process.stop();
    scheduler_.after(dice.between(Duration(10), Duration(15'000)),
                     [this, &person] { start(person); });
}

void Simulation::command(Person& person, const client::Command& command) {
    if (!person.process.is_running() || person.leaving) {
        return;
    }
    tell(person.name + " " + describe(command));
    note_end(person, command);
    witness_.before(person.name, command);
    person.process.execute(command);
    witness_.after(person.name, command);
}

/// What is in the middle of things as a person ends them.
void Simulation::note_end(const Person& person, const client::Command& command) {
    for (const Person& other : people_) {
        if (&other == &person || witness_.view(person.name, other.name).state != ChatState::open) {
            continue;
        }
        const auto& here = witness_.view(person.name, other.name);
        const auto& there = witness_.view(other.name, person.name);
        const auto* end = std::get_if<command::EndChat>(&command.what);
        const auto* block = std::get_if<command::Block>(&command.what);
        if (std::holds_alternative<command::Quit>(command.what)) {
            met(Moment::quit_in_a_chat);
        } else if (block != nullptr && block->user == other.name) {
            met(Moment::blocked_in_a_chat);
        } else if (end == nullptr || end->chat.name() != other.name) {
            continue;
        }
        if (there.state == ChatState::open && here.epoch != there.epoch) {
            met(Moment::rekey_under_way_at_an_end);
        }
        if (here.waiting + there.waiting > 0) {
            met(Moment::end_with_texts_under_way);
        }
    }
}

void Simulation::say(Person& person, const Person& to, std::size_t padding) {
    std::string text = person.name + ">" + to.name + "#" + std::to_string(++person.texts);
    if (padding > 0) {
        text += " " + std::string(padding, 'x');
    }
    command(person, command::SendText{ChatKey::with(to.name), std::move(text)});
}

void Simulation::shows(Person& person, const client::Event& event) {
    const std::string line = describe(event);
    if (!line.empty()) {
        tell(person.name + " " + line);
    }
    if (const auto* chat = std::get_if<event::ChatChanged>(&event.what)) {
        if (chat->state == ChatState::open) {
            wire_.opened(person.name, chat->chat.name());
        }
    } else if (std::holds_alternative<event::Registered>(event.what)) {
        if (network_.has_replaced(person.process)) {
            met(Moment::replaced_a_dead_connection);
        }
    } else if (std::holds_alternative<event::Finished>(event.what)) {
        person.leaving = true;
        scheduler_.after(kSecond * 2, [this, &person] {
            if (person.leaving) {
                kill(person);
            }
        });
    }
    witness_.shows(person.name, event);
}

void Simulation::sends(const Person& person, const client::Effect& effect) {
    if (const auto* send = std::get_if<client::effect::Send>(&effect)) {
        const Seen seen = look_at(send->text);
        if (seen.type.substr(0, 5) == "chat_" || seen.type == "relay" || seen.type == "register") {
            tell(person.name + " sends " + describe(seen));
        }
        wire_.sent(person.name, seen);
    }
}

// --- time

void Simulation::run_until(Time until) {
    std::uint64_t tasks = 0;
    for (Time last = now(); scheduler_.step(until); last = now()) {
        tasks = now() == last ? tasks + 1 : 0;
        if (tasks > kMostInAMoment) {
            throw Broken("it never comes to rest");
        }
        for (Person& person : people_) {
            check_pace(person);
        }
    }
    scheduler_.run_until(until);
}

/// A timer that is due again at once, again and again, would burn the machine.
void Simulation::check_pace(Person& person) {
    if (now() >= person.second + kSecond) {
        person.second = now();
        person.ticks = person.process.ticks;
    }
    if (person.process.ticks - person.ticks > kMostTicks) {
        throw Broken("the timers of " + person.name + " spin");
    }
    if (person.process.store->failed > person.failed_writes) {
        person.failed_writes = person.process.store->failed;
        person.contacts_are_whole = false;
        met(Moment::contact_not_written);
    }
}

const Action& Simulation::choose() {
    const auto all = std::accumulate(plan_.weights.begin(), plan_.weights.end(), 0U);
    std::size_t left = dice.below(all);
    std::size_t at = 0;
    while (left >= plan_.weights[at]) {
        left -= plan_.weights[at++];
    }
    return action_table()[at];
}

void Simulation::act() {
    const std::size_t one = dice.below(people_.size());
    const std::size_t other = (one + 1 + dice.below(people_.size() - 1)) % people_.size();
    choose().run(*this, people_[one], people_[other]);
}

/// Most worlds begin with people who talk already.
void Simulation::introduce() {
    for (Person& one : people_) {
        for (Person& other : people_) {
            if (one.name < other.name && dice.chance(plan_.introduced)) {
                const Duration when = dice.between(kSecond * 2, kSecond * 5);
                scheduler_.after(when, [this, &one, &other] {
                    command(one, command::RequestChat{ChatKey::with(other.name)});
                });
                scheduler_.after(when + plan_.delay * 12 + kSecond, [this, &one, &other] {
                    command(other, command::AcceptRequest{ChatKey::with(one.name)});
                });
            }
        }
    }
    run_until(now() + kSecond * 5);
}

void Simulation::run() {
    introduce();
    for (std::size_t i = 0; i < plan_.actions; ++i) {
        const auto kind = dice.below(1'000);
        const Duration most = kind < 4     ? Duration(330'000)  // a rekey is due by then
                              : kind < 30  ? Duration(40'000)
                              : kind < 300 ? Duration(5)
                                           : plan_.gap * 2;
        run_until(now() + dice.between(kind < 4 ? most : Duration(0), most));
        act();
    }
    heal();
}

/// No more faults: what can come, comes.
void Simulation::heal() {
    tell("the faults end");
    faults_ = false;
    registry_.disk_full = false;
    start_relay();
    relay_.set_limits({});
    for (Person& person : people_) {
        person.reachable = true;
        person.process.store->full = false;
        person.process.store->fail_nth = 0;
    }
    run_until(now() + Duration(60'000));
    for (Person& person : people_) {
        if (witness_.link(person.name) != client::Link::connected) {
            command(person, command::Connect{});
        }
    }
    run_until(now() + Duration(40'000));
    speak_up();
    run_until(now() + Duration(100'000));
    witness_.check_settled();
    finish();
}

/// A lost end of a chat is heard of when something is said next.
void Simulation::speak_up() {
    for (Person& one : people_) {
        for (Person& other : people_) {
            if (&one != &other && witness_.view(one.name, other.name).state == ChatState::open) {
                say(one, other);
            }
        }
    }
}

void Simulation::finish() {
    bool open = false;
    for (const Person& one : people_) {
        for (const Person& other : people_) {
            open = open ||
                   (&one != &other && witness_.view(one.name, other.name).state == ChatState::open);
        }
    }
    met(open ? Moment::settled_with_an_open_chat : Moment::settled_without_one);
    if (relay_.passed_between_loops > 0) {
        met(Moment::passed_between_loops);
    }
    if (network_.lost_unnoticed > 0) {
        met(Moment::lost_in_a_dead_connection);
    }
    if (network_.pauses > 0) {
        met(Moment::reading_paused);
    }
}

void simulate(std::uint64_t seed, Story& story, Sometimes& sometimes) {
    Simulation(seed, story, sometimes).run();
}

}  // namespace sotto::sim
