// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cli/application.hpp"
#include "cli/exit_code.hpp"
#include "cli/signal_watcher.hpp"
#include "cli/system_console.hpp"

#ifdef FILFIL_CUDA
#include "gpu/cuda_runtime.hpp"
#include "gpu/provider.hpp"
#endif

#include <csignal>
#include <stop_token>
#include <string>
#include <vector>

int main(int argc, char** argv) {
    using namespace filfil;
    std::stop_source stop;
    cli::SystemConsole console(stop);
    // A reader that goes away shows as a failed write, so that unfinished files are removed before the end.
    std::signal(SIGPIPE, SIG_IGN);
    cli::SignalWatcher signals(stop);
    SystemFiles files;
    const SystemClock clock;
#ifdef FILFIL_CUDA
    const auto gpu = gpu::make_gpu_provider(gpu::make_cuda_runtime(), clock,
                                            [](unsigned threads) { return std::make_unique<ThreadPool>(threads); });
#else
    const std::unique_ptr<commp::GpuProvider> gpu;
#endif
    cli::Context context{
        .files = files, .clock = clock, .console = console, .stop = stop.get_token(), .gpu = gpu.get()};

    context.allow_time = [&signals](Clock::Duration time) {
        signals.allow(std::chrono::duration_cast<std::chrono::milliseconds>(time));
    };

    const std::vector<std::string> arguments(argv + 1, argv + argc);
    const int code = cli::run(arguments, context);

    // Whoever started the program sees how it ended: by the signal, as if nothing had been tidied up before.
    if (const auto failure = console.out_failure(); failure && failure->code == ErrorCode::cancelled)
        signals.die_by(SIGPIPE);
    if (const int signal = signals.received(); signal != 0 && code == cli::exit_failure) signals.die_by(signal);
    return code;
}
