#include "tui/screen/terminal_guard.h"

#include <signal.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>

namespace sotto::tui {

namespace {

constexpr std::array kFatal{SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGSYS, SIGQUIT, SIGABRT};
constexpr std::size_t kStack = 64 * 1024;

// Everything that a handler uses, created before it is installed.
std::array<char, 512> g_restore;
std::size_t g_restore_size = 0;
int g_descriptor = -1;
termios g_modes;
std::atomic<bool> g_armed{false};
static_assert(std::atomic<bool>::is_always_lock_free);

std::array<struct sigaction, kFatal.size()> g_before;
alignas(std::max_align_t) std::array<char, kStack> g_stack;

extern "C" void sotto_restore_terminal(int signal) {
    if (g_armed.exchange(false)) {
        const char* next = g_restore.data();
        for (std::size_t left = g_restore_size; left > 0;) {
            const ssize_t wrote = ::write(g_descriptor, next, left);
            if (wrote <= 0) {
                break;
            }
            next += wrote;
            left -= static_cast<std::size_t>(wrote);
        }
        ::tcsetattr(g_descriptor, TCSANOW, &g_modes);
    }
    ::raise(signal);  // SA_RESETHAND: now the default action runs
}

}  // namespace

TerminalGuard::TerminalGuard(int descriptor, const std::string& restore) {
    g_descriptor = descriptor;
    g_restore_size = std::min(restore.size(), g_restore.size());
    std::copy_n(restore.begin(), g_restore_size, g_restore.begin());
    ::tcgetattr(descriptor, &g_modes);
    stack_t stack{};
    stack.ss_sp = g_stack.data();
    stack.ss_size = g_stack.size();
    ::sigaltstack(&stack, nullptr);
    struct sigaction action {};
    action.sa_handler = sotto_restore_terminal;
    action.sa_flags = static_cast<int>(SA_ONSTACK | SA_RESETHAND);
    ::sigfillset(&action.sa_mask);
    for (std::size_t i = 0; i < kFatal.size(); ++i) {
        ::sigaction(kFatal[i], &action, &g_before[i]);
    }
}

TerminalGuard::~TerminalGuard() {
    g_armed = false;
    for (std::size_t i = 0; i < kFatal.size(); ++i) {
        ::sigaction(kFatal[i], &g_before[i], nullptr);
    }
    stack_t none{};
    none.ss_flags = SS_DISABLE;
    ::sigaltstack(&none, nullptr);
}

void TerminalGuard::arm(bool on) noexcept {
    g_armed = on;
}

}  // namespace sotto::tui
