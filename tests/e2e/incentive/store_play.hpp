// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/random.hpp"
#include "play.hpp"
#include "sealing_plant.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>

namespace filfil::e2e {

/// One round of three slots, each stored by another kind of market, and nobody asks a daemon for anything: its window
/// opens, it takes the snapshot, proposes, its market pulls the pieces from it, the chain tells the contract, it sees
/// that it is paid, and claims.
class StorePlay final : public Play {
public:
    /// @param kills so many times a provider's daemon is killed in all, at moments by the seed
    StorePlay(RoundsScene& scene, Upsets& upsets, std::uint64_t seed, unsigned kills);

    /// Daemons claim nothing by themselves: it is waited until somebody has claimed for each.
    void claim_by_hand() noexcept { m_by_hand = true; }

    /// @param then is called when the daemons run and are registered
    void when_gathered(std::function<void()> then) { m_when_gathered = std::move(then); }

    void play();

private:
    struct Provider {
        Party* party = nullptr;
        const char* kind = "";
        std::unique_ptr<MarketProcess> market{};
        std::unique_ptr<SealingPlant> plant{};
        std::uint32_t slot = 0;
        std::size_t pieces = 0;    ///< 0: nothing is staged yet
        Money balance = 0;         ///< before its slot
        unsigned kills = 0;        ///< that it is due
        std::chrono::steady_clock::time_point next_kill{};
        std::string killed_at{};    ///< stages, for people
    };

    void open_market(Provider& provider);
    void introduce_contract();
    void store(std::uint64_t index);
    [[nodiscard]] Provider& provider_of(const Party& party);
    [[nodiscard]] Json deals_of(const Provider& provider) const;
    [[nodiscard]] bool all_paid(const Provider& provider) const;
    bool kill_if_due(Provider& provider);
    void show_locator(const Provider& provider) const;
    void judge(Provider& provider);
    void judge_deal(const Provider& provider, const Json& deal) const;
    [[nodiscard]] std::string what_happened();

    SeededRandom m_random;
    bool m_by_hand = false;
    std::function<void()> m_when_gathered{};
    std::array<Provider, slots> m_stores{};
};

}    // namespace filfil::e2e
