// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "snapshot/diff.hpp"

#include "car/header.hpp"
#include "car/writer.hpp"
#include "ipld/dag_cbor.hpp"
#include "snapshot/diff_format.hpp"
#include "source_samples.hpp"

#include <algorithm>

namespace filfil::snapshot {
namespace {

using namespace samples;
using car::samples::car_of;
using car::samples::random_blocks;
using car::samples::v2_of;
using car::samples::zstd_of;

class Diff : public testing::Test {
protected:
    Result<DiffReport> make(const std::string& base = "base", const std::string& target = "target") {
        return make_diff(m_files, base, target, "diff", m_random, {});
    }
    Result<ApplyReport> apply(const std::string& base = "base", const std::string& diff = "diff") {
        return apply_diff(m_files, base, diff, "new", {});
    }
    Bytes& file(const std::string& path) { return m_files.stored[path]; }

    /// Makes the diff, applies it, and says whether the target came out.
    bool round_trip(ByteView base, ByteView target) {
        file("base") = to_bytes(base);
        file("target") = to_bytes(target);
        const auto made = make();
        EXPECT_TRUE(made.ok()) << made.error().text();
        const auto applied = apply();
        EXPECT_TRUE(applied.ok()) << applied.error().text();
        if (!made.ok() || !applied.ok()) return false;
        m_made = *made;
        EXPECT_EQ(made->bytes, file("diff").size());
        EXPECT_EQ(applied->added, made->added);
        EXPECT_EQ(applied->removed, made->removed);
        EXPECT_EQ(applied->bytes, file("new").size());
        EXPECT_EQ(m_files.stored.size(), 4U) << "nothing else is left";
        return std::ranges::equal(file("new"), target);
    }

    /// A diff of these parts, whatever they say.
    void store_diff(const ipld::Value& manifest, const std::vector<Bytes>& blocks) {
        const Bytes data = ipld::encode_dag_cbor(manifest).value();
        const ipld::Cid root = ipld::cid_of_block(ipld::Codec::dag_cbor, data);
        Bytes out = car::encode_header(std::span(&root, 1));
        car::append_section(out, root.bytes(), data);
        for (const Bytes& block : blocks)
            car::append_section(out, ipld::cid_of_block(ipld::Codec::dag_cbor, block).bytes(), block);
        file("diff") = out;
    }

    void expect_refusal(ErrorCode code, std::string_view why) {
        file("new").clear();
        m_files.stored.erase("new");
        const auto applied = apply();
        ASSERT_FALSE(applied.ok()) << why;
        EXPECT_EQ(applied.error().code, code) << applied.error().text();
        EXPECT_NE(applied.error().message.find(why), std::string::npos) << applied.error().text();
        EXPECT_FALSE(applied.error().remedy.empty()) << applied.error().text();
        EXPECT_FALSE(m_files.stored.contains("new"));
        EXPECT_FALSE(m_files.stored.contains("new.base"));
    }

    MemoryFiles m_files;
    SeededRandom m_random{1};
    DiffReport m_made;
};

/// `count` of the blocks, chosen and ordered at random, some of them more than once.
std::vector<Block> pick(SeededRandom& random, const std::vector<Block>& blocks, std::size_t count) {
    std::vector<Block> out;
    for (std::size_t i = 0; i < count; ++i) {
        const auto from = static_cast<std::size_t>(random.below(blocks.size()));
        const std::size_t run = std::min(1 + static_cast<std::size_t>(random.below(20)), blocks.size() - from);
        for (std::size_t k = 0; k < run; ++k) out.push_back(blocks[from + k]);
    }
    return out;
}

TEST_F(Diff, MakesAnyCarOfAnyOther) {
    SeededRandom random(7);
    const auto blocks = random_blocks(1, 300, 0, 200);
    for (int i = 0; i < 40; ++i) {
        const auto a = pick(random, blocks, static_cast<std::size_t>(random.below(12)));
        const auto b = pick(random, blocks, static_cast<std::size_t>(random.below(12)));
        EXPECT_TRUE(round_trip(car_of(a), car_of(b)));
        std::size_t added = 0;
        for (const Block& block : b) added += std::ranges::find(a, block) == a.end() ? 1 : 0;
        EXPECT_EQ(m_made.added, added);
        std::vector<Bytes> removed;
        for (const Block& block : a)
            if (std::ranges::find(b, block) == b.end() && std::ranges::find(removed, block.data) == removed.end())
                removed.push_back(block.data);
        EXPECT_EQ(m_made.removed, removed.size());
    }
}

TEST_F(Diff, SaysLittleWhereLittleChanged) {
    const auto blocks = random_blocks(2, 1000, 500, 1000);
    std::vector<Block> newer(blocks.begin() + 10, blocks.end());
    const auto heads = random_blocks(3, 5, 500, 1000);
    newer.insert(newer.begin(), heads.begin(), heads.end());
    EXPECT_TRUE(round_trip(car_of(blocks), car_of(newer)));
    EXPECT_EQ(m_made.added, 5U);
    EXPECT_EQ(m_made.removed, 10U);
    EXPECT_LT(m_made.bytes, 6000U);
    EXPECT_TRUE(round_trip(car_of(blocks), car_of(blocks)));
    EXPECT_EQ(m_made.added + m_made.removed, 0U);
    EXPECT_LT(m_made.bytes, 500U);
}

TEST_F(Diff, KeepsWhatIsNotAsItShouldBe) {
    const auto blocks = random_blocks(4, 50, 10, 100);
    const Bytes car = car_of(blocks);
    // A block with another's CID: to a comparison of CIDs alone it would be the same.
    auto wrong = blocks;
    wrong[20].data[0] ^= std::byte{1};
    EXPECT_TRUE(round_trip(car, car_of(wrong)));
    EXPECT_EQ(m_made.added, 1U);
    // One digest under two codecs.
    auto other = blocks;
    other[5].cid = ipld::Cid(ipld::Codec::dag_cbor, blocks[5].cid.hash());
    EXPECT_TRUE(round_trip(car, car_of(other)));
    EXPECT_EQ(m_made.added, 1U);
    // Keys of the header in the other order; no roots; many roots.
    const Bytes header = from_hex("11a26776657273696f6e0165726f6f747380").value();
    Bytes odd = car_of({}, blocks);
    std::ranges::copy(header, odd.begin());
    EXPECT_TRUE(round_trip(car, odd));
    EXPECT_TRUE(round_trip(odd, car));
    EXPECT_TRUE(round_trip(car, car_of(std::vector<ipld::Cid>(3000, blocks[0].cid), {})));
}

TEST_F(Diff, ReadsCompressedAndWrappedCars) {
    const auto blocks = random_blocks(5, 200, 10, 300);
    const Bytes a = car_of({blocks.begin(), blocks.begin() + 150});
    const Bytes b = car_of({blocks.begin() + 50, blocks.end()});
    std::optional<std::uint64_t> bytes;
    for (const Bytes& base : {a, zstd_of(a), v2_of(a, 9, "index"), zstd_of(v2_of(a))})
        for (const Bytes& target : {b, zstd_of(b), v2_of(b, 3, "index")}) {
            file("base") = base;
            file("target") = target;
            const auto made = make();
            ASSERT_TRUE(made.ok()) << made.error().text();
            EXPECT_EQ(made->bytes, bytes.value_or(made->bytes)) << "the CARv1 inside is what counts";
            bytes = made->bytes;
            for (const Bytes& again : {a, zstd_of(a), v2_of(a, 1)}) {
                file("base") = again;
                const auto applied = apply();
                ASSERT_TRUE(applied.ok()) << applied.error().text();
                EXPECT_EQ(file("new"), b);
                EXPECT_EQ(m_files.stored.size(), 4U);
            }
        }
    file("new.base") = a;
    file("base") = zstd_of(a);
    EXPECT_EQ(apply().error().code, ErrorCode::invalid_argument);
    EXPECT_EQ(file("new.base"), a) << "somebody else's file stays";
}

TEST_F(Diff, ANewF3BlockIsABlockLikeAnyOther) {
    const Block f3 = car::samples::raw_block(std::string(9 * MiB, 'f'));
    const Bytes data = ipld::encode_dag_cbor(ipld::Value(ipld::Value::List{f3.cid})).value();
    const Block first{ipld::cid_of_block(ipld::Codec::dag_cbor, data), data};
    const auto blocks = random_blocks(6, 20, 10, 20);
    EXPECT_TRUE(round_trip(car_of(blocks), car_of({first, f3, blocks[3]})));
    EXPECT_TRUE(round_trip(car_of({first, f3, blocks[3]}), car_of({first, f3, blocks[4]})));
}

TEST_F(Diff, ManyRunsTakeSeveralLists) {
    RunPacker packer;
    std::vector<snapshot::Run> expected;
    for (std::uint64_t i = 0; i < 120'000; ++i) {
        expected.push_back(i % 2 == 0 ? snapshot::Run{3 + i, (std::uint64_t{1} << 60) + 5 * i}
                                      : snapshot::Run{(std::uint64_t{1} << 40)});
        ASSERT_TRUE(packer.add({1, expected.back().base}).ok());
        const auto next = expected.back().base ? std::optional(*expected.back().base + 1) : std::nullopt;
        ASSERT_TRUE(packer.add({expected.back().bytes - 1, next}).ok());
    }
    const auto lists = packer.finish();
    ASSERT_TRUE(lists.ok());
    EXPECT_EQ(lists->size(), 3U);
    std::vector<snapshot::Run> runs;
    for (const Bytes& list : *lists) {
        EXPECT_LE(list.size(), largest_run_list);
        const auto some = decode_run_list(list);
        ASSERT_TRUE(some.ok()) << some.error().text();
        runs.insert(runs.end(), some->begin(), some->end());
    }
    EXPECT_EQ(runs, expected);
}

TEST_F(Diff, AnotherBaseIsRefused) {
    const auto blocks = random_blocks(7, 30, 10, 100);
    ASSERT_TRUE(round_trip(car_of(blocks), car_of({blocks[3], blocks[9]})));
    file("base").back() ^= std::byte{1};
    expect_refusal(ErrorCode::mismatch, "base: is not the CAR");
    file("base") = zstd_of(car_of({blocks[0]}));
    expect_refusal(ErrorCode::mismatch, "base: is not the CAR");
    file("base").pop_back();
    expect_refusal(ErrorCode::truncated, "base");
    m_files.stored.erase("base");
    EXPECT_EQ(apply().error().code, ErrorCode::not_found);
}

TEST_F(Diff, ADamagedDiffIsRefused) {
    const auto blocks = random_blocks(8, 30, 10, 40);
    std::vector<Block> target{blocks[20], blocks[3], blocks[4], blocks[25], blocks[1]};
    ASSERT_TRUE(round_trip(car_of({blocks.begin(), blocks.begin() + 10}), car_of(target)));
    const Bytes good = file("diff");
    for (std::size_t i = 0; i < good.size(); ++i) {
        file("diff").assign(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(i));
        m_files.stored.erase("new");
        EXPECT_FALSE(apply().ok()) << "cut at " << i;
        file("diff") = good;
        file("diff")[i] ^= std::byte{0x10};
        const auto applied = apply();
        ASSERT_FALSE(applied.ok()) << "bit of byte " << i;
        EXPECT_FALSE(applied.error().message.empty());
        EXPECT_FALSE(m_files.stored.contains("new"));
    }
    file("diff") = good;
    car::append_section(file("diff"), blocks[0].cid.bytes(), blocks[0].data);
    expect_refusal(ErrorCode::corrupt, "diff: has more new sections than its runs take");
    file("diff") = car_of(blocks);
    expect_refusal(ErrorCode::corrupt, "diff: the diff's manifest cannot be read");
    file("diff") = car_of({}, blocks);
    expect_refusal(ErrorCode::corrupt, "diff: is no diff: it has 0 roots");
    file("diff") = car_of({blocks[1].cid}, blocks);
    expect_refusal(ErrorCode::corrupt, "is not its manifest");
    file("diff") = to_bytes(bytes_of("some text that is no CAR at all"));
    expect_refusal(ErrorCode::corrupt, "diff");
}

/// A manifest that can be bent in one place.
ipld::Value bent_manifest(const DiffManifest& manifest, const std::function<void(ipld::Value::Map&)>& bend) {
    const Bytes block = encode(manifest).value();
    ipld::Value::Map map = *ipld::decode_dag_cbor(block)->as_map();
    bend(map);
    return map;
}

ipld::Value& entry(ipld::Value::Map& map, std::string_view key) {
    return std::ranges::find(map, key, &ipld::MapEntry::key)->value;
}

TEST_F(Diff, AHostileDiffIsRefused) {
    using ipld::Value;
    using List = Value::List;
    const auto blocks = random_blocks(9, 10, 20, 20);
    const Bytes car = car_of(blocks);
    file("base") = car;
    const Bytes header = car::encode_header({});
    const auto list_of = [](const Value& value) { return ipld::encode_dag_cbor(value).value(); };
    const auto runs_of = [&](const std::vector<std::vector<std::uint64_t>>& runs) {
        List list;
        for (const std::vector<std::uint64_t>& run : runs) list.emplace_back(List(run.begin(), run.end()));
        return list_of(list);
    };
    DiffManifest manifest;
    manifest.base = {car.size(), blocks.size(), ipld::sha2_256(car)};
    manifest.target_header = header;
    const auto with = [&](std::uint64_t bytes, const std::vector<Bytes>& lists) {
        manifest.target.bytes = header.size() + bytes;
        manifest.run_lists.clear();
        for (const Bytes& list : lists) manifest.run_lists.push_back(ipld::cid_of_block(ipld::Codec::dag_cbor, list));
        store_diff(bent_manifest(manifest, [](Value::Map&) {}), lists);
    };
    const std::uint64_t huge = std::uint64_t{1} << 62;

    with(100, {runs_of({{50, 0}})});
    expect_refusal(ErrorCode::corrupt, "runs are shorter than the target");
    with(10, {runs_of({{50, 0}})});
    expect_refusal(ErrorCode::corrupt, "runs are longer than the target");
    with(10, {runs_of({{huge, 0}}), runs_of({{huge, 0}})});
    expect_refusal(ErrorCode::corrupt, "runs are longer than the target");
    with(10, {runs_of({{10, car.size() - 5}})});
    expect_refusal(ErrorCode::corrupt, "behind the end of its base");
    with(10, {runs_of({{10, huge}})});
    expect_refusal(ErrorCode::corrupt, "behind the end of its base");
    with(10, {runs_of({{10, ~std::uint64_t{0}}})});
    expect_refusal(ErrorCode::corrupt, "no place");
    with(10, {runs_of({{0, 0}, {10, 0}})});
    expect_refusal(ErrorCode::corrupt, "no bytes");
    with(10, {runs_of({{5, 0}, {5, 5}})});
    expect_refusal(ErrorCode::corrupt, "should be one");
    with(10, {runs_of(std::vector<std::vector<std::uint64_t>>(1))});
    expect_refusal(ErrorCode::corrupt, "no run");
    with(10, {runs_of({{5, 5, 5}})});
    expect_refusal(ErrorCode::corrupt, "no run");
    with(10, {list_of(List{5})});
    expect_refusal(ErrorCode::corrupt, "no run");
    with(10, {list_of(Value(5))});
    expect_refusal(ErrorCode::corrupt, "no list");
    with(10, {runs_of({{10}})});
    expect_refusal(ErrorCode::corrupt, "differ in the number of new bytes");
    manifest.added_bytes = 10;
    expect_refusal(ErrorCode::corrupt, "differ in the number of new bytes");
    with(10, {runs_of({{10}})});
    expect_refusal(ErrorCode::truncated, "ends before its last new section");
    manifest.added_bytes = 0;
    // It all fits, and makes something else than it promised.
    with(10, {runs_of({{10, 0}})});
    expect_refusal(ErrorCode::mismatch, "is not the CAR that it was made from");

    with(10, {Bytes(largest_run_list + 1)});
    expect_refusal(ErrorCode::too_large, "its next run list has 1048577 bytes");
    with(10, {runs_of({{10, 0}})});
    manifest.run_lists.push_back(blocks[0].cid);
    store_diff(bent_manifest(manifest, [](Value::Map&) {}), {runs_of({{10, 0}})});
    expect_refusal(ErrorCode::truncated, "ends before its next run list");

    const auto bent = [&](const std::function<void(Value::Map&)>& bend) {
        store_diff(bent_manifest(manifest, bend), {});
    };
    bent([](Value::Map& map) { entry(map, "car_diff") = 2; });
    expect_refusal(ErrorCode::unsupported, "version 2 of its format");
    for (const std::string key : {"car_diff", "base", "target", "added", "removed", "run_lists"}) {
        bent([&](Value::Map& map) { std::erase_if(map, [&](const auto& field) { return field.key == key; }); });
        expect_refusal(ErrorCode::corrupt, key);
        bent([&](Value::Map& map) { entry(map, key) = "text"; });
        expect_refusal(ErrorCode::corrupt, key);
        bent([&](Value::Map& map) { entry(map, key) = -1; });
        expect_refusal(ErrorCode::corrupt, key);
    }
    bent([&](Value::Map& map) {
        entry(map, "target") = Value::Map{{"bytes", 3}, {"blocks", 0}, {"sha256", Bytes(32)}, {"header", header}};
    });
    expect_refusal(ErrorCode::corrupt, "more bytes than the target has");
    bent([&](Value::Map& map) { entry(map, "base") = Value::Map{{"bytes", 3}, {"blocks", 0}, {"sha256", Bytes(31)}}; });
    expect_refusal(ErrorCode::corrupt, "SHA-256");
}

TEST_F(Diff, WithoutAnOutputOnlyTheReportIsMade) {
    const auto blocks = random_blocks(10, 60, 10, 100);
    file("base") = car_of({blocks.begin(), blocks.begin() + 40});
    file("target") = car_of({blocks.begin() + 20, blocks.end()});
    const auto report = make_diff(m_files, "base", "target", std::nullopt, m_random, {});
    ASSERT_TRUE(report.ok());
    EXPECT_EQ(m_files.stored.size(), 2U);
    const auto written = make();
    EXPECT_EQ(report->bytes, written->bytes);
    EXPECT_EQ(report->added, 20U);
    EXPECT_EQ(report->removed, 20U);
}

TEST_F(Diff, FaultsLeaveNoFile) {
    const auto blocks = random_blocks(11, 200, 100, 400);
    const Bytes a = car_of({blocks.begin(), blocks.begin() + 100});
    const Bytes b = car_of({blocks.begin() + 50, blocks.end()});
    SmallDisk disk(5000);
    disk.memory.stored["base"] = a;
    disk.memory.stored["target"] = b;
    const auto full = make_diff(disk, "base", "target", "diff", m_random, {});
    ASSERT_FALSE(full.ok());
    EXPECT_NE(full.error().message.find("diff.part: cannot write: No space"), std::string::npos);
    EXPECT_EQ(disk.memory.stored.size(), 2U);

    ASSERT_TRUE(round_trip(a, b));
    for (const std::uint64_t room : {std::uint64_t{1000}, a.size() + b.size() / 2}) {
        SmallDisk small(room);
        small.memory.stored = m_files.stored;
        small.memory.stored.erase("new");
        small.memory.stored["base"] = zstd_of(a);
        const auto applied = apply_diff(small, "base", "diff", "new", {});
        ASSERT_FALSE(applied.ok());
        EXPECT_EQ(applied.error().code, ErrorCode::io) << applied.error().text();
        EXPECT_EQ(small.memory.stored.size(), 3U);
    }

    std::stop_source stop;
    stop.request_stop();
    m_files.stored.erase("new");
    const auto applied = apply_diff(m_files, "base", "diff", "new", {.stop = stop.get_token()});
    EXPECT_EQ(applied.error().code, ErrorCode::cancelled);
    m_files.stored.erase("diff");
    const auto made = make_diff(m_files, "base", "target", "diff", m_random, {.stop = stop.get_token()});
    EXPECT_EQ(made.error().code, ErrorCode::cancelled);
    EXPECT_EQ(m_files.stored.size(), 2U);
}

}    // namespace
}    // namespace filfil::snapshot
