#include "test/support/world.h"

#include <algorithm>

namespace sotto::test {

namespace {

sim::RelayNode::Options relay_options() {
    crypto::init();
    sim::RelayNode::Options options;
    options.relay.pin = {7};
    return options;
}

}  // namespace

World::World(std::uint64_t seed)
    : seed_(seed),
      network_(scheduler_, *this),
      relay(scheduler_, network_, registry, relay_options(), seed) {
    network_.add(relay);
    relay.on_forward = [this](const std::string& text) { forwarded.push_back(text); };
    network_.to_client = [this](const sim::Peer& to, std::string& text) {
        return !evil || evil(to.name, text);
    };
    network_.to_relay = [this](const sim::Peer& from, std::string& text) {
        return !evil_up || evil_up(from.name, text);
    };
}

std::vector<std::string> World::Person::texts() const {
    std::vector<std::string> out;
    for (const auto& message : all<client::event::MessageAdded>()) {
        if (!message.own) {
            out.push_back(message.text.str());
        }
    }
    return out;
}

client::ChatState World::Person::state(const std::string& user) const {
    client::ChatState out = client::ChatState::none;
    for (const auto& change : all<client::event::ChatChanged>()) {
        if (change.chat.name() == user) {
            out = change.state;
        }
    }
    return out;
}

std::size_t World::Person::delivered() const {
    const auto changes = all<client::event::DeliveryChanged>();
    return static_cast<std::size_t>(std::count_if(
        changes.begin(), changes.end(),
        [](const auto& change) { return change.delivery == client::Delivery::delivered; }));
}

World::Person& World::add(const std::string& name) {
    Person& person =
        people.emplace_back(scheduler_, network_, name, seed_ * 1'000 + people.size() + 1);
    person.on_event = [&person](const client::Event& event) { person.events.push_back(event); };
    person.on_effect = [this, &person](const client::Effect& effect) { note(person, effect); };
    start(person);
    return person;
}

void World::note(Person& person, const client::Effect& effect) {
    if (const auto* send = std::get_if<client::effect::Send>(&effect)) {
        person.sent.push_back(send->text);
    } else if (const auto* close = std::get_if<client::effect::Close>(&effect)) {
        person.closes.push_back(close->code);
    } else if (const auto* pin = std::get_if<client::effect::StorePin>(&effect)) {
        person.stored_pins.push_back(pin->pin_hex);
        person.confirmed_pin = true;
    }
}

void World::start(Person& person) {
    person.start(client_options, false);
    tell(person, client::command::Connect{});
    settle();
}

void World::restart(Person& person) {
    cut(person);
    person.stop();
    person.events.clear();
    start(person);
}

std::optional<client::LinkLoss> World::failure(const sim::Peer& peer) {
    const auto& person = static_cast<const Person&>(peer);
    client::LinkLoss loss;
    if (!person.reachable) {
        loss.how = client::LinkLoss::How::failed;
        loss.reason = "connection refused";
        return loss;
    }
    if (!person.confirmed_pin) {
        loss.how = client::LinkLoss::How::untrusted;
        loss.pin_hex = "07";
        return loss;
    }
    return std::nullopt;
}

void World::tell(Person& person, const client::Command& command) {
    const auto closes = person.closes.size();
    person.execute(command);
    if (person.closes.size() > closes) {
        settle();
    }
}

void World::inject(Person& person, const std::string& text) {
    person.on_message(text);
    settle();
}

void World::settle() {
    scheduler_.settle();
}

void World::pass(std::chrono::milliseconds time) {
    const auto end = now.monotonic + time;
    while (now.monotonic < end) {
        scheduler_.run_until(now.monotonic + std::chrono::milliseconds(250));
        for (Person& person : people) {
            const auto due = person.client->next_deadline();
            if (due && *due <= now.monotonic) {
                person.tick();
            }
        }
        relay.tick();
        settle();
    }
}

void World::set_reachable(Person& person, bool up) {
    person.reachable = up;
    if (!up) {
        cut(person);
    }
}

void World::cut(Person& person) {
    network_.cut(person, sim::Duration(0), sim::Duration(0));
}

void World::befriend(Person& one, Person& other) {
    tell(one, client::command::RequestChat{client::ChatKey::with(other.name)});
    settle();
    tell(other, client::command::AcceptRequest{client::ChatKey::with(one.name)});
    settle();
}

}  // namespace sotto::test
