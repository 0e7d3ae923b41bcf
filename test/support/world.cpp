#include "test/support/world.h"

#include <algorithm>
#include <utility>

namespace sotto::test {

namespace {

constexpr std::array<std::uint8_t, 32> kPin{7};

}  // namespace

void settle_claims(relay::Hub& hub, relay::Relay& relay, relay::Actions& actions) {
    for (std::size_t i = 0; i < actions.size(); ++i) {  // it may grow
        if (const auto* claim = std::get_if<relay::Claim>(&actions[i])) {
            const auto round = hub.attend({*claim});
            actions.insert(actions.end(), round.notes.begin(), round.notes.end());
            for (const auto& claimed : round.claimed) {
                relay.on_claimed(claimed, actions);
            }
        } else if (const auto* replaced = std::get_if<relay::Replace>(&actions[i])) {
            relay.on_replaced(replaced->connection, actions);
        }
    }
}

void attend(relay::Hub& hub, relay::Relay& relay, relay::Actions& actions) {
    const auto round = hub.attend({});
    actions.insert(actions.end(), round.notes.begin(), round.notes.end());
    for (const auto& dismissal : round.dismissed) {
        relay.on_dismissed(dismissal, actions);
    }
}

World::World(std::uint64_t seed) : random_(std::make_unique<SeededRandom>(seed)), seed_(seed) {
    crypto::init();
    relay::Relay::Options options;
    options.pin = kPin;
    hub = std::make_unique<relay::Hub>(registry);
    relay = std::make_unique<relay::Relay>(
        *hub, options,
        [this] {
            std::array<std::uint8_t, 32> nonce{};
            random_->fill(nonce);
            return nonce;
        },
        [](relay::ConnectionId) { return std::size_t{0}; });
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
        if (change.user == user) {
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
    Person& person = people.emplace_back();
    person.name = name;
    person.random = std::make_unique<SeededRandom>(seed_ * 1'000 + people.size());
    person.identity =
        std::make_unique<crypto::Identity>(crypto::Identity::generate(*person.random));
    person.store = std::make_unique<client::MemoryStore>();
    start(person);
    return person;
}

void World::start(Person& person) {
    client::Client::Options options = client_options;
    options.user = person.name;
    options.relay = "relay.example:7443";
    person.client =
        std::make_unique<client::Client>(options, *person.identity, *person.store, *person.random);
    tell(person, client::command::Connect{});
    settle();
}

void World::restart(Person& person) {
    cut(person);
    person.client.reset();
    person.events.clear();
    start(person);
}

void World::connect(Person& person) {
    if (!person.reachable) {
        person.connect_failed = true;
        return;
    }
    if (!person.confirmed_pin) {
        client::LinkLoss loss;
        loss.how = client::LinkLoss::How::untrusted;
        loss.pin_hex = "07";
        person.client->on_link_down(loss, now);
        take(person);
        return;
    }
    person.connection = ++last_connection_;
    relay::Actions actions;
    relay::Relay::Arrival arrival;
    arrival.connection = person.connection;
    arrival.exporter[0] = static_cast<std::uint8_t>(person.connection);
    arrival.accepted = now.monotonic;
    relay->on_open(arrival, now.monotonic, actions);
    person.client->on_link_up({kPin, arrival.exporter}, now);
    take(person);
}

void World::take(Person& person) {
    for (client::Event& event : person.client->take_events()) {
        person.events.push_back(std::move(event));
    }
    for (client::Effect& effect : person.client->take_effects()) {
        if (std::holds_alternative<client::effect::Open>(effect)) {
            connect(person);
        } else if (const auto* send = std::get_if<client::effect::Send>(&effect)) {
            person.sent.push_back(send->text);
            to_relay_.emplace_back(person.connection, send->text);
        } else if (const auto* close = std::get_if<client::effect::Close>(&effect)) {
            person.closes.push_back(close->code);
            settle();
            cut(person);
        } else if (const auto* pin = std::get_if<client::effect::StorePin>(&effect)) {
            person.stored_pins.push_back(pin->pin_hex);
            person.confirmed_pin = true;
        }
    }
}

void World::tell(Person& person, const client::Command& command) {
    person.client->execute(command, now);
    take(person);
}

void World::inject(Person& person, const std::string& text) {
    person.client->on_message(text, now);
    take(person);
    settle();
}

World::Person& World::named(const std::string& name) {
    return *std::find_if(people.begin(), people.end(),
                         [&](const Person& person) { return person.name == name; });
}

World::Person* World::by_connection(relay::ConnectionId id) {
    const auto at = std::find_if(people.begin(), people.end(),
                                 [&](const Person& person) { return person.connection == id; });
    return at == people.end() ? nullptr : &*at;
}

void World::perform(relay::Actions& actions, std::string_view current) {
    for (const relay::Action& action : actions) {
        if (const auto* send = std::get_if<relay::Send>(&action)) {
            if (const Person* person = by_connection(send->to)) {
                to_clients_.push_back({person->name, send->text});
            }
        } else if (const auto* forward = std::get_if<relay::Forward>(&action)) {
            forwarded.emplace_back(current);
            if (const Person* person = by_connection(forward->to)) {
                to_clients_.push_back({person->name, std::string(current)});
            }
        } else if (const auto* close = std::get_if<relay::Close>(&action)) {
            if (Person* person = by_connection(close->connection)) {
                // What was sent before the close arrives before it.
                std::vector<std::string> last;
                for (auto at = to_clients_.begin(); at != to_clients_.end();) {
                    const bool theirs = at->to == person->name;
                    if (theirs) {
                        last.push_back(at->text);
                    }
                    at = theirs ? to_clients_.erase(at) : std::next(at);
                }
                for (const std::string& text : last) {
                    person->client->on_message(text, now);
                }
                cut(*person);
            }
        }
    }
}

void World::settle() {
    for (int rounds = 0; rounds < 100'000 && !(to_relay_.empty() && to_clients_.empty());
         ++rounds) {
        if (!to_relay_.empty()) {
            auto [from, text] = std::move(to_relay_.front());
            to_relay_.pop_front();
            const Person* person = by_connection(from);
            if (person != nullptr && (!evil_up || evil_up(person->name, text))) {
                relay::Actions actions;
                relay->on_message(from, text, now.monotonic, actions);
                settle_claims(*hub, *relay, actions);
                perform(actions, text);
            }
        }
        if (!to_clients_.empty()) {
            Item item = std::move(to_clients_.front());
            to_clients_.pop_front();
            Person& person = named(item.to);
            if (person.connection != 0 && (!evil || evil(item.to, item.text))) {
                person.client->on_message(item.text, now);
                take(person);
            }
        }
    }
}

void World::pass(std::chrono::milliseconds time) {
    const auto end = now.monotonic + time;
    const auto step = std::chrono::milliseconds(250);
    while (now.monotonic < end) {
        now.monotonic += step;
        now.wall_ms += static_cast<std::uint64_t>(step.count());
        for (Person& person : people) {
            if (std::exchange(person.connect_failed, false)) {
                client::LinkLoss loss;
                loss.how = client::LinkLoss::How::failed;
                loss.reason = "connection refused";
                person.client->on_link_down(loss, now);
                take(person);
            }
            const auto due = person.client->next_deadline();
            if (due && *due <= now.monotonic) {
                person.client->on_tick(now);
                take(person);
            }
        }
        relay::Actions actions;
        relay->on_tick(now.monotonic, actions);
        attend(*hub, *relay, actions);
        perform(actions, {});
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
    if (person.connection == 0) {
        return;
    }
    relay::Actions actions;
    relay->on_end(person.connection, now.monotonic, actions);
    person.connection = 0;
    to_clients_.erase(std::remove_if(to_clients_.begin(), to_clients_.end(),
                                     [&](const Item& item) { return item.to == person.name; }),
                      to_clients_.end());
    client::LinkLoss loss;
    loss.how = client::LinkLoss::How::lost;
    person.client->on_link_down(loss, now);
    take(person);
}

void World::befriend(Person& one, Person& other) {
    tell(one, client::command::RequestChat{other.name});
    settle();
    tell(other, client::command::AcceptRequest{one.name});
    settle();
}

}  // namespace sotto::test
