// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gpu/launch.hpp"
#include "gpu/level_steps.hpp"
#include "gpu/top_kernel.cuh"

#include <thrust/system/cuda/execution_policy.h>
#include <thrust/system_error.h>

#include <new>

namespace filfil::gpu {
namespace {

/// Thrust tells of a failed launch by throwing.
template <class Body>
cudaError_t run(const Body& body) noexcept {
    try {
        body();
    } catch (const thrust::system_error& error) {
        static_cast<void>(cudaGetLastError());
        return static_cast<cudaError_t>(error.code().value());
    } catch (const std::bad_alloc&) {
        return cudaErrorMemoryAllocation;
    }
    return cudaGetLastError();
}

}    // namespace

cudaError_t launch_quads(cudaStream_t stream, const LevelStep& step) noexcept {
    return run([&] { make_quad_nodes(thrust::cuda::par_nosync.on(stream), step); });
}

cudaError_t launch_parents(cudaStream_t stream, std::span<const LevelStep> steps) noexcept {
    cudaError_t status = cudaSuccess;
    while (!steps.empty() && status == cudaSuccess) {
        const TopSteps tops = tops_of(steps);
        if (tops.count != 0) {
            top_kernel<<<1, top_threads, 0, stream>>>(tops);
            status = cudaGetLastError();
        } else {
            status = run([&] { make_parent_nodes(thrust::cuda::par_nosync.on(stream), steps.front()); });
        }
        steps = steps.subspan(tops.count != 0 ? tops.count : 1);
    }
    return status;
}

}    // namespace filfil::gpu
