// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "incentive/eth_error.hpp"
#include "market/proposer.hpp"
#include "node/profile.hpp"
#include "service/config.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace filfil::service {

/// The market of a storage provider, as the settings name it. Lives on the loop.
struct Stall {
    MarketSetting setting{};
    std::unique_ptr<market::DealBackend> backend;
    std::unique_ptr<market::Proposer> proposer;

    /// Whether its deals go through the built-in market, f05.
    [[nodiscard]] bool f05() const noexcept {
        return setting.kind == MarketKind::curio_mk12 || setting.kind == MarketKind::boost;
    }

    /// Whether it reads pieces as files, from setting.folder.
    [[nodiscard]] bool wants_files() const noexcept { return setting.kind == MarketKind::boost; }
};

/// The markets of all own storage providers. Lives on the loop; nothing is told after it was destroyed.
class Markets {
public:
    struct Parts {
        World& world;
        incentive::Ask ask;    ///< the node; signs for mk20
        std::shared_ptr<journal::Journal> journal;
        node::Profile network;
        std::string data_folder;
        std::map<std::string, std::string> tokens{};    ///< by their files
        std::string pieces_url{};                       ///< where the daemon serves pieces; "": nowhere
    };

    /// @return Error::invalid_argument names the setting that cannot be
    static Result<std::unique_ptr<Markets>> make(Parts parts, const Config& config);

    /// @return null where that miner has none
    [[nodiscard]] Stall* of(std::uint64_t miner) const;

    [[nodiscard]] const std::vector<std::unique_ptr<Stall>>& stalls() const noexcept { return m_stalls; }

    /// Where markets and people find pieces: "http://daemon:5347"; "": nowhere.
    [[nodiscard]] const std::string& pieces_url() const noexcept { return m_pieces_url; }

private:
    Markets() = default;

    std::shared_ptr<journal::Journal> m_journal;
    std::vector<std::unique_ptr<Stall>> m_stalls;
    std::map<std::uint64_t, Stall*> m_by_miner;
    Stall* m_for_others = nullptr;
    std::string m_pieces_url;
};

/// Where others reach the daemon's retrieval: retrieval.url, or where it listens; "" where it is off.
std::string retrieval_url(const Config& config);

}    // namespace filfil::service
