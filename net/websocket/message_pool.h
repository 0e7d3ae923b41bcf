#pragma once

#include <websocketpp/frame.hpp>
#include <websocketpp/message_buffer/message.hpp>

#include <cstddef>
#include <memory>

// Included by the two endpoint sources only: everything here is websocketpp.
namespace sotto::net {

/// websocketpp's source of messages: the one that was read last is used again once
/// nobody holds it, so that reading a message allocates nothing. One for all connections
/// of a thread: an idle connection has none.
template <class Message>
class MessagePool : public std::enable_shared_from_this<MessagePool<Message>> {
  public:
    using type = MessagePool;
    using ptr = std::shared_ptr<MessagePool>;
    using weak_ptr = std::weak_ptr<MessagePool>;
    using message_ptr = typename Message::ptr;

    [[nodiscard]] message_ptr get_message() {
        return std::make_shared<Message>(this->shared_from_this());
    }
    [[nodiscard]] message_ptr get_message(websocketpp::frame::opcode::value opcode,
                                          std::size_t size) {
        thread_local message_ptr last;
        if (last.use_count() != 1) {
            last = std::make_shared<Message>(this->shared_from_this(), opcode, size);
        }
        last->set_opcode(opcode);
        last->get_raw_payload().clear();
        return last;
    }
    bool recycle(Message* /*message*/) { return false; }
};

}  // namespace sotto::net
