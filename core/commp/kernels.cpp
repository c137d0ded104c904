// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "commp/kernel.hpp"

#include <array>

namespace filfil::commp {

std::span<const Kernel* const> all_kernels() noexcept {
    static constexpr std::array kernels{
#ifdef FILFIL_COMMP_X86
        &avx512_kernel,   &shani_kernel, &avx2_kernel,
#endif
#ifdef FILFIL_COMMP_OPENSSL
        &openssl_kernel,
#endif
        &portable_kernel,
    };
    return kernels;
}

}    // namespace filfil::commp
