// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "../ipld/trie_reader.hpp"
#include "chaingen/block_sink.hpp"
#include "chaingen/generator.hpp"
#include "ipld/link_scan.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <set>

namespace filfil::chaingen {

/// Keeps the blocks of a chain and holds each to what a sink is promised: it comes once, it is what its CID says, it is
/// strict DAG-CBOR, and what it links to came before it.
class ChainKeeper final : public BlockSink {
public:
    Result<void> block(ByteView cid_bytes, ByteView data) override {
        const ipld::Cid cid = ipld::Cid::from_bytes(cid_bytes).value();
        EXPECT_TRUE(ipld::matches(cid.hash(), data).value()) << cid.text();
        EXPECT_TRUE(m_blocks.emplace(cid, to_bytes(data)).second) << cid.text() << " came twice";
        m_bytes += cid_bytes.size() + data.size() + (cid_bytes.size() + data.size() > 127 ? 2 : 1) +
                   (cid_bytes.size() + data.size() > 16'383 ? 1 : 0);
        if (cid.codec() != ipld::Codec::dag_cbor) return {};
        EXPECT_TRUE(ipld::decode_dag_cbor(data).ok()) << cid.text();
        for_links(data, [&](const ipld::Cid& link) {
            if (!m_blocks.contains(link)) m_unresolved.emplace(cid, link);
        });
        return {};
    }

    /// The links of a block to blocks: not to commitments, and those inlined in identity CIDs among them.
    static void for_links(ByteView data, const std::function<void(const ipld::Cid&)>& on_link) {
        const auto scanned = ipld::scan_links(data, [&](ByteView bytes) {
            const ipld::Cid link = ipld::Cid::from_bytes(bytes).value();
            if (link.hash().code == ipld::HashCode::identity) {
                if (link.codec() == ipld::Codec::dag_cbor) for_links(link.hash().digest, on_link);
            } else if (link.codec() != ipld::Codec::fil_commitment_sealed &&
                       link.codec() != ipld::Codec::fil_commitment_unsealed) {
                on_link(link);
            }
        });
        EXPECT_TRUE(scanned.ok());
    }

    [[nodiscard]] const ipld::Blocks& blocks() const noexcept { return m_blocks; }
    [[nodiscard]] std::uint64_t section_bytes() const noexcept { return m_bytes; }

    /// Block and link, where the link leads to no block that came before.
    [[nodiscard]] const std::set<std::pair<ipld::Cid, ipld::Cid>>& unresolved() const noexcept { return m_unresolved; }

    /// The block as a header.
    [[nodiscard]] chain::BlockHeader header(const ipld::Cid& cid) const {
        const auto found = m_blocks.find(cid);
        if (found == m_blocks.end()) {
            ADD_FAILURE() << cid.text() << " is missing";
            return {};
        }
        auto header = chain::decode_block_header(found->second);
        if (header.ok()) return std::move(*header);
        ADD_FAILURE() << cid.text() << ": " << header.error().text();
        return {};
    }

private:
    ipld::Blocks m_blocks;
    std::set<std::pair<ipld::Cid, ipld::Cid>> m_unresolved;
    std::uint64_t m_bytes = 0;
};

/// Generates to the end, or so many steps.
inline std::vector<chain::HeadChanges> generate(const Config& config, BlockSink& sink, std::size_t steps = SIZE_MAX) {
    std::vector<chain::HeadChanges> out;
    auto generator = Generator::make(config, sink);
    EXPECT_TRUE(generator.ok());
    while (out.size() < steps) {
        auto changes = generator->next();
        EXPECT_TRUE(changes.ok()) << changes.error().text();
        if (!changes.ok() || changes->empty()) break;
        out.push_back(std::move(*changes));
    }
    return out;
}

/// A chain of some 4 MiB with much of everything.
inline Config busy_config() {
    Config config = Config::of_size(4 * MiB, 7);
    config.tipsets = 60;
    config.blocks_per_tipset = 3;
    config.messages_per_block = 10;
    config.tipset_bytes = 20 * KiB;
    config.null_rate = 150;
    config.fork_rate = 200;
    config.grow_rate = 100;
    config.oddities = true;
    return config;
}

}    // namespace filfil::chaingen
