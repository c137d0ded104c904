// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "snapshot/car_blocks.hpp"

#include "car/block_checker.hpp"
#include "chain/block_header.hpp"
#include "snapshot/children.hpp"

#include <string>

namespace filfil::snapshot {
namespace {

/// Headers lie on a shelf of their own, since they never die. What merely looks like one lies well there, too.
Shelf shelf_of(const car::Section& section) {
    return section.codec == ipld::Codec::dag_cbor && !section.data.empty() && section.data[0] == std::byte{0x90} &&
                   chain::decode_block_header(section.data).ok()
               ? Shelf::headers
               : Shelf::blocks;
}

std::string at(const car::Section& section) {
    return "block " + section.cid_copy().text() + " (section " + std::to_string(section.number) + ", byte " +
           std::to_string(section.offset) + ")";
}

/// One batch of sections and what was found of it.
struct Lane {
    car::Batch batch;
    car::BlockChecker checker;
    std::span<const car::Verdict> verdicts;
};

Result<void> take_in(const std::string& name, const Lane& lane, BlockStore& store, bool checked) {
    const auto sections = lane.batch.sections();
    for (std::size_t i = 0; i < sections.size(); ++i) {
        const car::Section& section = sections[i];
        // Inlined blocks stand in their links, and nothing links to a block of another kind.
        if (kind_of_link(section.cid) != LinkKind::block) continue;
        if (checked && lane.verdicts[i] == car::Verdict::wrong)
            return Error(ErrorCode::mismatch, name + ": " + at(section) + " does not have the hash that its CID says",
                         "the file is damaged: fetch it again; `fil-fil car verify` lists all bad blocks");
        auto taken = store.insert(shelf_of(section), section.cid, section.data);
        if (!taken.ok()) return std::move(taken).error().in(name + ": " + at(section));
    }
    return {};
}

}    // namespace

Result<void> read_blocks(car::Reader& reader, BlockStore& store, Executor& executor, bool check_hashes,
                         std::stop_token stop) {
    std::vector<Lane> lanes(check_hashes ? executor.concurrency() + 1 : 1);
    for (bool more = true; more;) {
        unsigned filled = 0;
        while (filled < lanes.size() && more) {
            FILFIL_TRY(more, reader.read(lanes[filled].batch));
            filled += more ? 1 : 0;
        }
        if (check_hashes)
            run_parallel(executor, filled,
                         [&](unsigned i) { lanes[i].verdicts = lanes[i].checker.check(lanes[i].batch.sections()); });
        for (unsigned i = 0; i < filled; ++i) FILFIL_CHECK(take_in(reader.name(), lanes[i], store, check_hashes));
        if (stop.stop_requested()) return Error(ErrorCode::cancelled, reader.name() + ": loading was stopped");
    }
    return {};
}

Result<std::unique_ptr<CarBlocks>> CarBlocks::load(car::Reader& reader, Executor& executor, Random& random,
                                                   std::stop_token stop) {
    std::unique_ptr<CarBlocks> out(new CarBlocks(random));
    FILFIL_CHECK(read_blocks(reader, out->m_store, executor, true, std::move(stop)));
    return out;
}

std::vector<Result<Bytes>> CarBlocks::fetch(std::span<const ipld::Cid> cids) {
    std::vector<Result<Bytes>> out;
    out.reserve(cids.size());
    for (const ipld::Cid& cid : cids) {
        if (const auto found = m_store.stored(cid.bytes()))
            out.emplace_back(to_bytes(found->data));
        else
            out.emplace_back(Error(ErrorCode::not_found, "the CAR does not hold this block"));
    }
    return out;
}

}    // namespace filfil::snapshot
