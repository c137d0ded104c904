// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "row.hpp"

#include <optional>

namespace filfil::bench {

/// The core's clock in GHz as `filfil_kernel_bench` saw it; 0 where the rows do not have it.
double clock_ghz(const std::vector<Row>& rows);

/// The fewest cycles in which the core that `rows` were measured on can start the instructions of one node (two
/// compressions, the schedule of the second one constant), from their count and the measured rate of each kind.
/// docs/performance.md derives the counts. Nothing for an instruction set that has no such bound or was not measured.
std::optional<double> bound_cycles_a_node(const std::vector<Row>& rows, std::string_view isa);

/// Payload bytes that one node stands for: 127 bytes are four nodes, all levels counted.
inline constexpr double payload_a_node = 31.75;

/// GiB/s of payload at so many cycles a node.
double payload_gib_per_s(double cycles_a_node, double ghz);

}    // namespace filfil::bench
