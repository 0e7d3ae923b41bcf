#include "net/proxy/proxy_dialogue.h"

#include "crypto/base/host_port.h"
#include "net/wire/base64.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <utility>

namespace sotto::net {

namespace {

// RFC 1928 and RFC 1929.
constexpr char kVersion = 5;
constexpr char kCredentialsVersion = 1;
constexpr char kNoCredentials = 0;
constexpr char kUserAndPassword = 2;
constexpr char kConnect = 1;
constexpr char kIpv4 = 1;
constexpr char kName = 3;
constexpr char kIpv6 = 4;
constexpr std::size_t kAnswerHead = 5;  // to the first byte of the address, or its length

char size_byte(const std::string& text) {
    return static_cast<char>(static_cast<unsigned char>(text.size()));
}

template <class Address>
bool append_address(std::string& out, int family, char type, const std::string& host) {
    Address address{};
    if (::inet_pton(family, host.c_str(), &address) != 1) {
        return false;
    }
    out.push_back(type);
    out.append(reinterpret_cast<const char*>(&address), sizeof address);
    return true;
}

std::string meaning(unsigned char code) {
    static constexpr std::array<const char*, 9> kMeanings{
        "",
        "it failed",
        "its rules don't allow it",
        "the network can't be reached",
        "the host can't be reached or found",
        "the relay refused the connection",
        "it took too long",
        "the proxy can't connect",
        "the proxy does not know this kind of address"};
    return code < kMeanings.size() ? kMeanings.at(code) : "it failed";
}

}  // namespace

ProxyDialogue::ProxyDialogue(const Proxy& proxy, const std::string& host, std::uint16_t port)
    : proxy_(proxy), host_(host), port_(port) {
    if (host_.empty() || host_.size() > 255) {
        fail("the relay's name is too long for a proxy");
    } else if (proxy_.kind == Proxy::Kind::socks5) {
        ask_for_methods();
    } else {
        request_by_http();
    }
}

std::string ProxyDialogue::take_output() {
    return std::exchange(output_, {});
}

void ProxyDialogue::fail(const std::string& why) {
    state_ = State::failed;
    reason_ = why;
}

void ProxyDialogue::ask_for_methods() {
    output_ = {kVersion, 1, kNoCredentials};
    if (!proxy_.user.empty()) {
        output_[1] = 2;
        output_.push_back(kUserAndPassword);
    }
}

void ProxyDialogue::request_by_socks() {
    state_ = State::request;
    output_ += {kVersion, kConnect, 0};
    if (!append_address<in_addr>(output_, AF_INET, kIpv4, host_) &&
        !append_address<in6_addr>(output_, AF_INET6, kIpv6, host_)) {
        output_ += {kName, size_byte(host_)};
        output_ += host_;
    }
    output_.push_back(static_cast<char>(port_ >> 8U));
    output_.push_back(static_cast<char>(port_ & 0xFFU));
}

void ProxyDialogue::request_by_http() {
    state_ = State::request;
    const std::string place = base::host_port(host_, port_);
    output_ = "CONNECT " + place + " HTTP/1.1\r\nHost: " + place + "\r\n";
    if (!proxy_.user.empty()) {
        const std::string both = proxy_.user + ":" + proxy_.password;
        output_ += "Proxy-Authorization: Basic " +
                   wire::base64({reinterpret_cast<const std::uint8_t*>(both.data()), both.size()}) +
                   "\r\n";
    }
    output_ += "\r\n";
}

std::size_t ProxyDialogue::wanted() const {
    if (proxy_.kind == Proxy::Kind::http) {
        return 1;  // the end of the answer shows itself only once it is there
    }
    if (state_ != State::request) {
        return 2 - input_.size();
    }
    if (input_.size() < kAnswerHead) {
        return kAnswerHead - input_.size();
    }
    std::size_t whole = kAnswerHead + 2;
    switch (input_[3]) {
        case kIpv4:
            whole += sizeof(in_addr) - 1;
            break;
        case kIpv6:
            whole += sizeof(in6_addr) - 1;
            break;
        default:
            whole += static_cast<unsigned char>(input_[4]);
    }
    return whole - input_.size();
}

void ProxyDialogue::read(std::string_view bytes) {
    if (state_ == State::done || state_ == State::failed) {
        return;
    }
    input_.append(bytes);
    if (proxy_.kind == Proxy::Kind::http) {
        http_answered();
        return;
    }
    if (input_.front() != kVersion && state_ != State::credentials) {
        fail("the proxy does not speak SOCKS5");
    } else if (state_ == State::request) {
        socks_answered();
    } else if (input_.size() == 2) {
        state_ == State::methods ? methods_came() : credentials_judged();
    }
}

void ProxyDialogue::methods_came() {
    const char chosen = input_[1];
    input_.clear();
    if (chosen == kNoCredentials) {
        request_by_socks();
    } else if (chosen == kUserAndPassword && !proxy_.user.empty()) {
        state_ = State::credentials;
        output_ += {kCredentialsVersion, size_byte(proxy_.user)};
        output_ += proxy_.user;
        output_ += size_byte(proxy_.password);
        output_ += proxy_.password;
    } else {
        fail(proxy_.user.empty() ? "the proxy asks for a user and a password"
                                 : "the proxy knows no way to sign in that sotto knows");
    }
}

void ProxyDialogue::credentials_judged() {
    const bool accepted = input_[1] == 0;
    input_.clear();
    if (accepted) {
        request_by_socks();
    } else {
        fail("the proxy refused the user or the password");
    }
}

void ProxyDialogue::socks_answered() {
    if (input_.size() < kAnswerHead) {
        return;
    }
    if (input_[1] != 0) {
        fail("the proxy did not reach the relay: " +
             meaning(static_cast<unsigned char>(input_[1])));
    } else if (input_[3] != kIpv4 && input_[3] != kIpv6 && input_[3] != kName) {
        fail("the proxy's answer is not SOCKS5");
    } else if (wanted() == 0) {
        state_ = State::done;
    }
}

void ProxyDialogue::http_answered() {
    static constexpr std::string_view kStatus = "HTTP/1.";
    if (input_.compare(0, kStatus.size(), kStatus, 0, std::min(input_.size(), kStatus.size())) !=
        0) {
        fail("the proxy does not speak HTTP");
    } else if (input_.size() >= 4 && input_.compare(input_.size() - 4, 4, "\r\n\r\n") == 0) {
        const std::string code = input_.size() > 12 ? input_.substr(9, 3) : "";
        if (code.size() == 3 && code[0] == '2' && input_[8] == ' ') {
            state_ = State::done;
        } else if (code == "407") {
            fail("the proxy asks for a user and a password, or refused them");
        } else {
            fail("the proxy did not reach the relay");
        }
    } else if (input_.size() >= kMostAnswer) {
        fail("the proxy's answer is too long");
    }
}

}  // namespace sotto::net
