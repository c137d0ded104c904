// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The nodes' rules of import: files that nodes wrote and what the reference walks pass, planted faults do not.
#include "import_check.hpp"
#include "base/random.hpp"
#include "car/forest_writer.hpp"
#include "expected_rows.hpp"
#include "interop_data.hpp"
#include "reference_cbor.hpp"
#include "reference_walk.hpp"

#include <algorithm>
#include <array>

namespace filfil::snapshot {
namespace {

using ipld::Cid;
using reference::forest_import;
using reference::LoadedCar;
using reference::lotus_import;
using reference::Rules;

class ImportCheck : public RealData {
protected:
    /// Fails unless both nodes would take it.
    static void expect_taken(ByteView file, std::int64_t height, std::int64_t check_links = 2000) {
        const auto lotus = lotus_import(file);
        ASSERT_TRUE(lotus.ok()) << lotus.error().text();
        EXPECT_EQ(lotus->head_height, height);
        const auto forest = forest_import(file, {.check_links = check_links});
        ASSERT_TRUE(forest.ok()) << forest.error().text();
        EXPECT_EQ(forest->head_height, height);
        EXPECT_EQ(forest->head, lotus->head);
        EXPECT_EQ(forest->blocks, lotus->blocks);
        EXPECT_EQ(forest->version, lotus->version);
    }

    static void expect_refused(const Result<reference::Imported>& result, std::string_view reason) {
        ASSERT_FALSE(result.ok());
        EXPECT_NE(result.error().message.find(reason), std::string::npos) << result.error().message;
    }

    /// A snapshot of 126 epochs, all of them recent.
    LoadedCar snapshot() {
        LoadedCar store = load("synth_small/store.car");
        for (const ExpectedRow& row : expected_rows(path("synth_small/expected.json"))) {
            if (row.recent_roots != 2000) continue;
            store.roots = row.head;
            store.order = reference::walk(store.blocks, row.head, {2000, true, Rules::lotus}).order;
            break;
        }
        return store;
    }

    static Bytes file_of(const LoadedCar& car) { return reference::car_bytes(car.blocks, car.roots, car.order); }

    static Bytes forest_file_of(ByteView file) {
        car::Reader reader = car::Reader::open(memory_file("plain.car", file)).value();
        car::MemorySink sink;
        EXPECT_TRUE(car::write_forest_car(reader, sink).ok());
        return sink.bytes();
    }

    /// Puts `block` in front and makes it the one root.
    static void wrap(LoadedCar& car, Bytes block) {
        const Cid cid = ipld::cid_of_block(ipld::Codec::dag_cbor, block);
        car.blocks.emplace(cid, std::move(block));
        car.roots = {cid};
        car.order.insert(car.order.begin(), cid);
    }

    /// The metadata block of FRC-0108: {"F3Data": null or a CID, "Version": 2, "HeadTipsetKey": […]}.
    static Bytes metadata(const std::vector<Cid>& head, const Cid* f3_data = nullptr) {
        Bytes out;
        const auto text = [&](std::string_view key) {
            out.push_back(static_cast<std::byte>(0x60 + key.size()));
            out.insert(out.end(), bytes_of(key).begin(), bytes_of(key).end());
        };
        const auto link = [&](const Cid& cid) {
            for (const int byte : {0xd8, 0x2a, 0x58, static_cast<int>(cid.bytes().size() + 1), 0x00})
                out.push_back(static_cast<std::byte>(byte));
            out.insert(out.end(), cid.bytes().begin(), cid.bytes().end());
        };
        out.push_back(std::byte{0xa3});
        text("F3Data");
        f3_data != nullptr ? link(*f3_data) : out.push_back(std::byte{0xf6});
        text("Version");
        out.push_back(std::byte{2});
        text("HeadTipsetKey");
        out.push_back(static_cast<std::byte>(0x80 + head.size()));
        for (const Cid& cid : head) link(cid);
        return out;
    }

    static bool is_header(const LoadedCar& car, const Cid& cid) {
        return reference::read_header(car.blocks.at(cid)).ok();
    }
};

TEST_F(ImportCheck, WhatNodesWroteIsTaken) {
    // Their states are left out but for the genesis'.
    expect_taken(bytes("forest_chain4.car"), 3, 0);
    expect_taken(bytes("forest_chain4.car.zst"), 3, 0);
    expect_taken(bytes("forest_chain4.forest.car.zst"), 3, 0);
    expect_taken(bytes("forest_export40.car"), 39, 0);
}

TEST_F(ImportCheck, EveryRowOfTheSyntheticChainIsTaken) {
    const LoadedCar store = load("synth_small/store.car");
    for (const ExpectedRow& row : expected_rows(path("synth_small/expected.json"))) {
        if (row.forest) continue;
        SCOPED_TRACE(row.name());
        const auto walk =
            reference::walk(store.blocks, row.head, {row.recent_roots, row.skip_old_messages, Rules::lotus});
        const Bytes file = reference::car_bytes(store.blocks, row.head, walk.order);
        const auto lotus = lotus_import(file);
        ASSERT_TRUE(lotus.ok()) << lotus.error().text();
        EXPECT_EQ(lotus->head, row.head);
        EXPECT_EQ(lotus->head_height, row.height);
        EXPECT_EQ(lotus->blocks, row.blocks);
        // Forest wants 2000 epochs without a dead link, or all there are.
        const auto forest = forest_import(file);
        if (row.recent_roots > row.height || row.recent_roots + 1 < row.height)
            EXPECT_EQ(forest.ok(), row.recent_roots > row.height);
        const auto shallow = forest_import(file, {.check_links = row.recent_roots});
        EXPECT_TRUE(shallow.ok()) << shallow.error().text();
    }
}

TEST_F(ImportCheck, MetadataAndF3DataInFrontAreTaken) {
    LoadedCar car = snapshot();
    const std::vector<Cid> head = car.roots;
    wrap(car, metadata(head));
    const auto plain = lotus_import(file_of(car));
    ASSERT_TRUE(plain.ok()) << plain.error().text();
    EXPECT_EQ(plain->version, 2U);
    EXPECT_EQ(plain->head, head);
    expect_taken(file_of(car), 126);
    expect_taken(forest_file_of(file_of(car)), 126);

    // The block of F3 data may be larger than any other.
    car = snapshot();
    Bytes certificates(9 * MiB);
    const Cid f3 = ipld::cid_of_block(ipld::Codec::raw, certificates);
    car.blocks.emplace(f3, std::move(certificates));
    car.order.insert(car.order.begin(), f3);
    wrap(car, metadata(head, &f3));
    const auto with_f3 = lotus_import(file_of(car));
    ASSERT_TRUE(with_f3.ok()) << with_f3.error().text();
    EXPECT_EQ(with_f3->version, 2U);

    std::swap(car.order[1], car.order[2]);
    expect_refused(lotus_import(file_of(car)), "not the F3 data");
    std::swap(car.order[0], car.order[1]);
    expect_refused(lotus_import(file_of(car)), "not the one root");
}

TEST_F(ImportCheck, OneRootWithoutMetadataIsVersion1) {
    const auto chain4 = lotus_import(bytes("forest_chain4.car"));
    ASSERT_TRUE(chain4.ok());
    EXPECT_EQ(chain4->version, 1U);
    EXPECT_EQ(chain4->blocks, 1222U);
    EXPECT_EQ(forest_import(bytes("forest_chain4.car"), {.check_links = 0})->version, 1U);
}

TEST_F(ImportCheck, OrderMattersToLotusAsFarAsTheFirstParentsGo) {
    LoadedCar car = snapshot();
    SeededRandom random(7);
    const auto shuffle = [&](auto first, auto last) {
        for (auto i = last - first; i > 1; --i)
            std::iter_swap(first + (i - 1), first + static_cast<long>(random.below(static_cast<std::uint64_t>(i))));
    };

    // Headers as they were, all the rest anywhere: taken.
    std::vector<Cid> headers;
    std::vector<Cid> others;
    for (const Cid& cid : car.order) (is_header(car, cid) ? headers : others).push_back(cid);
    const std::vector<Cid> canonical = car.order;
    shuffle(others.begin(), others.end());
    car.order = others;
    car.order.insert(car.order.begin() + static_cast<long>(others.size() / 2), headers.begin(), headers.end());
    expect_taken(file_of(car), 126);

    // Ascending headers, and anything anywhere: not by Lotus.
    car.order = others;
    car.order.insert(car.order.end(), headers.rbegin(), headers.rend());
    expect_refused(lotus_import(file_of(car)), "height 0 is not reached");
    EXPECT_TRUE(forest_import(file_of(car)).ok());
    car.order = canonical;
    shuffle(car.order.begin(), car.order.end());
    expect_refused(lotus_import(file_of(car)), "height 0 is not reached");
    EXPECT_TRUE(forest_import(file_of(car)).ok());
}

TEST_F(ImportCheck, EveryPlantedFaultIsFound) {
    const LoadedCar good = snapshot();
    ASSERT_GE(good.roots.size(), 2U);
    expect_taken(file_of(good), 126);

    {
        LoadedCar car = good;    // a header before its child, on the first-parent chain
        const Cid parent = reference::read_header(car.blocks.at(car.roots.front()))->parents.front();
        car.order.erase(std::ranges::find(car.order, parent));
        car.order.insert(car.order.begin(), parent);
        expect_refused(lotus_import(file_of(car)), "height 0 is not reached");
        EXPECT_TRUE(forest_import(file_of(car)).ok());
    }
    for (const std::size_t which : {std::size_t{0}, std::size_t{1}}) {    // a missing head block
        LoadedCar car = good;
        car.order.erase(std::ranges::find(car.order, car.roots[which]));
        expect_refused(lotus_import(file_of(car)),
                       which == 0 ? "height 0 is not reached" : "a block of a tipset is missing");
        expect_refused(forest_import(file_of(car)), "a block of a tipset is missing");
    }
    {
        LoadedCar car = good;    // one bit of one block
        const auto last = std::ranges::find_if(car.order, [&](const Cid& cid) { return !is_header(car, cid); });
        car.blocks.at(*last).back() ^= std::byte{1};
        expect_refused(lotus_import(file_of(car)), "does not have the hash");
        expect_refused(forest_import(file_of(car)), "does not have the hash");
    }
    {
        LoadedCar car = good;    // a block that no node reads
        Bytes large(8 * MiB);
        const Cid cid = ipld::cid_of_block(ipld::Codec::raw, large);
        car.blocks.emplace(cid, std::move(large));
        car.order.push_back(cid);
        expect_refused(lotus_import(file_of(car)), "over 8 MiB");
    }
    {
        LoadedCar car = good;    // no genesis
        const auto genesis = std::ranges::find_if(car.order, [&](const Cid& cid) {
            const auto header = reference::read_header(car.blocks.at(cid));
            return header.ok() && header->height == 0;
        });
        car.order.erase(genesis);
        expect_refused(lotus_import(file_of(car)), "height 0 is not reached");
        expect_refused(forest_import(file_of(car)), "missing");
    }
    {
        LoadedCar car = good;    // a block of an old tipset, off the first-parent chain
        const std::vector<Cid> parents = reference::read_header(car.blocks.at(car.roots.front()))->parents;
        ASSERT_GE(parents.size(), 2U);
        car.order.erase(std::ranges::find(car.order, parents.back()));
        expect_refused(lotus_import(file_of(car)), "a block of a tipset is missing");
    }
    {
        LoadedCar car = good;    // a dead link in the window: Forest looks
        car.order.pop_back();
        EXPECT_TRUE(lotus_import(file_of(car)).ok());
        expect_refused(forest_import(file_of(car)), "missing");
    }
    {
        LoadedCar car = good;    // one root that is no head
        car.roots = {car.order.back()};
        expect_refused(lotus_import(file_of(car)), "not the one root");
        car.roots.clear();
        expect_refused(lotus_import(file_of(car)), "no roots");
    }
    {
        LoadedCar car = good;    // a header that is too long for a node
        car.roots.assign(900'000, car.roots.front());
        car.order.clear();
        expect_refused(lotus_import(file_of(car)), "over 32 MiB");
    }
}

TEST_F(ImportCheck, EveryBlockOfAForestCarIsFoundThroughItsIndex) {
    const Bytes file = forest_file_of(file_of(snapshot()));
    expect_taken(file, 126);
    // Slots of the index stand in a skippable frame before the footer's; a slot that points elsewhere loses its block.
    constexpr std::size_t footer = 24;
    constexpr std::size_t slot = 16;
    std::size_t lost = 0;
    for (std::size_t back = footer + 2 * slot; back < footer + 40 * slot; back += slot) {
        Bytes broken = file;
        const auto offset = broken.end() - static_cast<long>(back) + 8;
        if (std::all_of(offset, offset + 8, [](std::byte byte) { return byte == std::byte{0xff}; })) continue;
        std::fill(offset, offset + 8, std::byte{0});
        lost += forest_import(broken).ok() ? 0 : 1;
        EXPECT_FALSE(forest_import(broken).ok()) << back;
    }
    EXPECT_GT(lost, 0U);
}

}    // namespace
}    // namespace filfil::snapshot
