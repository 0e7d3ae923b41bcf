#include "test/sim/wire_watch.h"

#include <optional>

namespace sotto::sim {

namespace {

/// What is watched for a crossing; empty for the rest.
std::string what(const Seen& message) {
    if (message.type == "chat_response") {
        return message.accept ? "accept" : "";
    }
    if (message.type == "chat_request" || message.type == "chat_terminate") {
        return std::string(message.type);
    }
    return message.step == 1 ? "step 1" : "";
}

std::optional<Moment> moment_of(std::string_view code) {
    return code == "busy"           ? std::optional(Moment::answered_busy)
           : code == "offline"      ? std::optional(Moment::answered_offline)
           : code == "rate_limited" ? std::optional(Moment::answered_rate_limited)
           : code == "internal"     ? std::optional(Moment::answered_internal)
                                    : std::nullopt;
}

}  // namespace

void WireWatch::sent(const std::string& by, const Seen& message) {
    if (message.type == "register") {
        registering_.insert(by);
    }
    const Way way(by, message.to);
    const Way back(way.second, way.first);
    if (message.kind == "record") {
        handshakes_.erase(way);
        handshakes_.erase(back);
    } else if (message.step == 1) {
        handshakes_.insert(way);
    }
    const std::string name = what(message);
    if (name.empty()) {
        return;
    }
    const auto crosses = [&](const char* other) { return under_way_[other].count(back) != 0; };
    if (name == "chat_request" && crosses("chat_request")) {
        sometimes_.met(Moment::requests_crossed);
        crossed_requests_.insert(way);
        crossed_requests_.insert(back);
    } else if (name == "step 1" && crosses("step 1")) {
        sometimes_.met(Moment::handshakes_crossed);
    } else if (name == "chat_terminate" && crosses("chat_terminate")) {
        sometimes_.met(Moment::ends_crossed);
    } else if ((name == "chat_terminate" && crosses("accept")) ||
               (name == "accept" && crosses("chat_terminate"))) {
        sometimes_.met(Moment::accept_crossed_a_cancel);
    }
    under_way_[name].insert(way);
}

void WireWatch::arrived(const std::string& at, const Seen& message) {
    if (message.type == "register") {
        registering_.erase(at);
    }
    if (const auto moment = moment_of(message.code)) {
        sometimes_.met(*moment);
    }
    const std::string name = what(message);
    if (!name.empty()) {
        under_way_[name].erase({std::string(message.from), at});
    }
}

void WireWatch::cut(const std::string& user) {
    if (registering_.erase(user) != 0) {
        sometimes_.met(Moment::cut_in_a_registration);
    }
    const auto forget = [&](std::set<Way>& ways) {
        std::size_t gone = 0;
        for (auto at = ways.begin(); at != ways.end();) {
            const bool theirs = at->first == user || at->second == user;
            gone += theirs ? 1 : 0;
            at = theirs ? ways.erase(at) : std::next(at);
        }
        return gone != 0;
    };
    if (forget(handshakes_)) {
        sometimes_.met(Moment::cut_in_a_handshake);
    }
    for (auto& [name, ways] : under_way_) {
        forget(ways);
    }
    forget(crossed_requests_);
}

void WireWatch::opened(const std::string& one, const std::string& other) {
    if (crossed_requests_.erase({one, other}) != 0) {
        sometimes_.met(Moment::crossed_requests_opened_a_chat);
    }
}

}  // namespace sotto::sim
