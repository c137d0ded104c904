// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "sealing_yard.hpp"

#include "incentive/contract_abi.hpp"
#include "incentive/contract_client.hpp"
#include "incentive/method_number.hpp"
#include "incentive/sector_change.hpp"
#include "ipld/piece_cid.hpp"

#include <utility>

namespace filfil::market {
namespace {

namespace calls = incentive::contract::calls;
namespace methods = incentive::methods;
using incentive::EthAddress;

constexpr std::uint64_t dag_cbor = 0x51;
constexpr std::uint64_t f05 = 5;

incentive::Call message(const EthAddress& to, std::uint64_t method, Bytes params) {
    return {.to = to,
            .value = {},
            .data = incentive::encode_call<calls::HandleFilecoinMethod>(
                        {.method = method, .codec = dag_cbor, .params = std::move(params)})
                        .value()};
}

}    // namespace

std::uint64_t SealingYard::new_sector(std::uint64_t miner) {
    const std::uint64_t sector = m_next_sector++;
    incentive::model::Neighbours::Sector made;
    made.expiration = m_chain.head() + sector_life;
    m_chain.neighbours.miners[miner].sectors[sector] = made;
    ++sealed;
    return sector;
}

/// FIP-0109: the miner's actor tells of the pieces that came into a sector.
void SealingYard::prove(const FakeDeal& deal, std::uint64_t miner) {
    const auto cid = ipld::Cid::parse(deal.piece);
    const auto info = ipld::read_piece_cid(*cid);
    const std::uint64_t sector = new_sector(miner);
    incentive::SectorChange change;
    change.sector = sector;
    change.until = static_cast<std::int64_t>(m_chain.head() + sector_life);
    change.pieces = {
        {.piece = ipld::piece_cid_v1(info->root), .size = ipld::padded_size_of(deal.payload_size), .payload = {}}};
    m_chain.send_as(EthAddress::of_id(miner), message(m_contract, methods::sector_content_changed,
                                                      incentive::encode_sector_changes({change}).value()));
}

/// FIP-0044: f05 tells the client of a deal that it has.
void SealingYard::publish(const FakeDeal& deal) {
    const std::uint64_t number = 1000 + ++published;
    m_chain_deals[deal.id] = number;
    m_chain.neighbours.deals[number] = {};
    m_chain.send_as(EthAddress::of_id(f05),
                    message(m_contract, methods::market_notify_deal,
                            incentive::encode(incentive::NotifyDealParams{.proposal = deal.terms, .deal = number})));
}

void SealingYard::activate(const FakeDeal& deal, std::uint64_t miner) {
    auto& known = m_chain.neighbours.deals[m_chain_deals[deal.id]];
    known.sector = new_sector(miner);
    known.activated = m_chain.head();
}

/// Curio's ddo_v1 asks verifyDeal before it takes one.
Result<bool> SealingYard::wants(const rpc::Json& deal) const {
    const rpc::Json& ddo = deal["products"]["ddo_v1"];
    FILFIL_TRY(const ipld::Cid piece, ipld::Cid::parse(deal["data"]["piece_cid"]["/"].get<std::string>()));
    FILFIL_TRY(const chain::Address client, chain::Address::parse(deal["client"].get<std::string>()));
    FILFIL_TRY(const chain::Address provider, chain::Address::parse(ddo["provider"].get<std::string>()));
    calls::VerifyDeal::Input view;
    view.deal.deal_id = incentive::U256(ddo["market_deal_id"].get<std::uint64_t>());
    view.deal.provider_actor_id = incentive::U256(std::stoull(provider.text().substr(2)));
    view.deal.client_id = to_bytes(client.bytes());
    view.deal.piece_cid_v2 = to_bytes(piece.bytes());
    view.deal.duration = incentive::U256(ddo["duration"].get<std::uint64_t>());
    const auto outcome =
        m_chain.look(m_chain.head(), EthAddress(),
                     {.to = m_contract, .data = incentive::encode_call<calls::VerifyDeal>(view).value()});
    if (!outcome.succeeded) return Error(ErrorCode::not_found, "no such deal");
    FILFIL_TRY(const auto answer, incentive::decode_output<calls::VerifyDeal>(outcome.output));
    return answer.value;
}

bool SealingYard::authenticates(const incentive::DealProposal& proposal) const {
    const auto terms = incentive::encode(proposal);
    if (!terms.ok()) return false;
    return m_chain
        .look(m_chain.head(), EthAddress::of_id(f05),
              message(m_contract, methods::authenticate_message,
                      incentive::encode(incentive::AuthenticateParams{.signature = {}, .message = *terms})))
        .succeeded;
}

void SealingYard::join(FakeMk20& market, std::uint64_t miner) {
    market.verify_deal = [this](const rpc::Json& deal) { return wants(deal); };
    market.on_proven = [this, miner](const FakeDeal& deal) { prove(deal, miner); };
}

void SealingYard::join_f05(FakeMarket& market, F05Rules& rules, std::uint64_t miner) {
    rules.authenticate = [this](const incentive::DealProposal& proposal) { return authenticates(proposal); };
    market.on_published = [this](const FakeDeal& deal) { publish(deal); };
    market.on_proven = [this, miner](const FakeDeal& deal) { activate(deal, miner); };
}

void SealingYard::join(FakeMk12& market, std::uint64_t miner) { join_f05(market, market.rules, miner); }

void SealingYard::join(FakeBoost& market, std::uint64_t miner) { join_f05(market, market.rules, miner); }

}    // namespace filfil::market
