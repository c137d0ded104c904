// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include <string>

namespace filfil::commp {

/// Instruction sets that this CPU has and the operating system saves registers for.
struct CpuFeatures {
    bool avx = false;
    bool avx2 = false;
    bool sha_ni = false;
    bool avx512 = false;    ///< AVX-512 F, BW and VL
};

/// Read once, then kept: cpuid is a slow, serialising instruction (and a trap under a hypervisor). Thread-safe.
const CpuFeatures& cpu_features() noexcept;

/// The processor's own name ("AMD EPYC 7763 64-Core Processor"), or "" where it does not tell.
std::string cpu_brand();

}    // namespace filfil::commp
