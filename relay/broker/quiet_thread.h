#pragma once

#include <pthread.h>
#include <signal.h>

#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

namespace sotto::relay {

/// A thread that signals never come to: they are the main loop's. `name`, at most 15
/// characters, is what ps and top show. Throws std::runtime_error with a sentence for the
/// operator if the system gives none.
template <class Task>
[[nodiscard]] std::thread start_quiet_thread(const std::string& name, Task task) {
    sigset_t all{};
    sigset_t before{};
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before);  // a thread starts with its maker's mask
    try {
        std::thread made(std::move(task));
        ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
        ::pthread_setname_np(made.native_handle(), name.c_str());
        return made;
    } catch (const std::system_error& error) {
        ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
        throw std::runtime_error("can't start the thread '" + name +
                                 "': " + error.code().message() +
                                 "; allow more threads (ulimit -u, TasksMax= of a unit), or say "
                                 "--threads with fewer");
    }
}

}  // namespace sotto::relay
