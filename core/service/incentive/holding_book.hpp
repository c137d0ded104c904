// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "node/profile.hpp"
#include "rpc/json.hpp"
#include "service/incentive/desk.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <vector>

namespace filfil::service {

/// A piece that somebody holds, or held.
struct HeldPiece {
    std::uint32_t slot = 0;
    std::uint64_t target = 0;    ///< epoch whose snapshot the slot wants
    contract::Holder holder;
};

/// {"miner", "slot", "round", "index", "target_epoch", "target_time", "piece", "alternative", "state", "sector",
/// "until_epoch", "until_time", "paid", "share"}
rpc::Json json_of(const HeldPiece& held, const node::Profile& network);

/// "piece 3 of slot 2 of round 5"
std::string text_of(const HeldPiece& held);

/// Finds what miners hold: the contract lists holders by slot, so all slots of the last five years are looked through,
/// as long as a sector can live. What it says of slots that are closed for good is remembered, so that only the first
/// look takes long. Lives on the loop, as long as its desk.
class HoldingBook {
public:
    HoldingBook(Desk& desk, std::function<std::optional<Epoch>()> head) : m_desk(desk), m_head(std::move(head)) {}

    /// @param handler pieces of these miners, oldest slot first
    void find(std::vector<std::uint64_t> miners, Desk::Handler<std::vector<HeldPiece>> handler);

private:
    struct Search;
    using Rounds = std::vector<contract::Round>;

    void rounds_before(contract::Round newest, Desk::Handler<Rounds> handler);
    void more_rounds(std::shared_ptr<Rounds> found, std::uint64_t next, Desk::Handler<Rounds> handler);
    void holders_of(std::uint32_t slot, Desk::Handler<std::vector<contract::Holder>> handler);
    void next_page(std::uint32_t slot, std::shared_ptr<std::vector<contract::Holder>> found,
                   Desk::Handler<std::vector<contract::Holder>> handler);
    [[nodiscard]] std::uint64_t now() const;

    Desk& m_desk;
    std::function<std::optional<Epoch>()> m_head;
    std::map<std::uint16_t, contract::Round> m_rounds;                ///< that are over for good
    std::map<std::uint32_t, std::set<std::uint64_t>> m_holders_of;    ///< of slots that are closed for good
};

}    // namespace filfil::service
