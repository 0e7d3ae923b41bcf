#pragma once

#include "test/support/world.h"
#include "tui/common/face.h"

#include <boost/test/unit_test.hpp>
#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <memory>
#include <string>
#include <vector>

/// A face with pipes in place of a terminal.
namespace sotto::test {

namespace command = client::command;
namespace event = client::event;

/// A pipe whose reading end never blocks.
class Pipe {
  public:
    Pipe() { BOOST_REQUIRE(::pipe2(ends_.data(), O_NONBLOCK) == 0); }
    ~Pipe() {
        close_reader();
        close_writer();
    }
    Pipe(const Pipe&) = delete;
    Pipe& operator=(const Pipe&) = delete;

    [[nodiscard]] int reader() const { return ends_[0]; }
    [[nodiscard]] int writer() const { return ends_[1]; }
    void close_reader() { close_end(0); }
    void close_writer() { close_end(1); }
    void put(const std::string& text) const {
        BOOST_REQUIRE(::write(ends_[1], text.data(), text.size()) ==
                      static_cast<ssize_t>(text.size()));
    }
    [[nodiscard]] std::string take() const {
        std::string out;
        std::array<char, 4'096> block{};
        for (ssize_t size = 1; size > 0;) {
            size = ::read(ends_[0], block.data(), block.size());
            out.append(block.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
        }
        return out;
    }

  private:
    void close_end(std::size_t end) {
        if (ends_.at(end) >= 0) {
            ::close(ends_.at(end));
            ends_.at(end) = -1;
        }
    }
    std::array<int, 2> ends_{-1, -1};
};

/// What a face was given and gave, with scripted events.
template <class AnyFace>
class Booth {
  public:
    template <class... Options>
    explicit Booth(Options... options)
        : face(
              in.reader(), out.writer(),
              [this](const client::Command& one) { commands.push_back(one); }, options...) {}

    void type(const std::string& text) {
        in.put(text);
        read();
    }
    void end_input() {
        in.close_writer();
        read();
    }
    void tell(const client::Event& what) { face.on_event(what, now); }
    /// Tells it in answer to the last command that was given.
    void answer(client::Event what) {
        what.answers = commands.back().id;
        tell(what);
    }
    [[nodiscard]] std::string heard() { return out.take(); }
    template <class T>
    [[nodiscard]] std::vector<T> given() const {
        std::vector<T> found;
        for (const client::Command& one : commands) {
            if (const T* wanted = std::get_if<T>(&one.what)) {
                found.push_back(*wanted);
            }
        }
        return found;
    }

    Pipe in;
    Pipe out;
    std::vector<client::Command> commands;
    base::MonotonicTime now{std::chrono::milliseconds(1'000)};
    AnyFace face;

  private:
    /// As the driver does it: once for all that is there, and once more for the end.
    void read() {
        for (int i = 0; i < 64 && face.input_descriptor() >= 0; ++i) {
            face.on_input(now);
        }
    }
};

/// A person of a World who sits at a face.
template <class AnyFace>
class Seat {
  public:
    template <class... Options>
    Seat(World& world, World::Person& person, Options... options)
        : face(
              in.reader(), out.writer(),
              [this](const client::Command& one) {
                  world_.tell(person_, one);
                  world_.settle();
                  show();
              },
              options...),
          world_(world),
          person_(person) {}

    void type(const std::string& line) {
        in.put(line + "\n");
        face.on_input(world_.now.monotonic);
        world_.settle();
        show();
    }
    void end_input() {
        in.close_writer();
        face.on_input(world_.now.monotonic);
        show();
    }
    /// Hands over what has happened since; what the face wrote of it.
    [[nodiscard]] std::string heard() {
        show();
        return out.take();
    }

    Pipe in;
    Pipe out;
    AnyFace face;

  private:
    void show() {
        while (seen_ < person_.events.size()) {
            const client::Event one = person_.events[seen_++];
            face.on_event(one, world_.now.monotonic);
        }
    }
    World& world_;
    World::Person& person_;
    std::size_t seen_ = 0;
};

}  // namespace sotto::test
