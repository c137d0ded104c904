// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "service/incentive/holding_book.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace filfil::service {

struct House;

/// Claims for own miners unasked, as soon as what they have earned, settled and not, comes to incentive.claim_at. The
/// same as FilFil.Claim, as a job of its own. Lives on the loop; nothing is told after it was destroyed.
class PayDay {
public:
    explicit PayDay(House& house) : m_house(house) {}

    /// The head is another: looks now and then.
    void on_head();

private:
    void look_at(std::uint64_t miner, const std::vector<HeldPiece>& held, const incentive::U256& limit);
    void claim_for(std::uint64_t miner, const incentive::U256& amount);

    House& m_house;
    std::optional<std::int64_t> m_looked_at;    ///< the head then
    std::set<std::uint64_t> m_claiming;
    std::map<std::uint64_t, std::int64_t> m_not_before;    ///< by miner: an epoch, after a claim that brought nothing
    std::string m_said;                                    ///< why it could not be looked, the last time
    std::shared_ptr<int> m_alive = std::make_shared<int>(0);
};

}    // namespace filfil::service
