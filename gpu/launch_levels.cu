// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gpu/launch.hpp"
#include "gpu/level_steps.hpp"

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

cudaError_t launch_parents(cudaStream_t stream, const LevelStep& step) noexcept {
    return run([&] { make_parent_nodes(thrust::cuda::par_nosync.on(stream), step); });
}

}    // namespace filfil::gpu
