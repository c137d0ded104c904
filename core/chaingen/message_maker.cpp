// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "chaingen/message_maker.hpp"

#include "chaingen/links.hpp"
#include "ipld/amt.hpp"

#include <algorithm>
#include <tuple>

namespace filfil::chaingen {
namespace {

constexpr ipld::Codec dag_cbor = ipld::Codec::dag_cbor;

/// Messages that wait for a block; more are forgotten.
constexpr std::size_t most_waiting = 500;

/// Bytes of a message's parameters: none for a payment; some for most; many for proofs of many sectors.
std::size_t draw_parameters(Draws& draws) {
    const std::uint64_t kind = draws.below(20);
    if (kind < 6) return 0;
    if (kind < 15) return 24 + draws.below(300);
    if (kind < 19) return 300 + draws.below(900);
    return 1200 + draws.below(3000);
}

/// lotus chain/types/message.go Message, or signedmessage.go SignedMessage.
void put_message(ipld::CborWriter& out, Draws& draws, bool bls) {
    if (!bls) out.list(2);
    out.list(10);
    out.number(0);
    out.head(ipld::cbor_bytes, 21);
    ByteSpan to = out.grow(21);
    draws.fill(to);
    to[0] = std::byte{2};    // an actor's address
    const std::size_t from_size = bls ? 49 : 21;
    out.head(ipld::cbor_bytes, from_size);
    ByteSpan from = out.grow(from_size);
    draws.fill(from);
    from[0] = bls ? std::byte{3} : std::byte{1};
    out.number(draws.below(1'000'000));
    if (draws.below(2) == 0)
        put_nothing(out);
    else
        put_amount(out, draws, 8);
    out.number(1'000'000 + draws.below(100'000'000));
    put_amount(out, draws, 4);
    put_amount(out, draws, 3);
    out.number(draws.below(30));
    put_drawn(out, draws, draw_parameters(draws));
    if (bls) return;
    out.head(ipld::cbor_bytes, 66);
    ByteSpan signature = out.grow(66);
    draws.fill(signature);
    signature[0] = std::byte{1};    // of secp256k1
}

}    // namespace

void MessageMaker::next_tipset() {
    ++m_tipsets;
    m_tipset.clear();
    m_known_by_tipset.emplace_back();
    // A list that stands in a new one holds a message at most half as old as what is remembered.
    while (m_known_by_tipset.size() > 2 * m_remember + 2) {
        for (const ipld::Cid& cid : m_known_by_tipset.front()) m_known.erase(cid);
        m_known_by_tipset.pop_front();
    }
    while (!m_waiting.empty() && m_waiting.front().made + m_remember < m_tipsets) m_waiting.pop_front();
}

void MessageMaker::drop(const std::vector<Message>& messages) {
    m_waiting.insert(m_waiting.end(), messages.begin(), messages.end());
    std::ranges::sort(m_waiting, [](const Message& a, const Message& b) {
        return std::tie(a.made, a.digest) < std::tie(b.made, b.digest);
    });
    while (m_waiting.size() > most_waiting) m_waiting.pop_front();
}

Result<ipld::Cid> MessageMaker::make_block(Draws& draws, const CommonBlocks& common, BlockBatch& batch) {
    FILFIL_TRY(const std::vector<Message> messages, choose(draws, batch));
    const ipld::Cid none(dag_cbor, {ipld::HashCode::blake2b_256, common.no_messages});
    if (messages.empty()) return none;
    ipld::CborWriter out;
    out.list(2);
    for (const bool bls : {true, false}) {
        if (std::ranges::none_of(messages, [&](const Message& message) { return message.bls == bls; })) {
            put_link(out, common.empty_messages);
            continue;
        }
        FILFIL_TRY(const ipld::Cid list, make_list(messages, bls, batch));
        out.link(list.bytes());
    }
    ipld::Cid cid = ipld::cid_of_block(dag_cbor, out.bytes());
    FILFIL_CHECK(give_once(cid, out.bytes(), batch));
    return cid;
}

/// Takes messages of the tipset's other blocks, of those that wait, and new ones.
Result<std::vector<Message>> MessageMaker::choose(Draws& draws, BlockBatch& batch) {
    std::vector<Message> chosen;
    const std::size_t before = m_tipset.size();
    std::size_t next_shared = 0;
    std::vector<std::size_t> fresh;
    for (std::uint64_t i = 0; i < m_per_block; ++i) {
        const std::uint64_t kind = draws.below(8);
        if (kind < 2 && next_shared < before) {
            // In the order in which they stand, so that none comes twice in a block.
            next_shared += draws.below(std::max<std::uint64_t>(1, (before - next_shared) / m_per_block));
            chosen.push_back(m_tipset[next_shared++]);
        } else if (kind < 5 && !m_waiting.empty()) {
            chosen.push_back(m_waiting.front());
            m_tipset.push_back(m_waiting.front());
            m_waiting.pop_front();
        } else {
            fresh.push_back(chosen.size());
            chosen.push_back({.bls = draws.below(5) < 3, .made = m_tipsets});
        }
    }
    for (const std::size_t i : fresh) {
        put_message(batch.begin(), draws, chosen[i].bls);
        FILFIL_CHECK(batch.end(dag_cbor, chosen[i].digest));
    }
    FILFIL_CHECK(batch.flush());
    for (const std::size_t i : fresh) m_tipset.push_back(chosen[i]);
    return chosen;
}

Result<ipld::Cid> MessageMaker::make_list(const std::vector<Message>& messages, bool bls, BlockBatch& batch) {
    // A list's value is a link.
    std::vector<Bytes> links;
    for (const Message& message : messages) {
        if (message.bls != bls) continue;
        ipld::CborWriter link;
        put_link(link, message.digest);
        links.push_back(to_bytes(link.bytes()));
    }
    std::vector<ipld::AmtEntry> entries;
    entries.reserve(links.size());
    for (const Bytes& link : links) entries.push_back({entries.size(), link});
    return ipld::write_amt(entries, ipld::message_amt,
                           [&](const ipld::Cid& cid, ByteView data) { return give_once(cid, data, batch); });
}

Result<void> MessageMaker::give_once(const ipld::Cid& cid, ByteView data, BlockBatch& batch) {
    if (!m_known.insert(cid).second) return {};
    m_known_by_tipset.back().push_back(cid);
    return batch.give(cid.bytes(), data);
}

}    // namespace filfil::chaingen
