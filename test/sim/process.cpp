#include "test/sim/process.h"

#include <utility>

namespace sotto::sim {

Process::Process(Scheduler& scheduler, Network& network, std::string user, std::uint64_t seed)
    : random(std::make_unique<test::SeededRandom>(seed)),
      identity(std::make_unique<crypto::Identity>(crypto::Identity::generate(*random))),
      store(std::make_unique<MemoryDisk>()),
      scheduler_(scheduler),
      network_(network) {
    name = std::move(user);
}

void Process::start(client::Client::Options options, bool by_itself) {
    ++incarnation;
    ticks_ = by_itself;
    armed_.reset();
    options.user = name;
    options.relay = "relay.example:7443";
    client = std::make_unique<client::Client>(std::move(options), *identity, *store, *random);
}

void Process::stop() {
    network_.vanish(*this);
    client.reset();
}

void Process::execute(const client::Command& command) {
    client->execute(command, scheduler_.now);
    perform();
}

void Process::tick() {
    ++ticks;
    client->on_tick(scheduler_.now);
    perform();
}

void Process::on_link_up(const client::Client::LinkUp& link) {
    client->on_link_up(link, scheduler_.now);
    perform();
}

void Process::on_message(const std::string& text) {
    client->on_message(text, scheduler_.now);
    perform();
}

void Process::on_link_down(const client::LinkLoss& loss) {
    client->on_link_down(loss, scheduler_.now);
    perform();
}

void Process::perform() {
    if (std::exchange(performing_, true)) {
        return;  // whoever is told gave a command: the loop below goes on
    }
    for (bool more = true; more && client;) {
        more = false;
        for (const client::Event& event : client->take_events()) {
            more = true;
            if (on_event) {
                on_event(event);
            }
        }
        if (!client) {
            break;
        }
        for (client::Effect& effect : client->take_effects()) {
            more = true;
            perform(effect);
        }
    }
    performing_ = false;
    arm();
}

void Process::perform(client::Effect& effect) {
    if (on_effect) {
        on_effect(effect);
    }
    if (std::holds_alternative<client::effect::Open>(effect)) {
        network_.open(*this);
    } else if (auto* send = std::get_if<client::effect::Send>(&effect)) {
        network_.send(*this, std::move(send->text));
    } else if (std::holds_alternative<client::effect::Close>(effect)) {
        network_.close(*this);
    }
}

void Process::arm() {
    const auto next = client && ticks_ ? client->next_deadline() : std::nullopt;
    if (std::exchange(armed_, next) == next || !next) {
        return;
    }
    scheduler_.at(*next, [this, when = *next, process = incarnation] {
        if (client && process == incarnation && armed_ == when) {
            armed_.reset();
            tick();
        }
    });
}

}  // namespace sotto::sim
