// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "story.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <utility>

namespace filfil::e2e {

/// What everybody should have in the end, computed anew from the rules and from when things happened; and what the
/// chain says. Both have to agree to the last attoFIL.
class Ledger {
public:
    Ledger(RoundsScene& scene, Story& story) : m_scene(scene), m_story(story) {}

    /// The clock stands still meanwhile.
    void check();

private:
    /// A piece that somebody stores.
    struct Account {
        std::uint64_t from = 0;
        std::uint64_t until = 0;
        Money share = 0;
        Money paid = 0;
        bool dead = false;
    };
    using Key = std::tuple<std::uint32_t, std::uint8_t, std::uint64_t>;    ///< slot, piece, miner

    void check_stagings();
    void check_members();
    void follow_pieces();
    void check_the_lost_one();
    void check_contract();
    void check_wallets();
    void check_effects();
    [[nodiscard]] Money earned_by(std::uint64_t miner) const;
    [[nodiscard]] Money gas_of(const std::string& account) const;
    void read_gas();

    RoundsScene& m_scene;
    Story& m_story;
    std::map<Key, Account> m_pieces;
    std::map<std::uint64_t, Money> m_bonds;                 ///< given, by miner
    std::map<std::string, Money> m_gas;                     ///< by account
    std::map<std::string, std::uint64_t> m_transactions;    ///< that succeeded, by account
    Money m_returned = 0;
    Money m_slashed = 0;
    Money m_bounty = 0;
};

}    // namespace filfil::e2e
