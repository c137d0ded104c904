// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "engine_check.hpp"

#include "reference_walk.hpp"

#include <algorithm>

namespace filfil::reference {
namespace {

using Findings = std::vector<std::string>;

void check_snapshot(Findings& out, snapshot::Engine& engine, const Blocks& blocks, std::int64_t recent_stateroots) {
    const chain::TipsetKey head = engine.stats().head;
    const auto layout = engine.layout({.key = head, .epoch = std::nullopt}, {.recent_stateroots = recent_stateroots});
    if (!layout.ok()) {
        out.push_back("no layout of the head: " + layout.error().text());
        return;
    }
    const Walk expected = walk(blocks, head, {recent_stateroots, true});
    if (expected.fault) {
        out.push_back("the reference has no snapshot of the head: " + expected.fault->why);
        return;
    }
    const Bytes car = car_bytes(blocks, head, expected.order);
    const std::size_t header = (*layout)->header().size();
    Bytes body((*layout)->body_size());
    const auto read = (*layout)->read(0, body);
    if (!read.ok() || car.size() != header + body.size() || !std::ranges::equal(body, ByteView(car).subspan(header)))
        out.push_back("the snapshot of the head is not the reference's");
}

}    // namespace

Findings check_live_set(const snapshot::Engine& engine, const Blocks& blocks, const Kept& kept) {
    Findings out;
    const LiveSet live = live_set(blocks, kept.roots);
    if (!live.missing.empty())
        out.push_back("something is to be kept that the chain does not have: " + live.missing.front().text());
    std::uint64_t expected = 0;
    std::uint64_t absent = 0;
    const snapshot::BlockStore::Reader reader(engine.store());
    const auto look = [&](const ipld::Cid& cid) {
        ++expected;
        const auto stored = reader.find(cid.bytes());
        const auto right = blocks.find(cid);
        if (!stored || right == blocks.end() || !std::ranges::equal(stored->data, right->second)) ++absent;
    };
    for (const auto& [cid, count] : live.counts) look(cid);
    std::vector<ipld::Cid> headers = kept.headers;
    std::ranges::sort(headers);
    headers.erase(std::ranges::unique(headers).begin(), headers.end());
    for (const ipld::Cid& cid : headers)
        if (!live.counts.contains(cid)) look(cid);
    if (absent > 0) out.push_back(std::to_string(absent) + " live blocks are missing, or have other bytes");
    const snapshot::StoreStats stats = engine.stats().store;
    if (stats.live_blocks != expected || stats.stored_blocks != expected)
        out.push_back("the live set has " + std::to_string(stats.live_blocks) + " blocks, and " +
                      std::to_string(stats.stored_blocks) + " are stored, not " + std::to_string(expected));
    return out;
}

Findings check_engine(snapshot::Engine& engine, const Blocks& blocks, std::int64_t recent_stateroots) {
    Findings out;
    if (!engine.settle().ok()) out.emplace_back("the engine does not settle");
    if (!engine.audit(false).good()) out.emplace_back("the audit finds wrong counts");
    check_snapshot(out, engine, blocks, recent_stateroots);
    Kept kept{{}, engine.headers()};
    for (const auto& [cid, count] : engine.pins()) kept.roots.push_back(cid);
    std::ranges::move(check_live_set(engine, blocks, kept), std::back_inserter(out));
    return out;
}

}    // namespace filfil::reference
