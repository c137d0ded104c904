// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "bounds.hpp"

#include <algorithm>
#include <cmath>

namespace filfil::bench {
namespace {

// A round: two sums of three rotates each, choose, majority, seven adds. A step of the schedule: two sums of two
// rotates and a shift, three adds, and one more for the round constant.
constexpr double rounds = 128;
constexpr double steps = 48;
constexpr double other_adds = 16 + 16;    // constants of the message's own words, states at the end of each block

/// 16 nodes in 512-bit registers: a rotate is one operation, and so is any function of three values.
constexpr double avx512_operations = rounds * (2 * 4 + 1 + 1 + 6) + steps * (2 * 4 + 3 + 1) + other_adds;
constexpr double avx512_rotates = rounds * 6 + steps * 6;

/// 8 nodes in 256-bit registers: a rotate is two shifts and an or; choose takes three operations, and so does majority
/// when it keeps a ^ b for the next round.
constexpr double avx2_operations = rounds * (2 * 11 + 3 + 3 + 6) + steps * (2 * 9 + 3 + 1) + other_adds;
constexpr double avx2_shifts = rounds * 12 + steps * 10;

/// Two compressions of 32 instructions for two rounds each.
constexpr double shani_rounds = 64;

/// Instructions of that kind that start in one cycle; 0 where it was not measured.
double a_cycle(const std::vector<Row>& rows, std::string_view instruction) {
    const Row* row = find_row(rows, "issue/" + std::string(instruction) + " instructions_per_s");
    const double ghz = clock_ghz(rows);
    return row == nullptr || ghz == 0 ? 0 : summary(*row).median / ghz;
}

}    // namespace

double clock_ghz(const std::vector<Row>& rows) {
    const Row* row = find_row(rows, "clock/dependent_adds instructions_per_s");
    return row == nullptr ? 0 : summary(*row).median;
}

std::optional<double> bound_cycles_a_node(const std::vector<Row>& rows, std::string_view isa) {
    if (isa == "shani") {
        const double rnds2 = a_cycle(rows, "sha256rnds2");
        const Row* node = find_row(rows, "issue/sha_node nodes_per_s");
        if (rnds2 == 0 || node == nullptr) return std::nullopt;
        return std::max(shani_rounds / rnds2, clock_ghz(rows) * 1e3 / summary(*node).median);
    }
    const bool wide = isa == "avx512";
    if (!wide && isa != "avx2") return std::nullopt;
    const double any = a_cycle(rows, wide ? "vpaddd_zmm" : "vpaddd_ymm");
    const double turning = a_cycle(rows, wide ? "vprord_zmm" : "vpslld_ymm");
    if (any == 0 || turning == 0) return std::nullopt;
    return wide ? std::max(avx512_operations / any, avx512_rotates / turning) / 16
                : std::max(avx2_operations / any, avx2_shifts / turning) / 8;
}

double payload_gib_per_s(double cycles_a_node, double ghz) {
    return payload_a_node * ghz * 1e9 / cycles_a_node / (1024.0 * 1024.0 * 1024.0);
}

}    // namespace filfil::bench
