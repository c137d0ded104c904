// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "incentive/model/addresses.hpp"
#include "incentive/model/machine.hpp"

#include <algorithm>

// What Filecoin's actors tell and ask, and what Curio's market asks.

namespace filfil::incentive::model {
namespace {

constexpr std::uint64_t authenticate_message = 2643134072;
constexpr std::uint64_t market_notify_deal = 4186741094;
constexpr std::uint64_t sector_content_changed = 2034386435;
constexpr std::uint64_t receive_tokens = 3726118371;
constexpr std::uint64_t cbor_codec = 0x51;
constexpr std::uint64_t market_actor = 5;
constexpr std::uint64_t most_delay = 40'320;    ///< epochs from a deal's publication to its start: two weeks

constexpr std::byte cbor_true{0xf5};

void append(Bytes& to, const Bytes& more) { to.insert(to.end(), more.begin(), more.end()); }

}    // namespace

calls::HandleFilecoinMethod::Output Machine::handle_filecoin_method(const calls::HandleFilecoinMethod::Input& in) {
    if (in.method == receive_tokens) revert(errors::FilPlusRefused{});
    if (in.method != authenticate_message && in.method != market_notify_deal && in.method != sector_content_changed)
        revert(errors::UnknownMethod{.method = in.method});
    if (in.codec != cbor_codec) revert(errors::UnknownCodec{.codec = in.codec});
    if (in.method == market_notify_deal) {
        notified(in.params);
        return {};
    }
    return {.return_codec = cbor_codec,
            .answer = in.method == sector_content_changed ? changed(in.params) : authenticate(in.params)};
}

/// Sectors that became active (FIP-0109). Each piece is accepted, whether it counts or not: a refusal would undo the
/// provider's whole batch.
Bytes Machine::changed(ByteView input) {
    const auto miner = m_message.from.id();
    if (!miner) revert(errors::NotAnActor{.by = m_message.from});
    if (!open_rounds().due(m_now)) judge(*miner);

    CborReader reader(input);
    const std::uint64_t sectors = reader.list();
    Bytes answer = cbor_head(4, sectors);
    for (std::uint64_t i = 0; i < sectors; ++i) {
        reader.tuple(3);
        const std::uint64_t sector = reader.number();
        const std::int64_t until = std::max<std::int64_t>(reader.integer(), 0);
        const std::uint64_t pieces = reader.list();
        append(answer, cbor_head(4, pieces));
        for (std::uint64_t j = 0; j < pieces; ++j) {
            reader.tuple(3);
            const Root root = reader.commitment();
            const std::uint64_t padded = reader.number();
            (void)reader.bytes();    // what the provider had to say
            proven(*miner, root, padded, sector, static_cast<std::uint64_t>(until));
            answer.push_back(cbor_true);
        }
    }
    reader.end();
    return answer;
}

/// Of [signature, message]: the message is the proposal.
Bytes Machine::authenticate(ByteView input) {
    CborReader reader(input);
    reader.tuple(2);
    (void)reader.bytes();
    const ByteView message = reader.bytes();
    reader.end();
    (void)agree(read_proposal(message));
    return {cbor_true};
}

/// Of [proposal, deal id], after it was published.
void Machine::notified(ByteView input) {
    if (m_message.from.id() != market_actor) revert(errors::NotAnActor{.by = m_message.from});
    CborReader reader(input);
    reader.tuple(2);
    const Proposal proposal = read_proposal(reader.bytes());
    const std::uint64_t deal = reader.number();
    reader.end();
    const bool all_open = !open_rounds().due(m_now);
    const Miner miner = id_of_address(proposal.provider).value_or(0);
    if (all_open) judge(miner);
    publish(miner, agree(proposal), deal, static_cast<std::uint64_t>(proposal.start),
            static_cast<std::uint64_t>(proposal.end));
}

/// Ends the call where a proposal is not one that the contract makes. The numbers are places in the proposal.
PieceKey Machine::agree(const Proposal& proposal) {
    if (proposal.verified) revert(errors::FilPlusRefused{});
    if (!is_address_of(proposal.client, m_state.self, m_outside)) revert(errors::BadDeal{.field = 3});
    const auto miner = id_of_address(proposal.provider);
    if (!miner) revert(errors::BadDeal{.field = 4});
    const auto now = static_cast<std::int64_t>(m_now);
    if (proposal.start <= now || proposal.start > now + static_cast<std::int64_t>(most_delay))
        revert(errors::BadDeal{.field = 6});
    if (proposal.end <= proposal.start) revert(errors::BadDeal{.field = 7});
    if (proposal.priced) revert(errors::BadDeal{.field = 8});
    if (proposal.escrowed) revert(errors::BadDeal{.field = 10});
    const auto term = static_cast<std::uint64_t>(proposal.end - proposal.start);
    const Checked checked = check(*miner, proposal.root, proposal.size, *add(U256(m_now), term));
    if (checked.why != Refusal::none) revert(errors::Refused{.reason = static_cast<std::uint8_t>(checked.why)});
    return *checked.piece;
}

const contract::Piece& Machine::piece_of_deal(const U256& deal) const {
    const auto number = deal.as_uint64();
    if (number && *number >> 40 == 0) {
        const auto slot = m_state.slots.find(static_cast<std::uint32_t>(*number >> 8));
        const PieceKey key = PieceKey::of(0, static_cast<std::uint8_t>(*number));
        if (slot != m_state.slots.end() && key.index < slot->second.staging(key.alternative).size())
            return slot->second.staging(key.alternative)[key.index];
    }
    revert(errors::DealNotFound{.deal_id = deal});
}

calls::VerifyDeal::Output Machine::verify_deal(const calls::VerifyDeal::Input& in) {
    const contract::CurioDealView& deal = in.deal;
    const contract::Piece& piece = piece_of_deal(deal.deal_id);
    if (deal.state > 2) revert_silently();    // no such state
    if (deal.state != 0 || !deal.allocation_id.zero() || !deal.finalized_epoch.zero()) return {};
    const auto miner = deal.provider_actor_id.as_uint64();
    const auto duration = deal.duration.as_uint64();
    const auto wanted_start = deal.start_epoch.as_uint64();
    if (!miner || !duration || !wanted_start) return {};
    const auto cid = read_piece_cid(deal.piece_cid_v2);
    if (!cid || cid->root != piece.root || cid->log2_padded != piece.log2_padded || cid->raw_size != piece.raw_size)
        return {};
    const U256 until = *add(U256(std::max(*wanted_start, m_now)), *duration);
    const Checked checked = check(*miner, cid->root, std::uint64_t{1} << cid->log2_padded, until);
    return {.value = checked.why == Refusal::none};
}

calls::GetDealState::Output Machine::get_deal_state(const calls::GetDealState::Input& in) {
    (void)piece_of_deal(in.deal_id);
    const auto slot = static_cast<std::uint32_t>(*in.deal_id.as_uint64() >> 8);
    enum : std::uint8_t { open, active, finalized };
    if (m_now < m_state.slots.at(slot).close) return {.value = open};
    return {.value = m_state.holders.contains(slot) ? active : finalized};
}

}    // namespace filfil::incentive::model
