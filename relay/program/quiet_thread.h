#pragma once

#include <pthread.h>
#include <signal.h>

#include <string>
#include <thread>
#include <utility>

namespace sotto::relay {

/// A thread that signals never come to: they are the main loop's. `name`, at most 15
/// characters, is what ps and top show.
template <class Task>
[[nodiscard]] std::thread start_quiet_thread(const std::string& name, Task task) {
    sigset_t all{};
    sigset_t before{};
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before);  // a thread starts with its maker's mask
    std::thread made(std::move(task));
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    ::pthread_setname_np(made.native_handle(), name.c_str());
    return made;
}

}  // namespace sotto::relay
