// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "incentive/contract_abi.hpp"
#include "incentive/contract_types.hpp"
#include "incentive/model/amount.hpp"
#include "incentive/model/rounds.hpp"

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <vector>

// All that the contract remembers, as plain values. Nothing here does anything.

namespace filfil::incentive::model {

using Root = std::array<std::byte, 32>;

struct Provider {
    /// Its place until the round of its last move, and from that round on.
    std::uint64_t place = 0;
    struct Move {
        std::uint64_t from_round;
        std::uint64_t place;
    };
    std::optional<Move> move{};

    std::uint64_t first_round = 0;
    std::uint64_t last_round = 0;          ///< 0: open end
    std::uint64_t judged = 0;              ///< the first round whose window was not judged yet
    std::uint64_t misses = 0;              ///< one after the other
    Standing standing = Standing::none;    ///< `left` is never kept: it is `leaving` with its last round over
    Amount bond{};

    [[nodiscard]] std::uint64_t place_in(std::uint64_t round) const {
        return move && round >= move->from_round ? move->place : place;
    }
    [[nodiscard]] bool present() const { return standing == Standing::active || standing == Standing::leaving; }

    /// Whether it has a slot in that round.
    [[nodiscard]] bool elected(std::uint64_t round) const {
        return present() && round >= first_round && (last_round == 0 || round <= last_round);
    }
};

/// What is staged for a slot.
struct Slot {
    std::uint64_t epoch = 0;
    std::uint64_t open = 0;
    std::uint64_t close = 0;
    std::uint64_t staged_at = 0;
    std::uint64_t replicas = 0;
    std::uint64_t version = 0;    ///< of the parameters
    std::uint64_t place = 0;      ///< in State::staged
    std::uint64_t against = 0;    ///< attestations
    bool disputed = false;
    Amount reward{};
    Amount locked{};
    Root tipset{};
    std::vector<contract::Piece> pieces{};
    std::vector<contract::Piece> alternatives{};

    [[nodiscard]] const std::vector<contract::Piece>& staging(bool alternative) const {
        return alternative ? alternatives : pieces;
    }
};

/// A piece of a slot: what `deal` is a number for.
struct PieceKey {
    std::uint32_t slot = 0;
    bool alternative = false;
    std::uint8_t index = 0;

    static PieceKey of(std::uint32_t slot, std::uint8_t piece) {
        return {slot, (piece & alternative_bit) != 0, static_cast<std::uint8_t>(piece & ~alternative_bit)};
    }
    [[nodiscard]] std::uint8_t piece() const {
        return static_cast<std::uint8_t>(index | (alternative ? alternative_bit : 0));
    }
    auto operator<=>(const PieceKey&) const = default;
};

/// What a miner has of a slot.
struct Progress {
    bool alternative = false;                   ///< the staging that it began with
    std::set<std::uint8_t> held{};              ///< indices of pieces
    std::set<std::uint8_t> active{};            ///< of them, in a sector
    std::optional<std::uint64_t> attested{};    ///< to which staging: its place in State::staged
};

/// What a miner has of a piece.
struct Holding {
    Held state = Held::none;
    std::uint64_t sector = 0;
    std::uint64_t start = 0;    ///< published: of the deal; active: of the payment
    std::uint64_t until = 0;
    std::uint64_t deal = 0;    ///< of the built-in market
    Amount share{};
    Amount paid{};
};

/// The five counters that all money is in.
struct Money {
    Amount pool{};
    Amount locked{};
    Amount owed{};
    Amount credit{};
    Amount bonds{};
};

struct State {
    EthAddress self{};
    U256 balance{};
    Clock clock{};
    Money money{};
    std::map<std::uint64_t, contract::Params> params{};    ///< by version
    std::map<std::uint64_t, Clock> history{};              ///< rounds that are over
    std::map<std::uint64_t, Provider> providers{};
    std::map<std::uint64_t, std::uint64_t> roster{};    ///< of the next round: place, miner
    std::vector<std::uint64_t> holes{};                 ///< a stack of places that were left
    std::map<std::uint32_t, Slot> slots{};
    std::vector<std::uint32_t> staged{};    ///< in order; 0: cancelled
    std::map<Root, PieceKey> roots{};
    std::map<std::pair<std::uint32_t, std::uint64_t>, Progress> progress{};    ///< by slot and miner
    std::map<std::pair<PieceKey, std::uint64_t>, Holding> holdings{};          ///< by piece and miner
    struct HolderKey {
        std::uint8_t piece;
        std::uint64_t miner;
    };
    std::map<std::uint32_t, std::vector<HolderKey>> holders{};    ///< in order
    std::map<std::uint64_t, Amount> earned{};                     ///< by miner
    std::map<EthAddress, Amount> credit{};
    EthAddress owner{};
    EthAddress pending_owner{};
    EthAddress operator_{};
    EthAddress guardian{};
    EthAddress successor{};
    std::uint64_t successor_round = 0;    ///< in which it was named
    bool paused = false;
};

}    // namespace filfil::incentive::model
