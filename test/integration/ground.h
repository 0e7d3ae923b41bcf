#pragma once

#include "test/support/child_process.h"
#include "test/support/virtual_terminal.h"

#include <json/json.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

/// Where the real programs meet: a folder of its own, a relay on loopback, clients.
namespace sotto::test {

using Arguments = std::vector<std::string>;

/// A running sotto-relay.
struct RelayProcess {
    std::unique_ptr<ChildProcess> process;
    std::uint16_t port = 0;
    std::string pin;
};

/// A folder that goes with the test, and the programs that live in it. Nothing of the
/// person's own configuration is seen by them.
class Ground {
  public:
    Ground();
    ~Ground();
    Ground(const Ground&) = delete;
    Ground& operator=(const Ground&) = delete;

    [[nodiscard]] std::string path(const std::string& name = "") const;
    /// Makes a file there, with these contents and mode.
    std::string put(const std::string& name, const std::string& contents, int mode = 0600) const;

    /// A relay on 127.0.0.1 that listens already. Its state is in path("relay").
    [[nodiscard]] RelayProcess relay(std::uint16_t port = 0, Arguments more = {}) const;
    /// Any program with these arguments.
    [[nodiscard]] std::unique_ptr<ChildProcess> run(const std::string& program,
                                                    Arguments arguments) const;
    [[nodiscard]] std::unique_ptr<ChildProcess> sotto(Arguments arguments) const;
    /// The same in a terminal.
    [[nodiscard]] std::unique_ptr<VirtualTerminal> sotto_in_terminal(Arguments arguments) const;
    /// `name` on that relay, whose pin it is told, with its data in path(name).
    [[nodiscard]] std::unique_ptr<ChildProcess> person(const std::string& name,
                                                       const RelayProcess& relay,
                                                       Arguments more = {"--plain"}) const;

  private:
    [[nodiscard]] ChildProcess::Options surroundings(Arguments arguments) const;
    std::string path_;
};

/// A client that speaks JSON.
class Bot {
  public:
    using Wanted = std::function<bool(const Json::Value& event)>;

    explicit Bot(std::unique_ptr<ChildProcess> process) : process_(std::move(process)) {}

    /// Reads events until one is wanted; that one.
    Json::Value await(const std::string& event, const Wanted& wanted = {});
    /// `{"command":NAME, ...}` with these fields.
    void command(const std::string& name, Json::Value fields = Json::objectValue);
    void command_about(const std::string& name, const std::string& user);
    void send(const std::string& user, const std::string& text);
    [[nodiscard]] ChildProcess& process() { return *process_; }
    /// Texts of others that came by while it waited, in order.
    [[nodiscard]] const std::vector<std::string>& heard() const { return heard_; }
    [[nodiscard]] std::size_t delivered() const { return delivered_; }

  private:
    std::unique_ptr<ChildProcess> process_;
    std::vector<std::string> heard_;
    std::size_t delivered_ = 0;
};

/// One asks, the other accepts; both have a session when it returns.
void befriend(Bot& asker, const std::string& asker_name, Bot& asked, const std::string& asked_name);

}  // namespace sotto::test
