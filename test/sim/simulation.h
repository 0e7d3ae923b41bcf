#pragma once

#include "test/sim/dice.h"
#include "test/sim/network.h"
#include "test/sim/plan.h"
#include "test/sim/process.h"
#include "test/sim/sometimes.h"
#include "test/sim/story.h"
#include "test/sim/wire_watch.h"
#include "test/sim/witness.h"

#include <cstdint>
#include <deque>
#include <string>

namespace sotto::sim {

struct Action;

/// Somebody with a client.
struct Person {
    Person(Scheduler& scheduler, Network& network, const std::string& user, std::uint64_t seed)
        : process(scheduler, network, user, seed) {}

    Process process;
    std::string name = process.name;
    bool reachable = true;
    bool leaving = false;            ///< has quit; the process ends soon
    bool contacts_are_whole = true;  ///< each was written
    std::uint64_t failed_writes = 0;
    std::uint64_t texts = 0;  ///< said so far
    Time second{};            ///< in which the ticks below are counted
    std::uint64_t ticks = 0;
};

/// One world from one seed: people with real clients, a real relay, networks and disks that
/// fail, all on virtual time. It runs for a while, then the faults stop, and it must settle.
/// Throws Broken as soon as an invariant does not hold. The same seed does the same.
class Simulation : private Weather {
  public:
    Simulation(std::uint64_t seed, Story& story, Sometimes& sometimes);

    void run();

    // --- what actions do
    Dice dice;
    [[nodiscard]] Time now() const { return scheduler_.now.monotonic; }
    [[nodiscard]] const Plan& plan() const { return plan_; }
    [[nodiscard]] const Witness& witness() const { return witness_; }
    [[nodiscard]] std::deque<Person>& people() { return people_; }
    void tell(const std::string& line) { story_.tell(now(), line); }
    void met(Moment moment) { sometimes_.met(moment); }
    void after(Duration delay, Scheduler::Task task) { scheduler_.after(delay, std::move(task)); }

    /// Gives the command, if the client runs.
    void command(Person& person, const client::Command& command);
    void say(Person& person, const Person& to, std::size_t padding = 0);
    void start(Person& person);
    void kill(Person& person);
    /// Both ends hear of it at once, or each after up to 20 s.
    void cut(Person& person, bool silently);
    void stall(Person& person, Duration how_long);
    void stop_relay();
    void start_relay();
    /// Whether the names that the relay learns can be written.
    void set_registry_full(bool full);

  private:
    [[nodiscard]] Duration delay(const Peer& peer) override;
    [[nodiscard]] std::optional<client::LinkLoss> failure(const Peer& peer) override;
    [[nodiscard]] std::vector<Duration> copies(const Peer& to, const std::string& text) override;

    void add(const std::string& name, std::uint64_t seed);
    [[nodiscard]] Person& person(const std::string& name);
    void note_end(const Person& person, const client::Command& command);
    void shows(Person& person, const client::Event& event);
    void sends(const Person& person, const client::Effect& effect);
    void tick_relay();
    void act();
    [[nodiscard]] const Action& choose();
    void run_until(Time until);
    void check_pace(Person& person);
    void introduce();
    void heal();
    void speak_up();
    void finish();

    std::uint64_t seed_;
    Story& story_;
    Sometimes& sometimes_;
    Plan plan_;
    bool faults_ = true;  ///< until everything is to settle
    Scheduler scheduler_;
    Network network_{scheduler_, *this};
    MemoryRegistry registry_;
    RelayNode relay_;
    Witness witness_{sometimes_};
    WireWatch wire_{sometimes_};
    std::deque<Person> people_;
};

/// Runs a seed. What it met is added to `sometimes`. Throws Broken.
void simulate(std::uint64_t seed, Story& story, Sometimes& sometimes);

}  // namespace sotto::sim
