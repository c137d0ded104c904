// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/world.hpp"
#include "incentive/eth_error.hpp"
#include "incentive/lifeline.hpp"
#include "market/deal.hpp"
#include "market/preflight.hpp"

#include <functional>
#include <limits>
#include <memory>
#include <string>

namespace filfil::market {

struct NodePreflightOptions {
    std::string wallet{};             ///< as the node writes it; "": not looked at
    incentive::U256 least_funds{};    ///< attoFIL
    char letter = chain::mainnet_letter;
    std::int64_t epoch_seconds = 30;
    std::int64_t target = 0;    ///< epoch of the snapshot; 0: not known yet
    bool f05 = false;           ///< the deal goes through f05, which wants collateral
    std::size_t sectors = 1;    ///< so many pieces are to be snapped into sectors that are there

    /// Curio counts a deal's end from two days ahead, and snaps a piece only into a sector that ends after that, and
    /// less than 180 days after.
    bool curio = false;

    /// Where the market fetches pieces: the daemon's own retrieval, "http://daemon:PORT/pieces"; nothing: not looked
    /// at.
    std::optional<Url> locator{};
    std::string locator_token{};
    bool piece_is_here = true;    ///< else the locator is right to say that it does not have it
};

/// What can be asked of the provider's node and of this daemon itself before a window opens. On the loop only; handlers
/// are called there, none of them inside the call or after it was destroyed.
///
/// Source of the node's answers: lotus api/api_full.go (WalletBalance, ChainHead, ChainGetFinalizedTipSet,
/// StateMinerInfo, StateMinerActiveSectors, StateDealProviderCollateralBounds) and go-state-types miner
/// SectorOnChainInfo.
class NodePreflight {
public:
    using Handler = std::function<void(Preflight)>;

    NodePreflight(World& world, incentive::Ask ask, NodePreflightOptions options)
        : m_world(world), m_ask(std::move(ask)), m_options(std::move(options)) {}

    void run(const DealOrder& order, Handler handler);

private:
    struct Work {
        DealOrder order;
        Handler handler;
        Preflight rows{};
        std::int64_t head = 0;
    };

    void next(const std::shared_ptr<Work>& work, std::size_t step);
    void ask(const std::string& method, rpc::Json params, std::function<void(const Result<rpc::Json>&)> handler);
    void check_head(const std::shared_ptr<Work>& work, std::function<void()> done);
    void check_finality(const std::shared_ptr<Work>& work, std::function<void()> done);
    void check_funds(const std::shared_ptr<Work>& work, std::function<void()> done);
    void check_sector_size(const std::shared_ptr<Work>& work, std::function<void()> done);
    void check_sectors(const std::shared_ptr<Work>& work, std::function<void()> done);
    void check_collateral(const std::shared_ptr<Work>& work, std::function<void()> done);
    void check_locator(const std::shared_ptr<Work>& work, std::function<void()> done);

    World& m_world;
    incentive::Ask m_ask;
    NodePreflightOptions m_options;
    incentive::Lifeline m_here;
};

/// Sectors without deals that live long enough: what can be snapped. Reads StateMinerActiveSectors; sectors that cannot
/// be read are not counted. @param most_expiration of those that end later none is counted @return Error::corrupt for
/// what is no list
Result<std::size_t> count_free_sectors(const rpc::Json& sectors, std::int64_t least_expiration,
                                       std::int64_t most_expiration = std::numeric_limits<std::int64_t>::max());

}    // namespace filfil::market
