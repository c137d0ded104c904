// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cli/gpu_reports.hpp"

namespace filfil::cli {

bool is_usable(const commp::GpuReport& card) noexcept { return card.supported && card.self_test; }

std::string names_of_usable(std::span<const commp::GpuReport> cards) {
    std::string names;
    for (const commp::GpuReport& card : cards)
        if (is_usable(card)) names += (names.empty() ? "" : ", ") + card.name;
    return names;
}

double rate_of_usable(std::span<const commp::GpuReport> cards) noexcept {
    double sum = 0;
    for (const commp::GpuReport& card : cards)
        if (is_usable(card)) sum += card.gib_per_s;
    return sum;
}

}    // namespace filfil::cli
