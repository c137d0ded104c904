// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "check/check.hpp"

#include "gpu/gpu_backend.hpp"

#include <algorithm>

namespace filfil::check {

Result<std::unique_ptr<commp::Backend>> open_backend(const Context& context, unsigned check_every) {
    if (context.extent == Extent::small)
        return open_backend(context, gpu::TileVariant::plain, std::size_t{1} << 10, 2, check_every);
    return context.provider.open({.cards = {context.card}, .check_every = check_every});
}

Result<std::unique_ptr<commp::Backend>> open_backend(const Context& context, gpu::TileVariant variant,
                                                     std::size_t quads, unsigned lanes, unsigned check_every) {
    gpu::GpuBackendOptions options;
    options.cards = {{context.card, "", variant, lanes}};
    options.quads = quads;
    options.check_every = check_every;
    options.staging_count = 2 * std::size_t{lanes} + context.threads;
    options.cpu = &context.kernel;
    return gpu::make_gpu_backend(context.runtime, std::make_unique<ThreadPool>(std::max(lanes, context.threads)),
                                 options);
}

Error wrong(std::string what) {
    return {ErrorCode::mismatch, std::move(what),
            "run `gpu_check` again with the same --seed, and `nvidia-smi -q` for errors"};
}

}    // namespace filfil::check
