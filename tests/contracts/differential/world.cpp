// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "incentive/keccak.hpp"
#include "incentive/model/addresses.hpp"
#include "sequencer.hpp"

#include <algorithm>

// Who is there, and what they are like.

namespace filfil::incentive::differential {
namespace {

EthAddress address(std::uint64_t number) {
    std::array<std::byte, EthAddress::size> bytes{};
    bytes[0] = std::byte{0xa0};
    for (std::size_t i = 0; i < 8; ++i) bytes[19 - i] = static_cast<std::byte>(number >> (8 * i));
    return EthAddress(bytes);
}

/// Has code that takes no money. Differential.t.sol puts it there.
EthAddress stubborn() { return address(0x5707); }

/// Where the contract comes to be, created by Differential.t.sol's deployer.
EthAddress self() {
    Bytes rlp = {std::byte{0xd6}, std::byte{0x94}};
    const auto deployer = address(0xde91).bytes();
    rlp.insert(rlp.end(), deployer.begin(), deployer.end());
    rlp.push_back(std::byte{0x01});
    const auto hash = keccak_256(rlp);
    return EthAddress::from_bytes(ByteView(hash).last(EthAddress::size)).value();
}

U256 fil(std::uint64_t amount) { return multiply(amount, 1'000'000'000'000'000'000U).value(); }

}    // namespace

void Sequencer::make_world() {
    const std::uint64_t miners = pick(3, 6);
    for (std::uint64_t i = 0; i < miners; ++i) {
        const Miner miner = one_in(8) ? pick(100'000, 1U << 30) : 1000 + i;
        m_miners.push_back(miner);
        const U256 power = one_in(10) ? U256(pick(0, 1000)) : U256::power_of_two(50);
        auto& known = m_neighbours.add_miner(miner, controller(miner), power);
        if (one_in(10)) known.power.reset();
        if (one_in(6)) known.owner = model::id_address(700 + i);
    }
    m_owner = address(0x0a11ce);
    m_guardian = address(0x06a2d);
    EthAddress operator_of_it = address(0x0b0b);
    m_people = {m_owner,        operator_of_it,          m_guardian, address(0xa11),
                address(0xa12), EthAddress::of_id(3000), stubborn()};
    m_neighbours.refusing.insert(stubborn());
    if (one_in(6)) m_owner = EthAddress::of_id(2000);
    if (one_in(6)) operator_of_it = m_owner;

    m_now = one_in(10) ? pick(1, 40) : one_in(30) ? (std::uint64_t{1} << 32) - pick(1, 400) : pick(10'000, 3'000'000);
    contract::Constructor how{
        .owner_ = m_owner, .operator_ = operator_of_it, .guardian_ = m_guardian, .first = some_params()};
    m_out.seed = m_seed;
    m_out.self = self();
    m_out.constructor = write_abi(contract::Constructor::inputs, how).value();
    (void)model::ContractModel::deploy(how, m_out.self, m_contract);
    m_neighbours.delegated[3'001'234] = model::delegated_address(m_out.self);
}

contract::Params Sequencer::some_params() {
    contract::Params out;
    const bool slow = one_in(3);
    out.slot_length = static_cast<std::uint32_t>(slow ? pick(3000, 60'000) : pick(1, 40));
    out.window_length = static_cast<std::uint32_t>(one_in(4) ? out.slot_length : pick(1, out.slot_length));
    out.lead = static_cast<std::uint32_t>(pick(1, 40));
    out.replicas = static_cast<std::uint8_t>(one_in(2) ? 1 : pick(1, 3));
    out.max_providers = static_cast<std::uint16_t>(pick(one_in(6) ? 1 : 3, 8));
    out.max_misses = static_cast<std::uint8_t>(pick(1, 4));
    out.dispute_at = static_cast<std::uint8_t>(pick(0, 2));
    out.min_term = static_cast<std::uint32_t>(pick(1, 300));
    const auto share = [&] { return static_cast<std::uint16_t>(one_in(5) ? 0 : one_in(5) ? 10'000 : pick(1, 9'999)); };
    out.upfront = share();
    out.slash = share();
    out.bounty = share();
    out.bond_step = static_cast<std::uint16_t>(pick(0, 5));
    out.bond = one_in(6) ? U256() : multiply(pick(1, 1U << 30), pick(1, 1U << 30)).value();
    out.min_power = one_in(4) ? U256() : U256(pick(0, 2000));
    out.reward_cap = fil(pick(1, 100));
    const auto recipe = keccak_256(bytes_of("recipe " + std::to_string(pick(0, 1))));
    std::ranges::copy(recipe, out.recipe.begin());
    return out;
}

/// One field is beyond what may be.
contract::Params Sequencer::spoilt(contract::Params params) {
    const bool zero = one_in(2);
    switch (m_random.below(10)) {
        case 0: params.slot_length = zero ? 0 : (1U << 24) + 1; break;
        case 1: params.window_length = zero ? 0 : params.slot_length + 1; break;
        case 2: params.lead = zero ? 0 : (1U << 24) + 1; break;
        case 3: params.replicas = zero ? 0 : 17; break;
        case 4: params.max_providers = zero ? 0 : 1025; break;
        case 5: params.max_misses = 0; break;
        case 6: params.min_term = 0; break;
        case 7: params.upfront = 10'001; break;
        case 8: params.slash = 10'001; break;
        default: params.bounty = 10'001; break;
    }
    return params;
}

void Sequencer::disturb_world() {
    auto& miner = m_neighbours.miners.at(any_of(m_miners));
    switch (m_random.below(7)) {
        case 0: miner.power = one_in(3) ? std::nullopt : std::optional(U256(pick(0, 4000))); break;
        case 1: {
            const Bytes who = model::caller_address(anybody());
            if (!miner.controls.erase(who)) miner.controls.insert(who);
            break;
        }
        case 2:
        case 3:
            for (auto& [number, sector] : miner.sectors) {
                if (one_in(2)) continue;
                sector.status = static_cast<model::Neighbours::Sector::Status>(m_random.below(3));
            }
            break;
        case 4:
            if (!miner.sectors.empty()) miner.sectors.erase(miner.sectors.begin());
            break;
        case 5:
            if (!m_neighbours.closed.erase(miner.owner) && one_in(2)) m_neighbours.closed.insert(miner.owner);
            break;
        default:
            for (auto& [id, deal] : m_neighbours.deals) {
                if (one_in(2)) continue;
                if (!deal.activated) {
                    deal.activated = m_now;
                    deal.sector = pick(1, 300);
                } else if (one_in(4)) {
                    deal.terminated = true;
                }
            }
            break;
    }
}

Sequencer::Miner Sequencer::any_miner() { return one_in(25) ? pick(0, 1100) : any_of(m_miners); }

Sequencer::Miner Sequencer::mostly_a_provider() {
    std::vector<Miner> known;
    for (const auto& [miner, provider] : m_contract.state().providers) known.push_back(miner);
    return known.empty() || one_in(8) ? any_miner() : any_of(known);
}

EthAddress Sequencer::controller(Miner miner) { return address(0xc0'0000 + miner); }

EthAddress Sequencer::anybody() { return one_in(3) ? controller(any_of(m_miners)) : any_of(m_people); }

U256 Sequencer::money() {
    if (one_in(3)) return {};
    return one_in(2) ? fil(pick(1, 200)) : multiply(pick(1, 1U << 30), pick(1, 1U << 30)).value();
}

}    // namespace filfil::incentive::differential
