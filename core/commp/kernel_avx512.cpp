// SPDX-License-Identifier: Apache-2.0 OR MIT
#define FILFIL_WIDE_TARGET avx512

#include "commp/cpu_features.hpp"
#include "commp/wide_kernel.hpp"

namespace filfil::commp {
namespace {

using Avx512Hasher = wide::Hasher<16, 3>;

bool supported() noexcept { return cpu_features().avx512; }

}    // namespace

const Kernel avx512_kernel{"avx512",
                           "AVX-512, 48 subtrees in three interleaved streams",
                           &supported,
                           Avx512Hasher::lanes,
                           5,
                           &Avx512Hasher::subtrees,
                           &Avx512Hasher::parents};

}    // namespace filfil::commp
