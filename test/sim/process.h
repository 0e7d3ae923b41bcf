#pragma once

#include "test/sim/memory_disk.h"
#include "test/sim/network.h"
#include "test/support/seeded_random.h"
#include "tui/client/client.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace sotto::sim {

/// Somebody's client: an identity and a store that last, and a process that comes and goes.
/// It does what the driver does for the real one, on virtual time.
class Process : public Peer {
  public:
    Process(Scheduler& scheduler, Network& network, std::string user, std::uint64_t seed);

    /// A new process. With `by_itself`, its deadlines run by themselves.
    void start(client::Client::Options options, bool by_itself);
    /// The process ends at once, without a word.
    void stop();
    [[nodiscard]] bool is_running() const { return client != nullptr; }

    void execute(const client::Command& command);
    /// Runs the deadlines that have passed.
    void tick();
    /// Performs what the client wants done and tells what it has to tell.
    void perform();

    void on_link_up(const client::Client::LinkUp& link) override;
    void on_message(const std::string& text) override;
    void on_link_down(const client::LinkLoss& loss) override;

    std::unique_ptr<test::SeededRandom> random;
    std::unique_ptr<crypto::Identity> identity;
    std::unique_ptr<MemoryDisk> store;
    std::unique_ptr<client::Client> client;  ///< null: the process does not run
    unsigned incarnation = 0;                ///< of the process, from 1
    std::uint64_t ticks = 0;                 ///< deadlines run, by all incarnations

    // What it does, as it does it; may be empty.
    std::function<void(const client::Event&)> on_event;
    std::function<void(const client::Effect&)> on_effect;

  private:
    void perform(client::Effect& effect);
    void arm();

    Scheduler& scheduler_;
    Network& network_;
    bool ticks_ = false;
    bool performing_ = false;
    std::optional<Time> armed_;  ///< the deadline that is scheduled
};

}  // namespace sotto::sim
