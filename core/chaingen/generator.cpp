// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "chaingen/generator.hpp"

#include "chain/encode_header.hpp"
#include "chaingen/block_batch.hpp"
#include "chaingen/draws.hpp"
#include "chaingen/links.hpp"
#include "chaingen/message_maker.hpp"
#include "chaingen/state_tree.hpp"
#include "ipld/varint.hpp"

#include <algorithm>
#include <deque>
#include <string>

namespace filfil::chaingen {
namespace {

using chain::HeadChange;
using chain::HeadChanges;

constexpr ipld::Codec dag_cbor = ipld::Codec::dag_cbor;

// What is drawn for.
constexpr std::uint64_t for_steps = 0x73746570;
constexpr std::uint64_t for_genesis = 0x67656e;

Bytes drawn(Draws& draws, std::size_t size) {
    Bytes out(size);
    draws.fill(out);
    return out;
}

/// A number as go-state-types writes amounts.
Bytes amount(std::uint64_t value) {
    Bytes out;
    for (; value > 0; value >>= 8) out.push_back(static_cast<std::byte>(value));
    if (!out.empty()) out.push_back(std::byte{0});
    std::ranges::reverse(out);
    return out;
}

ipld::Cid cid_of(const ipld::Digest256& digest) { return {dag_cbor, {ipld::HashCode::blake2b_256, digest}}; }

/// A tipset that may still be built on or reverted.
struct Made {
    chain::Tipset tipset;
    std::uint64_t number = 0;    ///< of those on the way from genesis, which is 0
    std::uint64_t weight = 0;
    ipld::Digest256 parent_state{};
    std::vector<Message> messages;

    bool executed = false;
    ipld::Digest256 state{};    ///< after its messages, once it is executed
    Tables::Undo undo;
};

}    // namespace

struct Generator::Impl {
    Impl(const Config& config_, BlockSink& sink)
        : config(config_),
          batch(sink),
          state(config_),
          messages(config_.messages_per_block, 2 * config_.max_fork + 8),
          draws(config_.seed, for_steps) {}

    Result<HeadChanges> start() {
        FILFIL_CHECK(state.make(batch));
        // What mainnet's genesis names as its parent is no header either: some CBOR under a SHA-256.
        ipld::CborWriter out;
        out.map(1);
        out.text("network");
        out.text("a chain that fil-fil made, " + std::to_string(config.seed));
        const ipld::Digest256 hash = ipld::sha2_256(out.bytes());
        const ipld::Cid parent(dag_cbor, {ipld::HashCode::sha2_256, hash});
        FILFIL_CHECK(batch.give(parent.bytes(), out.bytes()));

        Draws own(config.seed, for_genesis);
        chain::FullHeader header;
        header.miner = Bytes(2);
        header.ticket = drawn(own, 32);
        header.election_proof = chain::FullHeader::ElectionProof();
        header.beacon_entries.push_back({0, Bytes(32)});
        header.parents.push_back(parent);
        header.parent_state_root = cid_of(state.root());
        header.parent_message_receipts = cid_of(state.common().empty_messages);
        header.messages = cid_of(state.common().no_messages);
        header.timestamp = config.genesis_time;
        header.parent_base_fee = amount(100'000'000);
        Made made;
        made.parent_state = state.root();
        FILFIL_CHECK(add_header(header, made));
        path.push_back(std::move(made));
        genesis_bytes = batch.section_bytes();
        return HeadChanges{change(HeadChange::Type::current, path.back())};
    }

    Result<HeadChanges> step() {
        if (config.tipsets != 0 && path.back().number >= config.tipsets) return HeadChanges{};
        HeadChanges changes;
        if (path.size() > 1 && draws.happens(config.fork_rate)) {
            FILFIL_CHECK(reorganise(changes));
        } else if (path.size() > 1 && draws.happens(config.grow_rate)) {
            FILFIL_CHECK(grow(changes));
        } else {
            FILFIL_CHECK(extend(changes));
        }
        return changes;
    }

    Result<void> reorganise(HeadChanges& changes) {
        // Short ones are frequent. Genesis stays.
        const std::uint64_t most = std::min<std::uint64_t>(config.max_fork, path.size() - 1);
        const std::uint64_t depth = 1 + draws.below(1 + draws.below(most));
        for (std::uint64_t i = 0; i < depth; ++i) {
            changes.push_back(change(HeadChange::Type::revert, path.back()));
            messages.drop(path.back().messages);
            if (path.back().executed) state.take_back(path.back().undo);
            path.pop_back();
        }
        // The other branch is longer as a rule, and may be shorter where it is heavier.
        const std::uint64_t count = std::max<std::uint64_t>(1, depth + draws.below(3) - (depth > 1 ? 1 : 0));
        for (std::uint64_t i = 0; i < count; ++i) {
            if (config.tipsets != 0 && path.back().number >= config.tipsets) break;
            FILFIL_CHECK(extend(changes));
        }
        return {};
    }

    /// One more tipset on the head.
    Result<void> extend(HeadChanges& changes) {
        Made& parent = path.back();
        FILFIL_CHECK(execute(parent));
        std::int64_t epoch = parent.tipset.epoch().value + 1;
        while (draws.happens(config.null_rate)) ++epoch;
        Made made;
        made.number = parent.number + 1;
        made.parent_state = parent.state;
        const bool last = made.number == config.tipsets;
        const std::uint64_t count = last ? config.blocks_per_tipset : 1 + draws.below(2 * config.blocks_per_tipset - 1);
        made.weight = parent.weight + 20 * count;
        messages.next_tipset();
        for (std::uint64_t i = 0; i < count; ++i)
            FILFIL_CHECK(add_block(made, parent.tipset.key, epoch, parent.weight));
        made.messages = messages.of_tipset();
        changes.push_back(change(HeadChange::Type::apply, made));
        path.push_back(std::move(made));
        // One more than a fork may revert has to stay: what it is built on.
        if (path.size() > config.max_fork + 1) path.pop_front();
        return {};
    }

    /// Another block of the head's epoch comes in late: the head is a tipset of one block more.
    Result<void> grow(HeadChanges& changes) {
        Made& head = path.back();
        const Made& parent = path[path.size() - 2];
        changes.push_back(change(HeadChange::Type::revert, head));
        messages.next_tipset();
        messages.resume(head.messages);
        FILFIL_CHECK(add_block(head, parent.tipset.key, head.tipset.epoch().value, parent.weight));
        head.weight += 20;
        head.messages = messages.of_tipset();
        changes.push_back(change(HeadChange::Type::apply, head));
        return {};
    }

    /// Makes the state after a tipset, once.
    Result<void> execute(Made& tipset) {
        if (tipset.executed) return {};
        // What tipsets so far took too little or too much is made up for.
        ++executions;
        const std::uint64_t goal = genesis_bytes + executions * config.tipset_bytes;
        const std::uint64_t made = batch.section_bytes() + config.blocks_per_tipset * bytes_a_block();
        const std::uint64_t bytes = std::min(goal > made ? goal - made : 0, 2 * config.tipset_bytes);
        FILFIL_TRY(tipset.undo, state.execute(draws, tipset.messages.size(), bytes, batch));
        tipset.state = state.root();
        tipset.executed = true;
        return {};
    }

    /// About what a block's header and messages take.
    [[nodiscard]] std::uint64_t bytes_a_block() const noexcept { return 1200 + config.messages_per_block * 400; }

    Result<void> add_block(Made& made, const chain::TipsetKey& parents, std::int64_t epoch,
                           std::uint64_t parent_weight) {
        chain::FullHeader header;
        header.miner = {std::byte{0}};
        ipld::append_varint(header.miner, state.miner_actor(static_cast<std::uint32_t>(draws.below(state.miners()))));
        header.ticket = drawn(draws, 96);
        header.election_proof = {static_cast<std::int64_t>(1 + draws.below(3)), drawn(draws, 96)};
        header.beacon_entries.push_back({static_cast<std::uint64_t>(epoch) * 10, drawn(draws, 48)});
        header.win_post_proof.push_back({3, drawn(draws, 192)});
        header.parents = parents;
        header.parent_weight = amount(parent_weight << 16);
        header.height = Epoch{epoch};
        header.parent_state_root = cid_of(made.parent_state);
        // All blocks of a tipset agree on what the parents' messages gave.
        header.parent_message_receipts = cid_of(ipld::blake2b_256(made.parent_state));
        FILFIL_TRY(header.messages, messages.make_block(draws, state.common(), batch));
        header.bls_aggregate = drawn(draws, 97);
        header.bls_aggregate->front() = std::byte{2};
        header.timestamp = config.genesis_time + config.seconds_per_epoch * static_cast<std::uint64_t>(epoch);
        header.block_signature = drawn(draws, 97);
        header.block_signature->front() = std::byte{2};
        header.parent_base_fee = amount(100 + draws.below(1'000'000'000));
        return add_header(header, made);
    }

    Result<void> add_header(const chain::FullHeader& header, Made& made) {
        FILFIL_TRY(const Bytes data, chain::encode_block_header(header));
        const ipld::Cid cid = ipld::cid_of_block(dag_cbor, data);
        FILFIL_CHECK(batch.give(cid.bytes(), data));
        FILFIL_TRY(chain::BlockHeader read, chain::decode_block_header(data));
        chain::TipsetKey key = std::move(made.tipset.key);
        std::vector<chain::BlockHeader> blocks = std::move(made.tipset.blocks);
        key.push_back(cid);
        blocks.push_back(std::move(read));
        FILFIL_TRY(made.tipset, chain::make_tipset(std::move(key), std::move(blocks), chain::TipsetOrder::by_ticket));
        return {};
    }

    static HeadChange change(HeadChange::Type type, const Made& made) {
        return {type, made.tipset.key, made.tipset.epoch()};
    }

    Config config;
    BlockBatch batch;
    StateTree state;
    MessageMaker messages;
    Draws draws;
    std::deque<Made> path;    ///< the head last; genesis first until it is out of reach of forks
    std::uint64_t genesis_bytes = 0;
    std::uint64_t executions = 0;
};

Result<Generator> Generator::make(const Config& config, BlockSink& sink) {
    FILFIL_CHECK(config.check());
    return Generator(std::make_unique<Impl>(config, sink));
}

Generator::Generator(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
Generator::Generator(Generator&&) noexcept = default;
Generator& Generator::operator=(Generator&&) noexcept = default;
Generator::~Generator() = default;

Result<HeadChanges> Generator::next() { return m_impl->path.empty() ? m_impl->start() : m_impl->step(); }

const chain::TipsetKey& Generator::head() const noexcept {
    static const chain::TipsetKey none;
    return m_impl->path.empty() ? none : m_impl->path.back().tipset.key;
}

Epoch Generator::epoch() const noexcept { return m_impl->path.empty() ? Epoch{} : m_impl->path.back().tipset.epoch(); }

std::uint64_t Generator::blocks() const noexcept { return m_impl->batch.blocks(); }
std::uint64_t Generator::section_bytes() const noexcept { return m_impl->batch.section_bytes(); }

}    // namespace filfil::chaingen
