// SPDX-License-Identifier: Apache-2.0 OR MIT
#define FILFIL_WIDE_TARGET avx2

#include "commp/cpu_features.hpp"
#include "commp/wide_kernel.hpp"

namespace filfil::commp {
namespace {

// Sixteen registers hold one state and its temporaries; a second stream would spill every round.
using Avx2Hasher = wide::Hasher<8, 1>;

bool supported() noexcept { return cpu_features().avx2; }

}    // namespace

const Kernel avx2_kernel{"avx2", "AVX2, 8 subtrees side by side", &supported,          Avx2Hasher::lanes,
                         5,      &Avx2Hasher::subtrees,           &Avx2Hasher::parents};

}    // namespace filfil::commp
