// sotto-relay: what it was started for.
#include "crypto/base/hex.h"
#include "crypto/secret.h"
#include "net/system/standard_descriptors.h"
#include "net/tls/certificate.h"
#include "relay/broker/state_directory.h"
#include "relay/program/check.h"
#include "relay/program/log.h"
#include "relay/program/names.h"
#include "relay/program/options.h"
#include "relay/program/service.h"

#include <sys/resource.h>

#include <csignal>
#include <iostream>
#include <stdexcept>

namespace {

using sotto::relay::Options;
using sotto::relay::Task;

/// As many descriptors as the system allows: each connection takes one.
void raise_descriptor_limit() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        ::setrlimit(RLIMIT_NOFILE, &limit);
    }
}

int print_pin(Options options) {
    sotto::relay::choose_certificate(options, sotto::relay::open_state(options.state));
    const auto pin = sotto::net::pin_of_file(options.certificate);
    std::cout << (pin ? sotto::base::hex(*pin) : throw std::runtime_error(pin.error())) << "\n";
    return 0;
}

int serve(Options options, sotto::relay::Service::Reread reread) {
    sotto::relay::set_up_log(options.log_level, options.log_format);
    raise_descriptor_limit();
    sotto::relay::Service(std::move(options), std::move(reread)).run();
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    if (!sotto::net::open_standard_descriptors()) {
        return 1;  // and there is nobody to tell
    }
    const rlimit no_core{0, 0};
    ::setrlimit(RLIMIT_CORE, &no_core);
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN);  // a file that may not grow is a failed write, not the end
    const auto said = sotto::relay::read_options(argc, argv);
    if (const auto* leave = std::get_if<sotto::relay::Leave>(&said)) {
        return leave->status;
    }
    const auto& options = std::get<Options>(said);
    try {
        sotto::crypto::init();
        switch (options.task) {
            case Task::serve:
                return serve(options, [=] { return sotto::relay::reread_options(argc, argv); });
            case Task::print_pin:
                return print_pin(options);
            case Task::check:
                return sotto::relay::print_check(options, std::cout);
            default:
                return sotto::relay::change_names(options, std::cout);
        }
    } catch (const std::exception& error) {
        sotto::relay::log_failure(error.what(),
                                  options.task == Task::serve ? options.log_format : "plain");
        return 1;
    }
}
