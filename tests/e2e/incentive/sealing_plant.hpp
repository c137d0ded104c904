// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "errand.hpp"
#include "market_process.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace filfil::e2e {

/// What a provider's pipeline does on the chain with the deals that its market has taken: f05 publishes them, sectors
/// are proven, and the contract is told by the actors. What a reorganisation takes back is done again.
class SealingPlant {
public:
    /// All must outlive it.
    SealingPlant(RoundsScene& scene, const Party& party, MarketProcess& market)
        : m_scene(scene), m_party(party), m_market(market) {}

    /// Looks how far the market's deals are, and does what they are at.
    void look();

    /// The market's deals go on by a step now and then, with look().
    void let_go_on(bool yes) noexcept { m_goes_on = yes; }

    /// How far the least of so many deals is: 0 for one that is not there yet, 1 accepted, 2 fetching, 3 sealing,
    /// 4 proven, 5 complete.
    [[nodiscard]] unsigned progress(std::size_t deals) const;

    /// Whether the contract was told of so many deals; so deep that it stays.
    [[nodiscard]] bool told(std::size_t deals) const { return m_sent >= deals; }
    [[nodiscard]] bool told_for_good(std::size_t deals) const { return m_settled >= deals; }

    [[nodiscard]] const Json& report() const noexcept { return m_report; }

private:
    struct Work {
        std::uint64_t sector = 0;
        std::vector<std::unique_ptr<Dispatch>> notice{};    ///< at most one: what the contract hears
        std::vector<std::unique_ptr<Dispatch>> sealed{};    ///< of a deal of f05
        bool noticed = false;                               ///< for good
        bool done = false;
    };

    void prove(Work& work, const Json& deal);
    void publish(Work& work, const Json& deal);
    void activate(Work& work, const Json& deal);
    [[nodiscard]] std::optional<std::uint64_t> number_of(const std::string& root) const;
    void send(std::vector<std::unique_ptr<Dispatch>>& to, std::uint64_t actor, const std::string& data);

    RoundsScene& m_scene;
    const Party& m_party;
    MarketProcess& m_market;
    Json m_report = Json::object();
    std::map<std::string, Work> m_work;    ///< by the market's name of the deal
    std::size_t m_sent = 0;
    std::size_t m_settled = 0;
    unsigned m_looks = 0;
    bool m_goes_on = true;
};

}    // namespace filfil::e2e
