#include "test/bench/relay_child.h"

#include "net/system/descriptor.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <charconv>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace sotto::bench {

namespace {

constexpr std::chrono::seconds kPatience(30);

sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

}  // namespace

std::uint16_t free_port() {
    const net::Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    auto* const any = reinterpret_cast<sockaddr*>(&address);
    if (::bind(socket.get(), any, size) != 0 || ::getsockname(socket.get(), any, &size) != 0) {
        throw std::runtime_error("no free port");
    }
    return ntohs(address.sin_port);
}

void stay_on_processor(int number) {
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(static_cast<unsigned>(number), &set);
    ::sched_setaffinity(0, sizeof set, &set);
}

Child::Child(const std::vector<std::string>& command) {
    start(command);
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    std::string line;
    char byte = 0;
    pollfd readable{output_, POLLIN, 0};
    while (std::chrono::steady_clock::now() < deadline) {
        if (::poll(&readable, 1, 100) < 1) {
            continue;
        }
        if (::read(output_, &byte, 1) != 1) {
            break;
        }
        line += byte;
        if (byte != '\n') {
            continue;
        }
        const std::size_t at = line.find(" port ");
        if (at != std::string::npos) {
            std::from_chars(line.data() + at + 6, line.data() + line.size(), port_);
        }
        if (port_ != 0) {
            return;
        }
        line.clear();
    }
    stop();
    throw std::runtime_error(command[0] + " does not say its port");
}

Child::Child(const std::vector<std::string>& command, std::uint16_t port) : port_(port) {
    start(command);
    const sockaddr_in to = loopback(port);
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    while (std::chrono::steady_clock::now() < deadline) {
        if (::waitpid(pid_, nullptr, WNOHANG) != 0) {
            pid_ = -1;  // it has ended
            break;
        }
        const net::Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
        if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0) {
            return;
        }
        ::poll(nullptr, 0, 5);  // until it tries again
    }
    stop();
    throw std::runtime_error(command[0] + " does not listen");
}

void Child::start(const std::vector<std::string>& command) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) {
        throw std::runtime_error("no pipe");
    }
    const pid_t parent = ::getpid();
    pid_ = ::fork();
    if (pid_ == 0) {
        // It does not outlive its parent, however that ends.
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (::getppid() != parent) {
            ::_exit(127);
        }
        stay_on_processor(0);
        ::dup2(ends[1], STDOUT_FILENO);
        if (port_ != 0) {  // known in advance
            ::dup2(::open("/dev/null", O_WRONLY | O_CLOEXEC), STDERR_FILENO);
        }
        std::vector<char*> words;
        for (const std::string& word : command) {
            words.push_back(const_cast<char*>(word.c_str()));
        }
        words.push_back(nullptr);
        ::execv(words[0], words.data());
        ::_exit(127);
    }
    ::close(ends[1]);
    output_ = ends[0];
}

Child::~Child() {
    stop();
}

void Child::stop() {
    if (pid_ > 0) {
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
    }
    ::close(output_);
}

double Child::cpu_seconds() const {
    double sum = 0;
    for (const auto& task :
         std::filesystem::directory_iterator("/proc/" + std::to_string(pid_) + "/task")) {
        double nanoseconds = 0;
        std::ifstream(task.path() / "schedstat") >> nanoseconds;
        sum += nanoseconds / 1e9;
    }
    return sum;
}

double Child::resident_bytes() const {
    double total = 0;
    double resident = 0;
    std::ifstream("/proc/" + std::to_string(pid_) + "/statm") >> total >> resident;
    return resident * static_cast<double>(::sysconf(_SC_PAGESIZE));
}

std::size_t Child::descriptors() const {
    const std::filesystem::directory_iterator all("/proc/" + std::to_string(pid_) + "/fd");
    return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

}  // namespace sotto::bench
