// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/clock.hpp"
#include "base/executor.hpp"
#include "commp/backend.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace filfil::commp {

struct Kernel;

/// What is known of one instruction set's kernels on this machine.
struct IsaReport {
    std::string name;    ///< "avx512", "shani", "avx2", "openssl", "portable"
    std::string description;
    bool supported = false;    ///< by this build and this CPU
    std::string reason;        ///< why not, or why it was or was not chosen
    bool self_test = false;    ///< passed the fixed vectors; false where not supported
    double gib_per_s = 0;      ///< payload rate of a short run on one thread; 0 if it was not measured
    bool selected = false;
};

/// All instruction sets this program knows, fastest expected first, each self-tested and timed for about 20 ms on the
/// calling thread; exactly one is selected.
std::vector<IsaReport> probe_isas(const Clock& clock);

/// Names of the instruction sets that this build and CPU can run, fastest expected first; "portable" is always last.
std::vector<std::string> usable_isas();

/// A kernel that passed its self-test, and its payload rate on one thread by a measurement of a few milliseconds.
struct ChosenKernel {
    const Kernel* kernel = nullptr;
    double gib_per_s = 0;
};

/// @param isa a name of usable_isas(), or "" for the fastest by a short measurement
/// @return the errors of make_cpu_backend
Result<ChosenKernel> choose_kernel(std::string_view isa, const Clock& clock);

/// A backend that hashes on the CPU.
/// @param isa a name of usable_isas(), or "" for the fastest by a short measurement
/// @param executor runs the jobs; with an InlineExecutor they run inside submit(). Must outlive the backend. Tasks that
/// wait in acquire() must not run on the same ThreadPool, or they keep the jobs that would free a buffer from running.
/// @return Error::unsupported names what the machine has instead; Error::internal if the kernels fail their self-test
Result<std::unique_ptr<Backend>> make_cpu_backend(std::string_view isa, Executor& executor, const Clock& clock);

}    // namespace filfil::commp
