// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/clock.hpp"
#include "base/files.hpp"
#include "cli/console.hpp"
#include "commp/gpu_provider.hpp"

#include <functional>
#include <map>
#include <stop_token>

namespace CLI {
class App;
}

namespace filfil::cli {

/// What main() gives to every command: the outside world, and what the user asked of all commands.
struct Context {
    Files& files;
    const Clock& clock;
    Console& console;
    std::stop_token stop;    ///< set by Ctrl-C, SIGTERM, and by a standard output that nobody reads any more
    commp::GpuProvider* gpu = nullptr;    ///< none in a build without CUDA

    /// Lets the work take so long to end after `stop` was set, before the process is ended; 2 s where it is not called.
    std::function<void(Clock::Duration)> allow_time{};
    bool json = false;    ///< --json: one object a line on standard output, instead of text for people

    /// What runs when a command was chosen and its options were read; the result is the process's exit code.
    std::map<const CLI::App*, std::function<int()>> runs{};
};

}    // namespace filfil::cli
