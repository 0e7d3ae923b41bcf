#include "tui/client/client.h"

#include "tui/client/core.h"

#include <utility>

namespace sotto::client {

class Client::Impl : public Core {
  public:
    using Core::Core;
};

Client::Client(Options options, const crypto::Identity& identity, Store& store,
               crypto::Random& random)
    : impl_(std::make_unique<Impl>(std::move(options), identity, store, random)) {}
Client::~Client() = default;

void Client::on_link_up(const LinkUp& link, Now now) {
    impl_->now = now;
    impl_->link_up(link);
}

void Client::on_message(std::string_view text, Now now) {
    impl_->now = now;
    impl_->message(text);
}

void Client::on_link_down(const LinkLoss& loss, Now now) {
    impl_->now = now;
    impl_->link_down(loss);
}

void Client::execute(const Command& command, Now now) {
    impl_->now = now;
    const auto answering = impl_->out.answer(Cause{command.id, command.kind()});
    std::visit([&](const auto& one) { impl_->run(one); }, command.what);
}

void Client::on_tick(Now now) {
    impl_->now = now;
    impl_->tick();
}

std::optional<Time> Client::next_deadline() const {
    return impl_->next_deadline();
}
std::vector<Effect> Client::take_effects() {
    return impl_->out.take_effects();
}
std::vector<Event> Client::take_events() {
    return impl_->out.take_events();
}

}  // namespace sotto::client
