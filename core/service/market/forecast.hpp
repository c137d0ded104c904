// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "service/market/deal_entry.hpp"

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace filfil::service {

/// How long each stage takes, from the deals that this provider has had: the median of the latest of each kind of
/// market. On the loop only.
class Forecast {
public:
    static constexpr std::size_t deals_looked_at = 50;

    /// Learns of a deal that has come to `notified`: how long it was at each stage before. Others teach nothing.
    void learn(const std::string& market, const std::vector<StageTime>& times);

    /// When a deal that is at its last time's stage will be stored, as far as it can be said: the medians of this stage
    /// and those still to come, less what has passed of this one. @return nothing without a history, or for one that is
    /// stored or over
    [[nodiscard]] std::optional<Clock::Duration> stored_at(const std::string& market,
                                                           const std::vector<StageTime>& times,
                                                           Clock::Duration now) const;

private:
    struct History {
        std::map<DealStage, std::deque<Clock::Duration>> took;
    };
    std::map<std::string, History> m_history;    ///< by kind of market
};

}    // namespace filfil::service
