// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "sealing_plant.hpp"

#include "base/base64.hpp"
#include "incentive/deal_proposal.hpp"
#include "ipld/piece_cid.hpp"

#include <algorithm>

namespace filfil::e2e {
namespace {

using incentive::AbiValue;

constexpr std::uint64_t market_actor = 5;

/// The market's deals go on by a step with every so many looks.
constexpr unsigned looks_a_step = 6;

/// Sectors last longer than anything here.
constexpr std::uint64_t sector_life = 100'000;
constexpr std::uint64_t deal_sector_life = 1'000'000;

std::string masked(std::uint64_t actor) { return incentive::EthAddress::of_id(actor).lower_text(); }

bool all_settled(const std::vector<std::unique_ptr<Dispatch>>& sent) {
    return !sent.empty() && std::ranges::all_of(sent, [](const auto& one) { return one->settled(); });
}

ipld::PieceCidInfo info_of(const Json& deal) {
    return value_in(ipld::read_piece_cid(value_in(ipld::Cid::parse(deal["piece"].get<std::string>()))));
}

/// What Curio puts beside the piece when it tells the contract.
Bytes notification_of(const Json& deal) {
    const Json proposal = Json::parse(deal["proposal"].get<std::string>(), nullptr, false);
    return value_in(from_base64(proposal["products"]["ddo_v1"]["notification_payload"].get<std::string>()));
}

incentive::DealProposal terms_of(const Json& deal) {
    return value_in(incentive::decode_deal_proposal(value_in(from_hex(deal["terms"].get<std::string>()))));
}

}    // namespace

unsigned SealingPlant::progress(std::size_t deals) const {
    if (deals == 0 || !m_report.contains("deals") || m_report["deals"].size() < deals) return 0;
    unsigned least = 5;
    for (const Json& deal : m_report["deals"]) least = std::min(least, deal["step"].get<unsigned>() + 1);
    return least;
}

void SealingPlant::look() {
    if (m_goes_on && ++m_looks % looks_a_step == 0) m_market.tell({{"advance", 1}});
    m_report = m_market.report();
    if (testing::Test::HasFailure()) return;
    m_sent = 0;
    m_settled = 0;
    for (const Json& deal : m_report["deals"]) {
        Work& work = m_work[deal["id"].get<std::string>()];
        const bool by_f05 = deal["terms"] != "";
        const auto step = deal["step"].get<unsigned>();
        if (work.sector == 0) work.sector = m_party.miner * 100 + m_work.size();
        if (by_f05 && step >= 2) publish(work, deal);
        if (by_f05 && step >= 3) activate(work, deal);
        if (!by_f05 && step >= 3) prove(work, deal);
        if (!work.notice.empty()) ++m_sent;
        if (work.noticed) ++m_settled;
    }
}

void SealingPlant::send(std::vector<std::unique_ptr<Dispatch>>& to, std::uint64_t actor, const std::string& data) {
    to.push_back(std::make_unique<Dispatch>(m_scene.evm(), m_scene.account(RoundsScene::actors), masked(actor), data));
}

/// As ProveReplicaUpdates3 does.
void SealingPlant::prove(Work& work, const Json& deal) {
    if (work.notice.empty()) {
        const auto info = info_of(deal);
        const auto contract = value_in(incentive::EthAddress::parse(m_scene.contract().address()));
        // Braces around a single list would copy it.
        AbiValue::List pieces(1);
        pieces[0] = AbiValue::List{to_bytes(ByteView(info.root)), ipld::padded_size_of(info.payload_size.value_or(0)),
                                   notification_of(deal)};
        AbiValue::List sectors(1);
        sectors[0] = AbiValue::List{work.sector, m_scene.epoch() + sector_life, std::move(pieces)};
        send(work.notice, m_party.miner,
             data_of_call("prove(address,(uint64,int64,(bytes32,uint64,bytes)[])[],bool)", {contract, sectors, true}));
    }
    if (!work.noticed) work.noticed = all_settled(work.notice);
}

/// As PublishStorageDeals does.
void SealingPlant::publish(Work& work, const Json& deal) {
    if (work.notice.empty()) {
        const incentive::DealProposal terms = terms_of(deal);
        const auto client = value_in(incentive::eth_address_of(terms.client));
        EXPECT_EQ(client.lower_text(),
                  value_in(incentive::EthAddress::parse(m_scene.contract().address())).lower_text());
        AbiValue::List amounts{terms.price, terms.provider_collateral, terms.client_collateral};
        AbiValue::List proposals(1);
        proposals[0] = AbiValue::List{client,
                                      to_bytes(ByteView(info_of(deal).root)),
                                      terms.piece_size,
                                      terms.verified,
                                      m_party.miner,
                                      terms.label.content,
                                      static_cast<std::uint64_t>(terms.start),
                                      static_cast<std::uint64_t>(terms.end),
                                      std::move(amounts)};
        AbiValue::List input(1);
        input[0] = std::move(proposals);
        send(work.notice, market_actor,
             data_of_call("publish((address,bytes32,uint64,bool,uint64,string,int64,int64,uint256[3])[])", input));
    }
    if (!work.noticed) work.noticed = all_settled(work.notice);
}

/// Its sector is proven, and f05 knows that; nobody tells the contract.
void SealingPlant::activate(Work& work, const Json& deal) {
    if (!work.noticed || work.done) return;
    if (work.sealed.empty()) {
        const auto number = number_of(to_hex(info_of(deal).root));
        if (!number) return;
        const std::uint64_t active = 1;
        send(work.sealed, m_party.miner,
             data_of_call(
                 "setSector(uint64,uint8,uint64,uint64,int64)",
                 {work.sector, active, work.sector % 48, work.sector / 48, m_scene.epoch() + deal_sector_life}));
        send(work.sealed, market_actor, data_of_call("activate(uint64,uint64)", {*number, work.sector}));
    }
    work.done = all_settled(work.sealed);
}

/// f05's number of the deal with a piece, as the contract was told it; nothing while a reorganisation has that.
std::optional<std::uint64_t> SealingPlant::number_of(const std::string& root) const {
    for (const auto& logged : m_scene.contract().logs<events::DealPublished>()) {
        const auto& one = logged.event;
        const auto piece = m_scene.contract().read<calls::Piece>({.slot = one.slot, .index = one.piece});
        if (one.miner == m_party.miner && to_hex(piece.root) == root) return one.deal_id;
    }
    return std::nullopt;
}

}    // namespace filfil::e2e
