// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "node/devnet/generated_chain.hpp"

#include "snapshot/children.hpp"
#include "snapshot/roots.hpp"

#include <string>

namespace filfil::node {
namespace {

/// A list of 16 items: all headers begin so, and what merely looks like one may stay with them.
bool is_header(ByteView data) {
    return !data.empty() && data[0] == std::byte{0x90} && chain::decode_block_header(data).ok();
}

}    // namespace

Result<std::unique_ptr<GeneratedChain>> GeneratedChain::make(const Options& options) {
    if (options.retention && *options.retention < least_retention)
        return Error(ErrorCode::invalid_argument,
                     "a devnet cannot forget states after " + std::to_string(*options.retention) +
                         " epochs: the chain may still come back to them",
                     "keep at least " + std::to_string(least_retention) + " epochs");
    if (options.retention && options.chain.max_fork > 10)
        return Error(ErrorCode::invalid_argument, "a devnet that prunes cannot have forks of more than 10 tipsets");
    std::unique_ptr<GeneratedChain> out(new GeneratedChain(options));
    FILFIL_TRY(chaingen::Generator generator, chaingen::Generator::make(options.chain, out->m_sink));
    out->m_generator.emplace(std::move(generator));
    return out;
}

Result<chain::HeadChanges> GeneratedChain::step() {
    FILFIL_TRY(chain::HeadChanges changes, m_generator->next());
    m_started = true;
    if (!m_options.retention || changes.empty()) return changes;
    for (const chain::HeadChange& change : changes) {
        if (change.type == chain::HeadChange::Type::revert) continue;
        Roots roots{change.epoch, {}};
        for (const ipld::Cid& cid : change.key) {
            FILFIL_TRY(const Bytes data, stored(cid));
            FILFIL_TRY(const chain::BlockHeader header, chain::decode_block_header(data));
            roots.roots.push_back(header.parent_state_root);
            roots.roots.push_back(header.messages);
        }
        m_roots.push_back(std::move(roots));
    }
    const Epoch head = changes.back().epoch;
    if (head.value >= m_pruned.value + *m_options.retention / 8) FILFIL_CHECK(prune(head));
    return changes;
}

std::optional<Clock::Duration> GeneratedChain::due(Epoch epoch) const {
    const chaingen::Config& chain = m_options.chain;
    return std::chrono::seconds(chain.genesis_time + chain.seconds_per_epoch * static_cast<std::uint64_t>(epoch.value));
}

Result<Bytes> GeneratedChain::stored(const ipld::Cid& cid) {
    for (const Blocks* blocks : {&m_passing, &m_lasting})
        if (const auto found = blocks->find(cid); found != blocks->end()) return found->second;
    return Error(ErrorCode::not_found, "this chain has no such block");
}

Result<void> GeneratedChain::keep(ByteView cid, ByteView data) {
    FILFIL_TRY(ipld::Cid key, ipld::Cid::from_bytes(cid));
    Blocks& blocks = m_started && !is_header(data) ? m_passing : m_lasting;
    blocks.emplace(std::move(key), to_bytes(data));
    return {};
}

/// Marks what the tipsets that are recent enough lead to, and lets go of the rest.
Result<void> GeneratedChain::prune(Epoch head) {
    m_pruned = head;
    std::erase_if(m_roots, [&](const Roots& roots) { return roots.epoch.value <= head.value - *m_options.retention; });
    Blocks kept;
    std::vector<ipld::Cid> todo;
    const auto want = [&](ByteView bytes) {
        auto cid = ipld::Cid::from_bytes(bytes);
        if (cid.ok()) todo.push_back(std::move(*cid));
    };
    for (const Roots& roots : m_roots)
        for (const ipld::Cid& root : roots.roots) FILFIL_CHECK(snapshot::for_each_root(root, want));
    while (!todo.empty()) {
        const ipld::Cid cid = std::move(todo.back());
        todo.pop_back();
        // Below what lasts everything lasts, and what was moved before has been opened.
        auto moved = m_passing.extract(cid);
        if (moved.empty()) continue;
        const auto at = kept.insert(std::move(moved)).position;
        if (cid.codec() == ipld::Codec::dag_cbor) FILFIL_CHECK(snapshot::for_each_child(at->second, want));
    }
    m_passing = std::move(kept);
    return {};
}

}    // namespace filfil::node
