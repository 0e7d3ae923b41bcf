#include "test/conformance/echo.h"

#include "test/support/child_process.h"

namespace sotto::test {

namespace {

std::uint16_t echo_port() {
    static ChildProcess server(ECHO_PROGRAM, {});
    static const auto port = [] {
        const std::string line = server.read_until("listening");
        return static_cast<std::uint16_t>(std::stoi(line.substr(line.rfind(' '))));
    }();
    return port;
}

}  // namespace

EchoClient::EchoClient() : RawClient(echo_port()) {
    upgrade();
}

net::RawClient::Frame EchoClient::answer_to(std::string_view bytes) {
    send(bytes);
    return read_frame_past_pings();
}

net::RawClient::Frame EchoClient::answer_to_parts(const std::vector<std::string>& parts) {
    for (const std::string& part : parts) {
        send(part);
    }
    return read_frame_past_pings();
}

bool EchoClient::echoes(std::string_view message, int first_byte) {
    const Frame frame = answer_to(RawClient::frame(first_byte, message));
    return frame.opcode == (first_byte & 0x0F) && frame.payload == message;
}

bool EchoClient::is_over() {
    return read_frame_past_pings().opcode == -1;
}

int close_after(std::string_view bytes) {
    EchoClient client;
    const int code = client.answer_to(bytes).close_code();
    return client.is_over() ? code : 0;
}

std::vector<std::string> one_by_one(std::string_view bytes) {
    std::vector<std::string> out;
    for (const char byte : bytes) {
        out.emplace_back(1, byte);
    }
    return out;
}

std::vector<std::string> cut_at(std::string_view bytes, std::size_t at) {
    return {std::string(bytes.substr(0, at)), std::string(bytes.substr(at))};
}

std::string frame_with_mask(int first_byte, std::string_view payload,
                            const std::array<char, 4>& mask) {
    std::string out = net::RawClient::head(first_byte, payload.size());
    out.replace(out.size() - mask.size(), mask.size(), mask.data(), mask.size());
    for (std::size_t i = 0; i < payload.size(); ++i) {
        out += static_cast<char>(payload[i] ^ mask[i % mask.size()]);
    }
    return out;
}

}  // namespace sotto::test
