// A relay as a first version would be: unmodified websocketpp on Asio's TLS stream, and a
// JsonCpp DOM for every message. sotto-relay is measured against it. It accepts every
// registration.

#include <json/json.h>
#include <websocketpp/config/asio.hpp>
#include <websocketpp/server.hpp>

#include <fstream>
#include <iostream>
#include <map>
#include <memory>
#include <string>

namespace {

using Server = websocketpp::server<websocketpp::config::asio_tls>;
using Handle = websocketpp::connection_hdl;
using Context = websocketpp::lib::asio::ssl::context;

class StockRelay {
  public:
    StockRelay(std::string certificate, std::string key)
        : certificate_(std::move(certificate)), key_(std::move(key)) {
        server_.get_alog().set_ostream(&log_);  // the default amount of logging, discarded
        server_.get_elog().set_ostream(&log_);
        server_.init_asio();
        server_.set_reuse_addr(true);
        server_.set_tls_init_handler([this](const Handle&) {
            auto context = std::make_shared<Context>(Context::tls_server);
            SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_3_VERSION);
            context->use_certificate_chain_file(certificate_);
            context->use_private_key_file(key_, Context::pem);
            return context;
        });
        server_.set_validate_handler([this](const Handle& handle) {
            const auto connection = server_.get_con_from_hdl(handle);
            connection->select_subprotocol("sotto.v1");
            return true;
        });
        server_.set_message_handler([this](const Handle& handle, const Server::message_ptr& text) {
            on_message(handle, text->get_payload());
        });
    }

    void run() {
        websocketpp::lib::asio::error_code error;
        server_.listen(websocketpp::lib::asio::ip::address_v4::loopback(), 0);
        server_.start_accept();
        std::cout << "listening on 127.0.0.1 port " << server_.get_local_endpoint(error).port()
                  << std::endl;
        server_.run();
    }

  private:
    void on_message(const Handle& handle, const std::string& text) {
        Json::Value message;
        std::string problems;
        const std::unique_ptr<Json::CharReader> reader(builder_.newCharReader());
        if (!reader->parse(text.data(), text.data() + text.size(), &message, &problems)) {
            return;
        }
        const std::string type = message["type"].asString();
        const auto answer = [&](const std::string& json) {
            websocketpp::lib::error_code gone;
            server_.send(handle, json, websocketpp::frame::opcode::text, gone);
        };
        if (type == "hello") {
            answer(R"({"type":"hello","version":1,"nonce":")"
                   R"(AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=","limits":)"
                   R"({"max_message":65536,"poll_seconds":5},"software":"stock"})");
        } else if (type == "register") {
            users_[message["user"].asString()] = handle;
            answer(R"({"type":"register","user":")" + message["user"].asString() +
                   R"(","ok":true})");
        } else if (type == "relay" && message["kind"].isString() && message["payload"].isString()) {
            const auto to = users_.find(message["to"].asString());
            if (to != users_.end()) {
                websocketpp::lib::error_code gone;
                server_.send(to->second, text, websocketpp::frame::opcode::text, gone);
            }
        }
    }

    std::string certificate_;
    std::string key_;
    std::ofstream log_{"/dev/null"};
    Server server_;
    Json::CharReaderBuilder builder_;
    std::map<std::string, Handle> users_;
};

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        std::cerr << "usage: " << argv[0] << " CERTIFICATE KEY\n";
        return 2;
    }
    StockRelay(argv[1], argv[2]).run();
}
