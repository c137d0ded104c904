// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "showcase/play.hpp"

#include "incentive/method_number.hpp"
#include "incentive/sector_change.hpp"
#include "ipld/piece_cid.hpp"
#include "showcase/taken_snapshot.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace filfil::showcase {
namespace {

namespace contract = incentive::contract;
namespace calls = incentive::contract::calls;
namespace methods = incentive::methods;
namespace model = incentive::model;
using incentive::EthAddress;
using incentive::U256;

constexpr std::uint64_t dag_cbor = 0x51;
constexpr std::uint64_t sector_life = 600 * 2880;    ///< epochs
constexpr std::uint64_t replicas = 2;

/// Things that need not be done in every block.
constexpr std::uint64_t now_and_then = 10;
constexpr std::uint64_t pay_day = 90;

U256 fil(std::uint64_t amount) { return incentive::multiply(amount, 1'000'000'000'000'000'000U).value(); }

/// A miner's sectors are numbered by what is in them, so that proving again is the same sector.
std::uint64_t sector_of(std::uint64_t deal) { return deal >> 8; }

std::uint32_t slot_of_deal(std::uint64_t deal) { return static_cast<std::uint32_t>(deal >> 8); }
std::uint8_t piece_of_deal(std::uint64_t deal) { return static_cast<std::uint8_t>(deal); }

}    // namespace

Play::Play(model::ModelChain& chain, commp::Backend& backend, LogSink& log, const Terms& terms,
           const EthAddress& wallet)
    : m_chain(chain), m_backend(backend), m_log(log), m_terms(terms), m_providers(providers(wallet)) {}

Result<void> Play::set_up() {
    contract::Constructor how{.owner_ = person(owner_number),
                              .operator_ = person(operator_number),
                              .guardian_ = person(owner_number),
                              .first = {.slot_length = m_terms.slot,
                                        .window_length = m_terms.slot,
                                        .lead = m_terms.lead,
                                        .replicas = replicas,
                                        .max_providers = 16,
                                        // Nobody who only looks on is thrown out.
                                        .max_misses = 250,
                                        .dispute_at = 2,
                                        .min_term = 518'400,
                                        .upfront = 3'000,
                                        .slash = 2'000,
                                        .bounty = 5'000,
                                        .bond_step = 0,
                                        .bond = fil(10),
                                        .min_power = U256::power_of_two(40),
                                        .reward_cap = fil(10),
                                        .recipe = snapshot::hash_of(m_terms.recipe)}};
    m_at = model::created_by(person(owner_number), 0);
    const model::Outcome out = m_chain.deploy(m_at, how);
    if (!out.succeeded) return Error(ErrorCode::internal, "the contract refuses the terms of the play");
    for (const std::uint8_t who : {operator_number, sponsor_number, watchman_number, owner_number})
        m_chain.give(person(who), fil(1'000'000));
    for (const Provider& provider : m_providers) {
        m_chain.give(provider.owner, fil(1'000));
        m_chain.neighbours.add_miner(provider.miner, provider.owner, U256::power_of_two(50));
    }
    return {};
}

void Play::watch(node::DevnetChain& chain, TipsetAt tipset_at) {
    m_devnet = &chain;
    m_tipset_at = std::move(tipset_at);
}

template <class Call>
std::optional<typename Call::Output> Play::read(const typename Call::Input& input) const {
    const auto data = incentive::encode_call<Call>(input);
    if (!data.ok()) return std::nullopt;
    const auto out = m_chain.look(m_chain.head(), {}, {.to = m_at, .value = {}, .data = *data});
    auto read = out.succeeded ? incentive::decode_output<Call>(out.output) : Error(ErrorCode::internal, "reverted");
    if (!read.ok()) return std::nullopt;
    return *std::move(read);
}

template <class Call>
bool Play::send(const EthAddress& from, const typename Call::Input& input, const U256& value) {
    auto data = incentive::encode_call<Call>(input);
    if (!data.ok()) return false;
    incentive::Call call{.to = m_at, .value = value, .data = *std::move(data)};
    if (!m_chain.look(m_chain.head(), from, call).succeeded) return false;
    m_chain.send_as(from, std::move(call));
    return true;
}

void Play::act() {
    look_after_money();
    for (const Provider& provider : m_providers) {
        gather(provider);
        store(provider);
        look_after_sectors(provider);
        judge(provider);
        collect(provider);
    }
    if (m_devnet != nullptr) stage();
}

void Play::look_after_money() {
    if (U256(state().money.pool) < fil(30))
        send<calls::Fund>(person(sponsor_number), {.memo = "for the archive"}, fil(100));
    if (now() % now_and_then != 0) return;
    for (const auto& [number, slot] : state().slots)
        if (slot.close + now_and_then < now() && !U256(slot.locked).zero())
            send<calls::Reclaim>(person(watchman_number), {.slot = number});
}

void Play::gather(const Provider& provider) {
    const auto known = state().providers.find(provider.miner);
    const bool leaves = provider.exits_at != 0 && now() >= provider.exits_at;
    if (known == state().providers.end()) {
        if (leaves) return;
        const auto bond = read<calls::BondNow>();
        if (bond) send<calls::Register>(provider.owner, {.miner = provider.miner}, bond->value);
        return;
    }
    if (leaves && known->second.standing == incentive::Standing::active)
        send<calls::Exit>(provider.owner, {.miner = provider.miner});
    if (!provider.endpoint.empty() && !m_announced.contains(provider.miner) &&
        send<calls::SetEndpoint>(provider.owner, {.miner = provider.miner, .url = std::string(provider.endpoint)}))
        m_announced.insert(provider.miner);
}

void Play::stage() {
    const auto round = read<calls::Round>();
    if (!round || round->value.number == 0) return;
    const std::uint32_t open = round->value.number;
    for (const std::uint32_t number : {open, open + 1})
        for (std::uint16_t index = 0;; ++index) {
            const std::uint32_t slot = number << 16 | index;
            const auto window = read<calls::SlotWindow>({.slot = slot});
            if (!window) break;
            if (window->target + m_terms.final_after > now()) break;
            if (now() + 1 < window->closing && !state().slots.contains(slot)) stage_slot(slot, window->target);
        }
}

void Play::stage_slot(std::uint32_t slot, std::uint64_t target) {
    const auto tipset = m_tipset_at(Epoch{static_cast<std::int64_t>(target)});
    auto args = tipset.ok() ? take_snapshot(*m_devnet, **tipset, m_terms.recipe, m_backend) : tipset.error();
    if (!args.ok()) {
        m_log.write(LogLevel::warning, "showcase",
                    "slot " + std::to_string(slot) + " is not staged: " + args.error().message);
        return;
    }
    args->slot = slot;
    args->reward = fil(2);
    send<calls::Stage>(person(operator_number), {.args = *std::move(args)});
}

void Play::store(const Provider& provider) {
    if (provider.own && m_curtain && now() >= *m_curtain) return;
    const auto window = read<calls::Windows>({.miner = provider.miner});
    if (!window || window->end == 0 || now() < window->start + provider.delay) return;
    const std::uint64_t round = incentive::round_of(window->slot);
    if (provider.skips_every != 0 && round % provider.skips_every == 0) return;
    const auto staged = state().slots.find(window->slot);
    if (staged == state().slots.end()) return;
    for (std::size_t piece = 0; piece < staged->second.pieces.size(); ++piece)
        prove(provider.miner, incentive::deal_of(window->slot, static_cast<std::uint8_t>(piece)));
}

bool Play::holds(std::uint64_t miner, std::uint64_t deal) const {
    const auto piece = model::PieceKey::of(slot_of_deal(deal), piece_of_deal(deal));
    return state().holdings.contains({piece, miner});
}

bool Play::prove(std::uint64_t miner, std::uint64_t deal) {
    const auto staged = state().slots.find(slot_of_deal(deal));
    const std::uint8_t piece = piece_of_deal(deal);
    if (staged == state().slots.end() || holds(miner, deal)) return false;
    const auto key = model::PieceKey::of(slot_of_deal(deal), piece);
    const auto& pieces = staged->second.staging(key.alternative);
    if (key.index >= pieces.size() || now() < staged->second.open || now() >= staged->second.close) return false;
    incentive::SectorChange change;
    change.sector = sector_of(deal);
    change.until = static_cast<std::int64_t>(now() + sector_life);
    change.pieces = {{.piece = ipld::piece_cid_v1(pieces[key.index].root),
                      .size = std::uint64_t{1} << pieces[key.index].log2_padded,
                      .payload = {}}};
    auto params = incentive::encode_sector_changes({change});
    if (!params.ok()) return false;
    m_chain.neighbours.miners[miner].sectors[change.sector] = {
        .deadline = change.sector % 48, .partition = 0, .expiration = now() + sector_life};
    return send<calls::HandleFilecoinMethod>(
        EthAddress::of_id(miner),
        {.method = methods::sector_content_changed, .codec = dag_cbor, .params = *std::move(params)});
}

/// The first sector of the unlucky is gone; somebody reports it.
void Play::look_after_sectors(const Provider& provider) {
    if (provider.loses_at == 0 || now() < provider.loses_at) return;
    const auto held =
        std::ranges::find(state().holdings, provider.miner, [](const auto& one) { return one.first.second; });
    if (held == state().holdings.end() || held->second.state != incentive::Held::active) return;
    auto& sectors = m_chain.neighbours.miners[provider.miner].sectors;
    sectors.erase(held->second.sector);
    send<calls::ReportDead>(person(watchman_number),
                            {.slot = held->first.first.slot,
                             .piece = held->first.first.piece(),
                             .miner = provider.miner,
                             .aux = m_chain.neighbours.location(provider.miner, held->second.sector)});
}

void Play::judge(const Provider& provider) {
    if (now() % now_and_then == provider.miner % now_and_then)
        send<calls::Poke>(person(watchman_number), {.miner = provider.miner});
}

/// What was earned is settled and withdrawn. The watcher does that himself, once there is one.
void Play::collect(const Provider& provider) {
    if (now() % pay_day != provider.miner % pay_day || (provider.own && m_curtain && now() + pay_day > *m_curtain))
        return;
    for (const auto& [key, holding] : state().holdings)
        if (key.second == provider.miner && holding.state == incentive::Held::active)
            send<calls::Settle>(provider.owner, {.slot = key.first.slot,
                                                 .piece = key.first.piece(),
                                                 .miner = provider.miner,
                                                 .aux = m_chain.neighbours.location(provider.miner, holding.sector)});
    send<calls::Withdraw>(provider.owner, {.miner = provider.miner});
}

}    // namespace filfil::showcase
