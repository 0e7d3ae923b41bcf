#include "tui/client/client.h"

#include "tui/client/core.h"

#include <utility>

namespace sotto::client {

class Client::Impl {
  public:
    Core core;
};

Client::Client(Options options, const crypto::Identity& identity, Store& store,
               crypto::Random& random)
    : impl_(new Impl{{std::move(options), identity, store, random}}) {}
Client::~Client() = default;

void Client::on_link_up(const LinkUp& link, Now now) {
    impl_->core.set_time(now);
    impl_->core.link_up(link);
}

void Client::on_message(std::string_view text, Now now) {
    impl_->core.set_time(now);
    impl_->core.message(text);
}

void Client::on_link_down(const LinkLoss& loss, Now now) {
    impl_->core.set_time(now);
    impl_->core.link_down(loss);
}

void Client::execute(const Command& command, Now now) {
    impl_->core.set_time(now);
    impl_->core.execute(command);
}

void Client::on_tick(Now now) {
    impl_->core.set_time(now);
    impl_->core.tick();
}

std::optional<Time> Client::next_deadline() const {
    return impl_->core.next_deadline();
}
std::vector<Effect> Client::take_effects() {
    return impl_->core.out().take_effects();
}
std::vector<Event> Client::take_events() {
    return impl_->core.out().take_events();
}

}  // namespace sotto::client
