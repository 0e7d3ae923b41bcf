// The ceiling: terminates TLS and forwards bytes to another TLS connection, without
// WebSocket, JSON or any check. A connection first sends "NAME PEER\n".
#include "net/loop/listener.h"
#include "net/loop/loop_impl.h"
#include "net/tls/tls_context.h"

#include <array>
#include <fstream>
#include <iostream>
#include <map>
#include <memory>
#include <string>

namespace {

using namespace sotto::net;

class Forwarder {
  public:
    Forwarder(const std::string& certificate, const std::string& key)
        : context_(make_server_context(certificate, key)),
          listener_(
              loop_,
              [this](Descriptor socket, const Listener::Caller&) {
                  auto link = std::make_unique<Link>(*this, std::move(socket));
                  link->stream.start();
                  Link* raw = link.get();
                  links_.emplace(raw, std::move(link));
              },
              nullptr) {}

    void run() {
        std::cout << "listening on 127.0.0.1 port "
                  << listener_.listen("127.0.0.1", 0, false).value() << std::endl;
        loop_.run();
    }

  private:
    struct Link final : TlsStream::Owner {
        Link(Forwarder& of, Descriptor socket)
            : house(of),
              stream(of.loop_.impl().poller, std::move(socket), make_ssl(of.context_.get()),
                     {true, 64U << 20U}, *this) {}
        void on_secure() override {}
        void on_readable() override {
            std::size_t size = 0;
            while ((size = stream.read(house.buffer_.data(), house.buffer_.size())) > 0) {
                std::string_view bytes(house.buffer_.data(), size);
                if (peer.empty()) {
                    head += bytes;
                    introduce();
                    continue;
                }
                const auto to = house.names_.find(peer);
                if (to != house.names_.end()) {
                    to->second->stream.write(bytes);
                }
            }
        }
        void introduce() {
            const auto space = head.find(' ');
            const auto end = head.find('\n');
            if (end != std::string::npos && space < end) {
                name = head.substr(0, space);
                peer = head.substr(space + 1, end - space - 1);
                house.names_[name] = this;
                stream.write("ok\n");
            }
        }
        void on_end(TlsStream::End /*end*/) override {
            house.names_.erase(name);
            house.loop_.impl().poller.later([this] { house.links_.erase(this); });
        }
        Forwarder& house;
        std::string head;
        std::string name;
        std::string peer;
        TlsStream stream;
    };

    Loop loop_;
    SslContext context_;
    Listener listener_;
    std::map<Link*, std::unique_ptr<Link>> links_;
    std::map<std::string, Link*> names_;
    std::array<char, 64U << 10U> buffer_{};
};

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        std::cerr << "usage: " << argv[0] << " CERTIFICATE KEY\n";
        return 2;
    }
    Forwarder(argv[1], argv[2]).run();
}
