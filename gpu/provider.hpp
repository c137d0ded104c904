// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/clock.hpp"
#include "base/executor.hpp"
#include "commp/gpu_provider.hpp"
#include "gpu/runtime.hpp"

#include <functional>
#include <memory>

namespace filfil::gpu {

/// Makes the threads that wait for cards: core starts none by itself.
using MakeThreads = std::function<std::unique_ptr<Executor>(unsigned threads)>;

/// The cards of a runtime as the programs use them: tried when first asked for, opened as one backend.
/// @param clock times the trials; outlives the provider
std::unique_ptr<commp::GpuProvider> make_gpu_provider(std::unique_ptr<Runtime> runtime, const Clock& clock,
                                                      MakeThreads make_threads);

}    // namespace filfil::gpu
