// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "chain/head_change.hpp"
#include "snapshot/block_store.hpp"

#include <cstdint>
#include <deque>
#include <optional>
#include <unordered_map>
#include <vector>

namespace filfil::node {

/// Blocks that are at hand, for an engine to take in without waiting for anybody. What it asks for beyond them is
/// noted. Not thread-safe.
class GatheredBlocks final : public snapshot::BlockSource {
public:
    void add(const ipld::Cid& cid, Bytes data) { m_blocks.insert_or_assign(cid, std::move(data)); }
    [[nodiscard]] bool has(const ipld::Cid& cid) const { return m_blocks.contains(cid); }
    [[nodiscard]] const Bytes* find(const ipld::Cid& cid) const;
    [[nodiscard]] std::size_t size() const noexcept { return m_blocks.size(); }
    void clear() { m_blocks.clear(); }

    /// Error::not_found for what is not at hand.
    [[nodiscard]] std::vector<Result<Bytes>> fetch(std::span<const ipld::Cid> cids) override;

    /// What was asked for in vain since the last call, each once.
    [[nodiscard]] std::vector<ipld::Cid> take_missing();

private:
    std::unordered_map<ipld::Cid, Bytes> m_blocks;
    std::vector<ipld::Cid> m_missing;
};

/// Finds out, block by block, what a store lacks below some roots: each block that comes is checked against its hash
/// and opened, and what it leads to is wanted next. So everything that is known to be missing can be on its way at
/// once, whatever its depth. It asks nobody itself. Not thread-safe; the store may be changed meanwhile by another
/// thread, which at worst leaves blocks out that went away just then.
class Gathering {
public:
    struct Limits {
        std::uint64_t blocks = 2'000'000;    ///< more is no step of a chain
    };

    /// @param blocks where what was gathered goes, and where it is looked for before it is wanted; must outlive this,
    /// as `store` must
    Gathering(const snapshot::BlockStore& store, GatheredBlocks& blocks, const Limits& limits)
        : m_store(store), m_blocks(blocks), m_limits(limits) {}

    /// All below a root of messages or state. @return Error::corrupt for inlined data that cannot be read
    Result<void> want_tree(const ipld::Cid& root);

    /// A block header, the messages it names and the state it starts from.
    Result<void> want_tipset(const chain::TipsetKey& key);

    /// All headers from a tipset down to genesis, the genesis's state and what it calls its parents, and states and
    /// messages above an epoch. One chain at a time.
    Result<void> want_chain(const chain::TipsetKey& head, std::int64_t recent_stateroots, bool all_messages);

    /// A block whatever it is for, with all below it: for what an engine missed.
    Result<void> want_again(const ipld::Cid& cid, bool header);

    /// Up to `most` blocks to be asked for now. Each is to be given back by take() or put_back().
    [[nodiscard]] std::vector<ipld::Cid> next(std::size_t most);

    /// A block came. @return Error::mismatch where its bytes have another hash: nothing was taken, put_back() is next.
    /// Error::too_large above the limit; Error::corrupt for what cannot be opened
    Result<void> take(const ipld::Cid& cid, Bytes data);

    /// It did not come, and will be asked for again.
    void put_back(const ipld::Cid& cid);

    [[nodiscard]] bool done() const noexcept { return m_wanted.empty() && m_asked == 0; }
    [[nodiscard]] std::uint64_t blocks() const noexcept { return m_taken; }
    [[nodiscard]] std::uint64_t bytes() const noexcept { return m_bytes; }

    /// Of want_chain(): the lowest epoch whose header has come.
    [[nodiscard]] std::optional<Epoch> lowest() const noexcept { return m_lowest; }

private:
    enum class Purpose : std::uint8_t {
        tree,      ///< open it
        tipset,    ///< a header: open its messages and state
        chain,     ///< a header, and those below it
        plain,     ///< as it is
    };
    struct Chain {
        std::int64_t recent_stateroots = 0;
        bool all_messages = false;
        std::optional<Epoch> head;
    };

    Result<void> want(ByteView cid, Purpose purpose);
    Result<void> want_root(const ipld::Cid& root);
    Result<void> open_at_hand();
    Result<void> open(const ipld::Cid& cid, ByteView data, Purpose purpose);
    Result<void> open_header(ByteView data, Purpose purpose);

    const snapshot::BlockStore& m_store;
    GatheredBlocks& m_blocks;
    Limits m_limits;
    Chain m_chain;
    std::optional<Epoch> m_lowest;
    std::unordered_map<ipld::Cid, Purpose> m_known;    ///< wanted at some time
    std::deque<ipld::Cid> m_wanted;
    std::vector<ipld::Cid> m_at_hand;    ///< wanted, and not opened yet
    std::size_t m_asked = 0;
    std::uint64_t m_taken = 0;
    std::uint64_t m_bytes = 0;
};

}    // namespace filfil::node
