#pragma once

#include "test/support/child_process.h"
#include "test/support/virtual_terminal.h"

#include <json/json.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

/// A setting for the real programs: a temporary folder, a relay on loopback, clients.
namespace sotto::test {

using Arguments = std::vector<std::string>;

/// A running sotto-relay.
struct RelayProcess {
    std::unique_ptr<ChildProcess> process;
    std::uint16_t port = 0;
    std::string pin;
};

/// A temporary folder for one test, and the programs that run in it. They see nothing of the
/// developer's own configuration.
class Ground {
  public:
    Ground();
    ~Ground();
    Ground(const Ground&) = delete;
    Ground& operator=(const Ground&) = delete;

    [[nodiscard]] std::string path(const std::string& name = "") const;
    /// Creates a file there, with these contents and mode.
    std::string put(const std::string& name, const std::string& contents, int mode = 0600) const;

    /// A relay on 127.0.0.1 that listens already. Its state is in path("relay").
    [[nodiscard]] RelayProcess relay(std::uint16_t port = 0, Arguments more = {}) const;
    /// Any program with these arguments.
    [[nodiscard]] std::unique_ptr<ChildProcess> run(const std::string& program,
                                                    Arguments arguments) const;
    [[nodiscard]] std::unique_ptr<ChildProcess> sotto(Arguments arguments) const;
    /// The same in a terminal.
    [[nodiscard]] std::unique_ptr<VirtualTerminal> sotto_in_terminal(Arguments arguments) const;
    /// `name` on that relay, with the relay's pin and its data in path(name).
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

    /// Reads events until a wanted one arrives, and returns it.
    Json::Value await(const std::string& event, const Wanted& wanted = {});
    /// `{"command":NAME, ...}` with these fields.
    void command(const std::string& name, Json::Value fields = Json::objectValue);
    void command_about(const std::string& name, const std::string& user);
    void send(const std::string& user, const std::string& text);
    [[nodiscard]] ChildProcess& process() { return *process_; }
    /// Texts from others that arrived while it waited, in order.
    [[nodiscard]] const std::vector<std::string>& heard() const { return heard_; }
    [[nodiscard]] std::size_t delivered() const { return delivered_; }

  private:
    std::unique_ptr<ChildProcess> process_;
    std::vector<std::string> heard_;
    std::size_t delivered_ = 0;
};

/// One asks and the other accepts; returns once both have a session.
void befriend(Bot& asker, const std::string& asker_name, Bot& asked, const std::string& asked_name);

}  // namespace sotto::test
