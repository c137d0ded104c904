// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include <cstdint>

// What nvcc compiles for the card and any C++ compiler for the CPU: the arithmetic of the kernels is tested where there
// is no card.
#ifdef __CUDACC__
#define FILFIL_HD __host__ __device__ __forceinline__
#define FILFIL_HD_ONCE __host__ __device__ __noinline__
#define FILFIL_UNROLL _Pragma("unroll")
#define FILFIL_NO_UNROLL _Pragma("unroll 1")
#else
#define FILFIL_HD inline __attribute__((always_inline))
#define FILFIL_HD_ONCE
#define FILFIL_UNROLL
#define FILFIL_NO_UNROLL
#endif

namespace filfil::gpu {

FILFIL_HD std::uint32_t rotate_right(std::uint32_t x, unsigned n) noexcept { return x >> n | x << (32 - n); }

/// The 32 bits that begin `shift` (0 to 31) bits above the lowest bit of high:low.
FILFIL_HD std::uint32_t funnel_right(std::uint32_t low, std::uint32_t high, unsigned shift) noexcept {
#ifdef __CUDA_ARCH__
    return __funnelshift_r(low, high, shift);
#else
    return static_cast<std::uint32_t>((std::uint64_t{high} << 32 | low) >> shift);
#endif
}

FILFIL_HD std::uint32_t swap_bytes(std::uint32_t x) noexcept {
#ifdef __CUDA_ARCH__
    return __byte_perm(x, 0, 0x0123);
#else
    return __builtin_bswap32(x);
#endif
}

}    // namespace filfil::gpu
