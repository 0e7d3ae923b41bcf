#include "test/abuse/attacker.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <exception>
#include <stdexcept>

namespace sotto::abuse {

Attacker::Attacker(std::string_view attack, const Target& target) {
    std::vector<std::string> words{"/proc/self/exe",
                                   "--attack",
                                   std::string(attack),
                                   std::to_string(target.port),
                                   std::to_string(target.seconds),
                                   std::to_string(target.crowd)};
    std::vector<char*> raw;
    for (std::string& word : words) {
        raw.push_back(word.data());
    }
    raw.push_back(nullptr);
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        throw std::runtime_error("no pipe");
    }
    pid_ = ::fork();
    if (pid_ == 0) {
        (void)!::nice(10);
        ::dup2(ends[1], STDOUT_FILENO);
        ::execv(raw[0], raw.data());
        ::_exit(127);
    }
    ::close(ends[1]);
    output_ = ends[0];
    ::fcntl(output_, F_SETFL, O_NONBLOCK);
}

Attacker::~Attacker() {
    if (pid_ > 0) {
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
    }
    ::close(output_);
}

bool Attacker::done() {
    std::array<char, 256> bytes{};
    ssize_t size = 0;
    while (pid_ > 0 && (size = ::read(output_, bytes.data(), bytes.size())) > 0) {
        outcome_.done.append(bytes.data(), static_cast<std::size_t>(size));
    }
    if (pid_ > 0 && size == 0) {
        int status = 0;
        ::waitpid(pid_, &status, 0);
        pid_ = -1;
        outcome_.good = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    }
    return pid_ < 0;
}

namespace {

/// A crowd needs more descriptors than a shell allows.
void raise_descriptor_limit() {
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

int Attacker::carry_out(const std::vector<std::string>& words) {
    const Target target{static_cast<std::uint16_t>(std::stoi(words.at(3))), std::stod(words.at(4)),
                        std::stoul(words.at(5))};
    raise_descriptor_limit();
    for (const auto* all : {&attacks_on_the_transport(), &attacks_on_tls(),
                            &attacks_on_the_protocol(), &attacks_on_the_memory()}) {
        for (const Attack& one : *all) {
            if (one.name == words.at(2)) {
                Outcome outcome;
                try {
                    outcome = one.run(target);
                } catch (const std::exception& error) {
                    outcome = {error.what(), false};
                }
                std::printf("%s", outcome.done.c_str());
                return outcome.good ? 0 : 1;
            }
        }
    }
    return 2;
}

}  // namespace sotto::abuse
