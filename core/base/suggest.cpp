// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "base/suggest.hpp"

#include <algorithm>

namespace filfil {
namespace {

/// Edits with swaps of neighbours counted as one (optimal string alignment).
std::size_t slips_between(std::string_view a, std::string_view b) {
    std::vector<std::vector<std::size_t>> cost(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
    for (std::size_t i = 0; i <= a.size(); ++i) cost[i][0] = i;
    for (std::size_t j = 0; j <= b.size(); ++j) cost[0][j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i)
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t replaced = cost[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            cost[i][j] = std::min({replaced, cost[i - 1][j] + 1, cost[i][j - 1] + 1});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
        }
    return cost[a.size()][b.size()];
}

}    // namespace

std::string nearest_name(std::string_view typed, const std::vector<std::string>& known) {
    // Longer than any name of ours: not worth the quadratic comparison.
    if (typed.size() > 64) return "";
    const std::size_t letters =
        typed.size() - std::min(typed.size(), std::min(typed.find_first_not_of('-'), typed.size()));
    std::size_t allowed = std::max<std::size_t>(1, letters / 3);
    std::string best;
    for (const std::string& name : known)
        if (const std::size_t slips = slips_between(typed, name); slips <= allowed) {
            if (!best.empty() && slips == allowed) continue;
            best = name;
            allowed = slips;
        }
    return best;
}

}    // namespace filfil
