#include "test/bench/relay_child.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace sotto::bench {

void stay_on_processor(int number) {
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(static_cast<unsigned>(number), &set);
    ::sched_setaffinity(0, sizeof set, &set);
}

Child::Child(const std::vector<std::string>& command) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) {
        throw std::runtime_error("no pipe");
    }
    pid_ = ::fork();
    if (pid_ == 0) {
        stay_on_processor(0);
        ::dup2(ends[1], STDOUT_FILENO);
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
    std::string said;
    char byte = 0;
    for (std::size_t at = std::string::npos; ::read(output_, &byte, 1) == 1;) {
        said += byte;
        at = said.find(" port ");
        if (byte == '\n' && at != std::string::npos) {
            port_ = static_cast<std::uint16_t>(std::stoi(said.substr(at + 6)));
            ::fcntl(output_, F_SETFL, O_NONBLOCK);
            return;
        }
    }
    throw std::runtime_error(command[0] + " does not say its port");
}

Child::~Child() {
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
