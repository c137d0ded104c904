// SPDX-License-Identifier: Apache-2.0 OR MIT

// How often this core can start the instructions that hashing consists of: what the kernels are held against. Written
// in assembly, so that no compiler changes what is counted.
#include "benches.hpp"
#include "commp/cpu_features.hpp"

#include <benchmark/benchmark.h>

namespace filfil::bench {

#ifdef FILFIL_COMMP_X86
namespace {

using commp::cpu_features;

void count(benchmark::State& state, double instructions) {
    state.counters["instructions_per_s"] =
        benchmark::Counter(instructions, benchmark::Counter::kIsIterationInvariantRate);
}

/// One add waits for the one before it and takes one cycle on every x86-64, so its rate is the clock's.
void dependent_adds(benchmark::State& state) {
    std::uint64_t x = 0;
    const std::uint64_t one = 1;
    for (auto _ : state) asm volatile(".rept 4096\n\t add %1, %0\n\t .endr" : "+r"(x) : "r"(one));
    count(state, 4096);
}

// Chains that do not wait for each other, more of them than the instruction's latency over its period; registers 1 to
// 12 change, 15 does not; sha256rnds2 reads register 0 besides.
#define FILFIL_TWELVE(instruction, registers)                                                                   \
    instruction(1, registers) instruction(2, registers) instruction(3, registers) instruction(4, registers)     \
        instruction(5, registers) instruction(6, registers) instruction(7, registers) instruction(8, registers) \
            instruction(9, registers) instruction(10, registers) instruction(11, registers) instruction(12, registers)
#define FILFIL_ADD(i, r) "vpaddd %%" r "15, %%" r #i ", %%" r #i "\n\t"
#define FILFIL_XOR(i, r) "vpxor %%" r "15, %%" r #i ", %%" r #i "\n\t"
#define FILFIL_SHIFT(i, r) "vpslld $3, %%" r #i ", %%" r #i "\n\t"
#define FILFIL_ROTATE(i, r) "vprord $3, %%" r #i ", %%" r #i "\n\t"
#define FILFIL_TERNARY(i, r) "vpternlogd $150, %%" r "15, %%" r #i ", %%" r #i "\n\t"
#define FILFIL_RNDS2(i, r) "sha256rnds2 %%xmm0, %%" r "15, %%" r #i "\n\t"
#define FILFIL_CLOBBERS                                                                                        \
    "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10", "xmm11", "xmm12", \
        "xmm13", "xmm14"

void avx2_adds(benchmark::State& state) {
    for (auto _ : state)
        asm volatile(".rept 64\n\t" FILFIL_TWELVE(FILFIL_ADD, "ymm") ".endr\n\t vzeroupper" ::: FILFIL_CLOBBERS);
    count(state, 64 * 12);
}

void avx2_xors(benchmark::State& state) {
    for (auto _ : state)
        asm volatile(".rept 64\n\t" FILFIL_TWELVE(FILFIL_XOR, "ymm") ".endr\n\t vzeroupper" ::: FILFIL_CLOBBERS);
    count(state, 64 * 12);
}

void avx2_shifts(benchmark::State& state) {
    for (auto _ : state)
        asm volatile(".rept 64\n\t" FILFIL_TWELVE(FILFIL_SHIFT, "ymm") ".endr\n\t vzeroupper" ::: FILFIL_CLOBBERS);
    count(state, 64 * 12);
}

void avx512_adds(benchmark::State& state) {
    for (auto _ : state)
        asm volatile(".rept 64\n\t" FILFIL_TWELVE(FILFIL_ADD, "zmm") ".endr\n\t vzeroupper" ::: FILFIL_CLOBBERS);
    count(state, 64 * 12);
}

void avx512_ternaries(benchmark::State& state) {
    for (auto _ : state)
        asm volatile(".rept 64\n\t" FILFIL_TWELVE(FILFIL_TERNARY, "zmm") ".endr\n\t vzeroupper" ::: FILFIL_CLOBBERS);
    count(state, 64 * 12);
}

void avx512_rotates(benchmark::State& state) {
    for (auto _ : state)
        asm volatile(".rept 64\n\t" FILFIL_TWELVE(FILFIL_ROTATE, "zmm") ".endr\n\t vzeroupper" ::: FILFIL_CLOBBERS);
    count(state, 64 * 12);
}

void sha_rounds(benchmark::State& state) {
    for (auto _ : state) asm volatile(".rept 64\n\t" FILFIL_TWELVE(FILFIL_RNDS2, "xmm") ".endr" ::: FILFIL_CLOBBERS);
    count(state, 64 * 12);
}

/// The SHA instructions of one node in their proportion, no one waiting for another: 64 sha256rnds2 (two compressions),
/// 12 sha256msg1 and 12 sha256msg2 (one schedule; the other is constant).
void sha_nodes(benchmark::State& state) {
    for (auto _ : state)
        asm volatile(
            ".rept 4\n\t"
            "sha256rnds2 %%xmm0, %%xmm15, %%xmm1\n\t sha256rnds2 %%xmm0, %%xmm15, %%xmm2\n\t"
            "sha256rnds2 %%xmm0, %%xmm15, %%xmm3\n\t sha256rnds2 %%xmm0, %%xmm15, %%xmm4\n\t"
            "sha256msg1 %%xmm15, %%xmm9\n\t sha256msg2 %%xmm15, %%xmm10\n\t"
            "sha256rnds2 %%xmm0, %%xmm15, %%xmm5\n\t sha256rnds2 %%xmm0, %%xmm15, %%xmm6\n\t"
            "sha256rnds2 %%xmm0, %%xmm15, %%xmm7\n\t sha256rnds2 %%xmm0, %%xmm15, %%xmm8\n\t"
            "sha256msg1 %%xmm15, %%xmm11\n\t sha256msg2 %%xmm15, %%xmm12\n\t"
            "sha256rnds2 %%xmm0, %%xmm15, %%xmm1\n\t sha256rnds2 %%xmm0, %%xmm15, %%xmm2\n\t"
            "sha256rnds2 %%xmm0, %%xmm15, %%xmm3\n\t sha256rnds2 %%xmm0, %%xmm15, %%xmm4\n\t"
            "sha256msg1 %%xmm15, %%xmm13\n\t sha256msg2 %%xmm15, %%xmm14\n\t"
            "sha256rnds2 %%xmm0, %%xmm15, %%xmm5\n\t sha256rnds2 %%xmm0, %%xmm15, %%xmm6\n\t"
            "sha256rnds2 %%xmm0, %%xmm15, %%xmm7\n\t sha256rnds2 %%xmm0, %%xmm15, %%xmm8\n\t"
            ".endr" ::
                : FILFIL_CLOBBERS);
    state.counters["nodes_per_s"] = benchmark::Counter(1, benchmark::Counter::kIsIterationInvariantRate);
}

}    // namespace

void register_instruction_benches() {
    benchmark::RegisterBenchmark("clock/dependent_adds", dependent_adds);
    if (cpu_features().sha_ni) {
        benchmark::RegisterBenchmark("issue/sha256rnds2", sha_rounds);
        benchmark::RegisterBenchmark("issue/sha_node", sha_nodes);
    }
    if (cpu_features().avx2) {
        benchmark::RegisterBenchmark("issue/vpaddd_ymm", avx2_adds);
        benchmark::RegisterBenchmark("issue/vpxor_ymm", avx2_xors);
        benchmark::RegisterBenchmark("issue/vpslld_ymm", avx2_shifts);
    }
    if (cpu_features().avx512) {
        benchmark::RegisterBenchmark("issue/vpaddd_zmm", avx512_adds);
        benchmark::RegisterBenchmark("issue/vpternlogd_zmm", avx512_ternaries);
        benchmark::RegisterBenchmark("issue/vprord_zmm", avx512_rotates);
    }
}
#else
void register_instruction_benches() {}
#endif

}    // namespace filfil::bench
