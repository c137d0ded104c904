// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "commp/cpu_features.hpp"

#if defined(__x86_64__)
#include <cpuid.h>
#endif

#include <array>
#include <cstdint>
#include <cstring>

namespace filfil::commp {
namespace {

#if defined(__x86_64__)
std::uint64_t saved_register_sets() noexcept {
    std::uint32_t low = 0;
    std::uint32_t high = 0;
    __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return std::uint64_t{high} << 32 | low;
}

CpuFeatures detect() noexcept {
    CpuFeatures features;
    unsigned a = 0;
    unsigned b = 0;
    unsigned c = 0;
    unsigned d = 0;
    if (__get_cpuid(1, &a, &b, &c, &d) == 0) return features;
    const bool os_saves = (c >> 27 & 1) != 0;
    const std::uint64_t saved = os_saves ? saved_register_sets() : 0;
    features.avx = (c >> 28 & 1) != 0 && (saved & 0x6) == 0x6;
    if (__get_cpuid_count(7, 0, &a, &b, &c, &d) == 0) return features;
    features.sha_ni = (b >> 29 & 1) != 0;
    features.avx2 = (b >> 5 & 1) != 0 && (saved & 0x6) == 0x6;
    constexpr unsigned f_bw_vl = 1U << 16 | 1U << 30 | 1U << 31;
    features.avx512 = (b & f_bw_vl) == f_bw_vl && (saved & 0xe6) == 0xe6;
    return features;
}
#else
CpuFeatures detect() noexcept { return {}; }
#endif

}    // namespace

const CpuFeatures& cpu_features() noexcept {
    static const CpuFeatures features = detect();
    return features;
}

std::string cpu_brand() {
#if defined(__x86_64__)
    std::array<unsigned, 12> words{};
    for (unsigned i = 0; i < 3; ++i)
        if (__get_cpuid(0x80000002 + i, &words[4 * i], &words[4 * i + 1], &words[4 * i + 2], &words[4 * i + 3]) == 0)
            return "";
    std::array<char, 49> text{};
    std::memcpy(text.data(), words.data(), 48);
    std::string brand = text.data();
    const std::size_t first = brand.find_first_not_of(' ');
    const std::size_t last = brand.find_last_not_of(' ');
    return first == std::string::npos ? "" : brand.substr(first, last - first + 1);
#else
    return "";
#endif
}

}    // namespace filfil::commp
