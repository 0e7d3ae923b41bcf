// What many clients can do together to a relay's memory, each below every limit of its own.
// For a relay with little memory.
#include "test/abuse/person.h"
#include "test/abuse/raw_crowd.h"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <deque>
#include <memory>
#include <stdexcept>

namespace sotto::abuse {

namespace {

using net::RawClient;

constexpr double kPatience = 15;  // seconds to wait for what must happen in the end

/// A crowd of clients that each send most of a message, and reconnect when they are cut.
Outcome most_of_messages(const Target& target) {
    const std::string most = RawClient::head(0x81, 65'536) + std::string(60'000, 'x');
    std::deque<std::unique_ptr<RawClient>> clients;
    std::size_t sent = 0;
    std::size_t cut = 0;
    const Until at_least(target.seconds);
    const Until at_most(target.seconds + kPatience);
    while ((sent < target.crowd || at_least.left()) && at_most.left()) {
        try {
            clients.push_back(std::make_unique<RawClient>(target.port, address(sent / 100)));
            clients.back()->upgrade();
            clients.back()->send(most);
            ++sent;
        } catch (const std::runtime_error&) {  // there was no room for it
            clients.pop_back();
        }
        while (!clients.empty() && is_cut(*clients.front())) {
            clients.pop_front();
            ++cut;
        }
    }
    return said(sent, "parts, " + std::to_string(cut) + " cut", cut > 0);
}
/// Ten bytes that announce the largest hello that OpenSSL accepts.
Outcome long_hellos(const Target& target) {
    const std::string announcement("\x16\x03\x01\x00\x04\x01\x02\x01\x40", 9);
    const Clients clients = many(target, std::min<std::size_t>(target.crowd, 1'000),
                                 [&](RawClient& client) { client.send(announcement); });
    sit(target);
    const std::size_t cut = cut_of(clients);
    return said(clients.size(), "of 128 KiB announced, " + std::to_string(cut) + " cut",
                cut == clients.size());
}
/// Short lines: each becomes an entry in a map, and websocketpp keeps the map.
Outcome heads_of_many_lines(const Target& target) {
    std::string lines;
    for (int i = 0; i < 400; ++i) {
        lines += std::to_string(i) + ":\r\n";
    }
    const std::string request = RawClient::upgrade_request();
    std::size_t open = 0;
    const Clients clients =
        many(target, std::min<std::size_t>(target.crowd, 400), [&](RawClient& client) {
            try {
                client.tls();
                client.send(request.substr(0, request.size() - 2) + lines + "\r\n");
                open += client.read_head().find(" 101 ") != std::string::npos ? 1 : 0;
            } catch (const std::runtime_error&) {  // there was no room for it
            }
        });
    return said(clients.size(), "of 400 lines, " + std::to_string(open) + " taken");
}
/// Sends a round to everybody, then a lookup; returns how many `busy` came before its answer.
std::size_t busy_in_a_round(RawClient& mallory, const std::string& round) {
    mallory.send(round + RawClient::frame(0x81, wire::encode(wire::GetPubkey{1, "alice"})));
    std::size_t busy = 0;
    for (;;) {
        const RawClient::Frame answer = mallory.read_frame_past_pings();
        if (answer.opcode < 0) {
            throw std::runtime_error("the relay does not answer who sends to those");
        }
        if (answer.payload.find("\"error\"") == std::string::npos) {
            return busy;
        }
        busy += answer.payload.find("\"busy\"") != std::string::npos ? 1 : 0;
    }
}
Outcome readers_that_do_not_read(const Target& target) {
    constexpr std::size_t kNewNames = 90;  // that one address may register at once
    const crypto::Identity key = new_identity();
    const std::string name = "d" + std::to_string(::getpid()) + "-";
    const std::string network = "127." + std::to_string(1 + ::getpid() % 250) + ".7.";
    RawClient mallory(target.port);
    join(mallory, name + "mallory", key);
    std::deque<RawClient> deaf;
    std::string round;
    while (deaf.size() < std::min<std::size_t>(target.crowd / 4, 400)) {
        const std::size_t number = deaf.size();
        deaf.emplace_back(target.port, network + std::to_string(1 + number / kNewNames), 1'460);
        const int little = 4'096;  // in the kernel: the relay must hold the rest
        ::setsockopt(deaf.back().socket(), SOL_SOCKET, SO_RCVBUF, &little, sizeof little);
        join(deaf.back(), name + std::to_string(number), key);
        round += RawClient::frame(
            0x81, record(name + "mallory", name + std::to_string(number), wire::Bytes(24'000, 1)));
    }
    std::size_t rounds = 0;
    std::size_t busy = 0;
    const Until at_least(target.seconds);
    const Until at_most(target.seconds + kPatience);
    for (; at_least.left() || (busy == 0 && at_most.left()); ++rounds) {
        busy += busy_in_a_round(mallory, round);
    }
    return said(rounds * deaf.size(),
                "said to " + std::to_string(deaf.size()) + ", " + std::to_string(busy) + " busy",
                busy > 0);
}

}  // namespace

const std::vector<Attack>& attacks_on_the_memory() {
    static const std::vector<Attack> all{
        {"most of each message", most_of_messages},
        {"long hellos", long_hellos},
        {"heads of many lines", heads_of_many_lines},
        {"readers that do not read", readers_that_do_not_read},
    };
    return all;
}

}  // namespace sotto::abuse
