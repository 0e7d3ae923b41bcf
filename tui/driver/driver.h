#pragma once

#include "net/loop/loop.h"
#include "net/websocket/client_endpoint.h"
#include "tui/client/client.h"
#include "tui/common/face.h"
#include "tui/store/pin_store.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace sotto::program {

/// Joins one client core, its endpoint and a face on a loop: performs the core's effects,
/// passes events to the face, keeps the deadlines. Makes no decisions for them.
class Driver {
  public:
    struct Relay {
        std::string host;
        std::uint16_t port = 0;
        std::optional<net::Pin> pin;      ///< from the command line or a link
        std::optional<net::Proxy> proxy;  ///< on the way there
        bool trust_new = false;           ///< --trust-new-relay
    };

    /// `loop`, `pins` and what the client refers to must outlive the driver.
    /// `on_finished` is called once, after the client has finished.
    Driver(net::Loop& loop, Relay relay, net::PinStore& pins,
           std::unique_ptr<client::Client> client, std::function<void()> on_finished);

    /// The face that receives the events; it must outlive the driver.
    void set_face(tui::Face& face);
    /// `task` runs each time the relay has registered the client.
    void on_registered(std::function<void()> task) { on_registered_ = std::move(task); }
    void execute(const client::Command& command);
    [[nodiscard]] static client::Now now();

  private:
    [[nodiscard]] bool judge(const net::RelayCertificate& certificate);
    void ended(const net::LinkEnd& end);
    void store_pin(const std::string& hex);
    void keep_given_pin();
    void perform();
    void schedule();
    void watch_input();

    net::Loop& loop_;
    Relay relay_;
    net::PinStore& pins_;
    std::unique_ptr<client::Client> client_;
    std::function<void()> on_finished_;
    std::function<void()> on_registered_;
    tui::Face* face_ = nullptr;
    net::Pin seen_{};
    bool key_changed_ = false;
    bool performing_ = false;
    bool watch_changes_ = false;
    bool finished_ = false;
    net::Loop::Timer timer_;
    net::Loop::Timer leave_;
    std::unique_ptr<net::Loop::Watch> watch_;
    net::ClientEndpoint endpoint_;
};

}  // namespace sotto::program
