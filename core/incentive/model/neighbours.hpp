// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "incentive/model/outside.hpp"

#include <map>
#include <set>

namespace filfil::incentive::model {

/// A small Filecoin around the contract: miners with power, controlling addresses and sectors, the deals of the
/// built-in market, and who takes money. Answers as the actors of builtin-actors do; whoever holds it changes it as it
/// likes.
class Neighbours final : public Outside {
public:
    struct Sector {
        enum class Status : std::uint8_t { dead, active, faulty };
        Status status = Status::active;
        std::uint64_t deadline = 0;
        std::uint64_t partition = 0;
        std::uint64_t expiration = 0;
    };
    struct Miner {
        std::optional<U256> power{};    ///< nothing: f04 does not know it
        Bytes owner{};                  ///< an address's bytes
        std::set<Bytes> controls{};     ///< addresses' bytes; the owner's has to be among them
        std::map<std::uint64_t, Sector> sectors{};
    };
    struct Deal {
        std::optional<std::uint64_t> activated{};    ///< epoch
        bool terminated = false;
        std::uint64_t sector = 0;
    };

    std::map<std::uint64_t, Miner> miners{};
    std::map<std::uint64_t, Deal> deals{};
    std::map<std::uint64_t, Bytes> delegated{};    ///< f410 addresses of actors
    std::set<Bytes> closed{};                      ///< Filecoin's addresses that no plain transfer reaches
    std::set<EthAddress> refusing{};               ///< contracts that take no money
    std::map<Bytes, U256> paid{};                  ///< what came to whom, by Filecoin's address

    /// A miner with that power, owned by an address of Ethereum's kind.
    Miner& add_miner(std::uint64_t id, const EthAddress& owner, const U256& power);

    /// What the miner actor's GenerateSectorLocation gives, for settle() and reportDead().
    [[nodiscard]] Bytes location(std::uint64_t miner, std::uint64_t sector) const;

    Answer ask(std::uint64_t actor, std::uint64_t method, ByteView params) override;
    std::optional<Bytes> delegated_address(std::uint64_t actor) override;
    bool pay(ByteView to, const U256& amount) override;
    bool send(const EthAddress& to, const U256& amount) override;

private:
    [[nodiscard]] Answer ask_market(std::uint64_t method, ByteView params) const;
    [[nodiscard]] Answer ask_miner(std::uint64_t id, const Miner& miner, std::uint64_t method, ByteView params) const;
    static Answer validate(const Miner& miner, ByteView params);
};

}    // namespace filfil::incentive::model
