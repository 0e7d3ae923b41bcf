#pragma once

#include "net/websocket/message_reader.h"
#include "net/websocket/unmask.h"
#include "net/websocket/websocket_transport.h"
#include "net/websocket/whole_messages.h"

#include <websocketpp/processors/hybi13.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <utility>

// Included by the two endpoint sources only: everything here is websocketpp.
namespace sotto::net {

/// websocketpp's reader of RFC 6455 frames with its payload step replaced: wide
/// unmasking, no look at UTF-8 while all is ASCII. It calls back before a message that
/// is larger than allowed is buffered, whatever its length field says.
///
/// Messages go straight to the transport's owner; websocketpp sees control frames only. Its
/// own way, a counted object and three handlers a message, was a tenth of what a message of
/// 1 KiB costs. Those that came whole do not come here at all: see WholeMessages.
template <class Config>
class FrameReader final : public websocketpp::processor::hybi13<Config>, public MessageReader {
    using Base = websocketpp::processor::hybi13<Config>;
    using Frame = websocketpp::frame::opcode::value;

  public:
    /// `transport` outlives the reader; its `on_too_large` and `on_message` are called.
    template <class Manager, class Random>
    FrameReader(bool is_server, const Manager& messages, Random& random,
                WebsocketTransport& transport)
        : Base(true, is_server, messages, random), transport_(transport), masked_(is_server) {
        transport.set_reader(*this);
    }

    std::size_t consume(std::uint8_t* data, std::size_t size,
                        websocketpp::lib::error_code& error) override {
        std::size_t used = 0;
        error = {};
        while (!error && this->m_state != Base::READY &&
               (used < size || this->m_bytes_needed == 0)) {
            if (this->m_state == Base::HEADER_BASIC) {
                used += this->copy_basic_header_bytes(data + used, size - used);
                if (this->m_bytes_needed == 0) {
                    error = on_basic_header();
                }
            } else if (this->m_state == Base::HEADER_EXTENDED) {
                used += this->copy_extended_header_bytes(data + used, size - used);
                if (this->m_bytes_needed == 0) {
                    error = on_header();
                }
            } else {
                const std::size_t part = std::min(this->m_bytes_needed, size - used);
                error = on_payload(data + used, part);
                used += part;
            }
        }
        return used;
    }

    /// Room, not size: a message that was read before may have left it much.
    [[nodiscard]] std::size_t half_received() const noexcept override {
        return room(this->m_data_msg) + room(this->m_control_msg);
    }

    [[nodiscard]] std::size_t take_whole(std::uint8_t* data, std::size_t size) override {
        const bool between = this->m_state == Base::HEADER_BASIC &&
                             this->m_bytes_needed == websocketpp::frame::BASIC_HEADER_LENGTH &&
                             !this->m_data_msg.msg_ptr;
        return between ? WholeMessages{masked_, this->m_max_message_size}.read(
                             data, size,
                             [this](std::string_view message, bool is_binary) {
                                 return transport_.on_message(message, is_binary);
                             })
                       : 0;
    }

    [[nodiscard]] std::size_t frames() const noexcept override { return frames_; }

    [[nodiscard]] std::size_t frame_left() const noexcept override {
        return this->m_state == Base::APPLICATION ? this->m_bytes_needed : 0;
    }

  private:
    [[nodiscard]] static std::size_t room(const typename Base::msg_metadata& part) noexcept {
        return part.msg_ptr ? sizeof(*part.msg_ptr) + part.msg_ptr->get_payload().capacity() : 0;
    }

    static constexpr std::size_t kReserved = 4'096;  // a length field alone takes no memory

    websocketpp::lib::error_code on_basic_header() {
        const auto error = this->validate_incoming_basic_header(
            this->m_basic_header, this->m_server, !this->m_data_msg.msg_ptr);
        this->m_state = Base::HEADER_EXTENDED;
        this->m_cursor = 0;
        this->m_bytes_needed = websocketpp::frame::get_header_len(this->m_basic_header) -
                               websocketpp::frame::BASIC_HEADER_LENGTH;
        return error;
    }

    websocketpp::lib::error_code on_header() {
        namespace frame = websocketpp::frame;
        const auto& basic = this->m_basic_header;
        const auto& extended = this->m_extended_header;
        const std::uint64_t length = frame::get_payload_size(basic, extended);
        // RFC 6455 section 5.2: the shortest form, and its highest bit is 0. The library
        // would let the latter pass and call the former a fault of its own.
        if (this->validate_incoming_extended_header(basic, extended) || length >> 63U != 0) {
            return make_error_code(websocketpp::processor::error::protocol_violation);
        }
        const Frame opcode = frame::get_opcode(basic);
        const bool control = frame::opcode::is_control(opcode);
        if (!control) {
            const auto& message = this->m_data_msg.msg_ptr;
            const std::size_t before = message ? message->get_payload().size() : 0;
            if (length > this->m_max_message_size - std::min(before, this->m_max_message_size)) {
                transport_.on_too_large();
                return make_error_code(websocketpp::processor::error::message_too_big);
            }
        }
        this->m_bytes_needed = static_cast<std::size_t>(length);
        this->m_state = Base::APPLICATION;
        offset_ = 0;
        const auto mask = frame::get_masking_key(basic, extended);
        std::memcpy(key_.data(), mask.c, key_.size());
        this->m_current_msg = control ? &this->m_control_msg : &this->m_data_msg;
        begins_ = control || !this->m_data_msg.msg_ptr;
        return {};
    }

    /// Room for a message that comes in parts, or a control frame.
    void begin() {
        const auto size = std::min(this->m_bytes_needed, kReserved);
        const Frame opcode = websocketpp::frame::get_opcode(this->m_basic_header);
        this->m_current_msg->msg_ptr = this->m_msg_manager->get_message(opcode, size);
        this->m_current_msg->validator.reset();
    }

    [[nodiscard]] bool unmask_in_place(std::uint8_t* data, std::size_t size) {
        const bool masked = websocketpp::frame::get_masked(this->m_basic_header);
        const bool ascii = unmask(data, size, masked ? key_ : kNoKey, masked ? offset_ : 0);
        offset_ += size;
        return ascii;
    }

    websocketpp::lib::error_code on_payload(std::uint8_t* data, std::size_t size) {
        namespace frame = websocketpp::frame;
        const bool is_control = frame::opcode::is_control(frame::get_opcode(this->m_basic_header));
        if (std::exchange(begins_, false)) {
            begin();
        }
        if (size > 0) {
            const bool ascii = unmask_in_place(data, size);
            auto& message = *this->m_current_msg->msg_ptr;
            message.get_raw_payload().append(reinterpret_cast<const char*>(data), size);
            auto& utf8 = this->m_current_msg->validator;
            if (message.get_opcode() == frame::opcode::TEXT && !(ascii && utf8.complete()) &&
                !utf8.decode(data, data + size)) {
                return make_error_code(websocketpp::processor::error::invalid_utf8);
            }
            this->m_bytes_needed -= size;
        }
        if (this->m_bytes_needed > 0) {
            return {};
        }
        ++frames_;
        if (!frame::get_fin(this->m_basic_header)) {
            this->reset_headers();
            return {};
        }
        if (this->m_current_msg->msg_ptr->get_opcode() == frame::opcode::TEXT &&
            !this->m_current_msg->validator.complete()) {
            return make_error_code(websocketpp::processor::error::invalid_utf8);
        }
        if (is_control) {
            this->m_state = Base::READY;
            return {};
        }
        const auto message = std::exchange(this->m_data_msg.msg_ptr, nullptr);
        this->reset_headers();
        (void)transport_.on_message(message->get_payload(),
                                    message->get_opcode() != frame::opcode::TEXT);
        return {};
    }

    static constexpr std::array<std::uint8_t, 4> kNoKey{};

    WebsocketTransport& transport_;
    bool masked_;
    bool begins_ = false;  ///< the frame at hand begins a message that has no room yet
    std::array<std::uint8_t, 4> key_{};
    std::size_t frames_ = 0;
    std::size_t offset_ = 0;  ///< into the frame's payload
};

}  // namespace sotto::net
