// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "random_chain.hpp"

#include "base/random.hpp"
#include "cbor_bytes.hpp"
#include "ipld/digest.hpp"
#include "random_dag.hpp"

#include <algorithm>

namespace filfil::reference {

using ipld::Cid;

Bytes encode_header(const HeaderSpec& spec) {
    CborBytes out;
    out.list(16).string(bytes_of("miner")).list(1).string(spec.ticket).null().list(0).list(0).list(spec.parents.size());
    for (const Cid& parent : spec.parents) out.link(parent);
    out.string(bytes_of("weight")).number(static_cast<std::uint64_t>(spec.height));
    out.link(spec.state_root).link(spec.receipts).link(spec.messages);
    out.null().number(1'598'306'400 + 30 * static_cast<std::uint64_t>(spec.height)).null().number(0).string({});
    return std::move(out).bytes();
}

std::vector<std::size_t> RandomChain::line(std::size_t tipset) const {
    std::vector<std::size_t> out{tipset};
    while (tipsets[out.back()].parent) out.push_back(*tipsets[out.back()].parent);
    return out;
}

std::optional<std::size_t> RandomChain::find(const chain::TipsetKey& key) const {
    const auto found = std::ranges::find(tipsets, key, &RandomTipset::key);
    if (found == tipsets.end()) return std::nullopt;
    return static_cast<std::size_t>(found - tipsets.begin());
}

std::vector<Step> steps_between(const RandomChain& chain, std::size_t from, std::size_t to) {
    std::vector<std::size_t> down = chain.line(from);
    std::vector<std::size_t> up = chain.line(to);
    while (!down.empty() && !up.empty() && down.back() == up.back()) {
        down.pop_back();
        up.pop_back();
    }
    std::vector<Step> out;
    for (const std::size_t tipset : down) out.push_back({false, tipset});
    for (auto i = up.rbegin(); i != up.rend(); ++i) out.push_back({true, *i});
    return out;
}

namespace {

class ChainMaker {
public:
    ChainMaker(std::uint64_t seed, const ChainShape& shape)
        : m_random(seed), m_shape(shape), m_dag(m_random, m_out.blocks) {}

    RandomChain make() {
        add_genesis();
        while (m_out.tipsets.size() < m_shape.tipsets) {
            const std::size_t newest = m_out.tipsets.size() - 1;
            const bool fork = m_random.below(100) < m_shape.fork_percent;
            const std::size_t parent =
                fork ? newest - std::min<std::size_t>(newest, m_random.below(m_shape.fork_depth)) : newest;
            // Part of the blocks of a tipset are a tipset too: who has not seen the others builds on it.
            if (m_random.below(10) == 0 && m_out.tipsets[newest].key.size() > 1)
                add_part_of(newest);
            else
                add(parent);
        }
        return std::move(m_out);
    }

private:
    Bytes some_bytes(std::size_t size) {
        Bytes out(size);
        m_random.fill(out);
        return out;
    }

    Cid receipts() { return Cid(ipld::Codec::dag_cbor, {ipld::HashCode::blake2b_256, some_bytes(32)}); }

    /// Nearly always a new one.
    Cid state() {
        if (m_states.empty() || m_random.below(8) != 0) m_states.push_back(m_dag.tree(m_shape.new_state_blocks));
        return m_states[m_states.size() - 1 - m_random.below(std::min<std::size_t>(m_states.size(), 2))];
    }

    Cid messages() {
        if (m_random.below(20) == 0 && !m_states.empty()) return m_states.back();
        if (m_messages.empty() || m_random.below(4) != 0) m_messages.push_back(m_dag.tree(m_shape.new_message_blocks));
        return m_messages.back();
    }

    void add_genesis() {
        // What genesis names as its parent links to a block that nobody has, and is not to be opened.
        Bytes parent = CborBytes().list(1).link(receipts()).bytes();
        const Cid parent_cid(ipld::Codec::dag_cbor, {ipld::HashCode::sha2_256, ipld::sha2_256(parent)});
        m_out.blocks.emplace(parent_cid, std::move(parent));
        m_dag.tree(3 * m_shape.new_state_blocks);
        add_blocks({parent_cid}, 0, std::nullopt, 1);
    }

    void add(std::size_t parent) {
        std::int64_t height = m_out.tipsets[parent].height + 1;
        if (m_random.below(100) < m_shape.null_percent) height += 1 + static_cast<std::int64_t>(m_random.below(3));
        add_blocks(m_out.tipsets[parent].key, height, parent, 1 + m_random.below(m_shape.most_blocks));
    }

    void add_blocks(const chain::TipsetKey& parents, std::int64_t height, std::optional<std::size_t> parent,
                    std::uint64_t count) {
        const Cid common_state = state();
        chain::TipsetKey key;
        for (std::uint64_t i = 0; i < count; ++i) {
            const HeaderSpec spec{some_bytes(4), parents,   height, m_random.below(20) == 0 ? state() : common_state,
                                  receipts(),    messages()};
            key.push_back(put_block(m_out.blocks, ipld::Codec::dag_cbor, encode_header(spec)));
        }
        add_tipset(std::move(key), parent);
    }

    void add_part_of(std::size_t whole) {
        chain::TipsetKey key = m_out.tipsets[whole].key;
        key.erase(key.begin() + static_cast<long>(m_random.below(key.size())));
        const auto parent = m_out.tipsets[whole].parent;
        if (!m_out.find(key)) add_tipset(std::move(key), parent);
    }

    void add_tipset(chain::TipsetKey key, std::optional<std::size_t> parent) {
        std::vector<chain::BlockHeader> headers;
        for (const Cid& cid : key) headers.push_back(chain::decode_block_header(m_out.blocks.at(cid)).value());
        const chain::Tipset tipset =
            chain::make_tipset(std::move(key), std::move(headers), chain::TipsetOrder::by_ticket).value();
        RandomTipset out{
            .key = tipset.key, .height = tipset.epoch().value, .parent = parent, .states = {}, .messages = {}};
        for (const chain::BlockHeader& header : tipset.blocks) {
            out.states.push_back(header.parent_state_root);
            out.messages.push_back(header.messages);
        }
        m_out.tipsets.push_back(std::move(out));
    }

    SeededRandom m_random;
    ChainShape m_shape;
    RandomChain m_out;
    RandomDag m_dag;
    std::vector<Cid> m_states;
    std::vector<Cid> m_messages;
};

}    // namespace

RandomChain random_chain(std::uint64_t seed, const ChainShape& shape) { return ChainMaker(seed, shape).make(); }

}    // namespace filfil::reference
