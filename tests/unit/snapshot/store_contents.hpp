// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "reference_walk.hpp"
#include "snapshot/block_store.hpp"

#include <gtest/gtest.h>

#include <map>
#include <vector>

namespace filfil::snapshot {

/// How many links and pins each stored block has, by its CID. Checks the sections' bytes on the way.
inline std::map<ipld::Cid, std::uint64_t> contents_of(BlockStore& store, const reference::Blocks& blocks) {
    std::map<ipld::Cid, std::uint64_t> out;
    store.for_each([&](const SectionView& section, std::uint32_t links) {
        const ipld::Cid cid = ipld::Cid::from_bytes(section.cid).value();
        EXPECT_TRUE(out.emplace(cid, links).second) << cid.text() << " is stored twice";
        const auto known = blocks.find(cid);
        ASSERT_TRUE(known != blocks.end()) << cid.text();
        EXPECT_TRUE(std::ranges::equal(section.data, known->second)) << cid.text();
        const Bytes whole = reference::car_bytes(blocks, {}, {cid});
        EXPECT_TRUE(std::ranges::equal(section.bytes, ByteView(whole).last(section.bytes.size()))) << cid.text();
    });
    return out;
}

struct StoreModel {
    const reference::Blocks& blocks;
    std::vector<ipld::Cid> pins;       ///< each as often as it is pinned
    std::vector<ipld::Cid> headers;    ///< each as often as it is counted

    [[nodiscard]] reference::LiveSet live() const {
        reference::LiveSet out = reference::live_set(blocks, pins);
        for (const ipld::Cid& header : headers) {
            if (++out.counts[header] > 1) continue;
            out.section_bytes +=
                reference::car_bytes(blocks, {}, {header}).size() - reference::car_bytes(blocks, {}, {}).size();
        }
        return out;
    }
};

/// Frees what is dead, and holds blocks, counts and sums to the reference.
inline void expect_holds(BlockStore& store, const StoreModel& model, std::span<const SectionRef> headers = {}) {
    while (!store.collect(1000)) {
    }
    const reference::LiveSet live = model.live();
    EXPECT_TRUE(live.missing.empty());
    const std::map<ipld::Cid, std::uint64_t> expected(live.counts.begin(), live.counts.end());
    EXPECT_EQ(contents_of(store, model.blocks), expected);
    const StoreStats stats = store.stats();
    EXPECT_EQ(stats.live_blocks, expected.size());
    EXPECT_EQ(stats.stored_blocks, expected.size());
    EXPECT_EQ(stats.live_bytes, live.section_bytes);
    EXPECT_EQ(stats.dying, 0U);
    const auto audit = store.audit(headers, false);
    EXPECT_EQ(audit.blocks, expected.size());
    EXPECT_TRUE(audit.good()) << audit.wrong_counts << " wrong, " << audit.orphans << " orphans, " << audit.missing
                              << " missing";
}

}    // namespace filfil::snapshot
