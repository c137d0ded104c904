// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "gpu/runtime.hpp"

#include <memory>

namespace filfil::gpu {

/// NVIDIA's runtime, linked statically: a program with it starts and works where no driver is installed, and cards()
/// says so there.
std::unique_ptr<Runtime> make_cuda_runtime();

}    // namespace filfil::gpu
