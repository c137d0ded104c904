// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "car/split.hpp"

#include "base/random.hpp"
#include "car/join.hpp"
#include "ipld/piece_cid.hpp"
#include "samples.hpp"

#include <algorithm>
#include <filesystem>

namespace filfil::car {
namespace {

using namespace samples;

class CarSplit : public testing::Test {
protected:
    static std::string path(std::string_view name) { return join_path("work", name); }

    void store(std::string_view name, ByteView bytes) { m_files.stored[path(name)] = to_bytes(bytes); }

    Bytes load(const std::string& file) { return m_files.stored.at(file); }

    Result<std::vector<PieceFile>> split_to(std::string_view name, std::uint64_t piece_size,
                                            PieceObserver* observer = nullptr) {
        SplitOptions options;
        options.piece_size = piece_size;
        options.observer = observer;
        options.reader.batch_bytes = 700;
        return split(m_files, path(name), path("pieces"), options);
    }

    static std::vector<std::string> paths_of(const std::vector<PieceFile>& pieces) {
        std::vector<std::string> out;
        for (const PieceFile& piece : pieces) out.push_back(piece.path);
        return out;
    }

    MemoryFiles m_files;
};

TEST_F(CarSplit, PiecesAreCarsThatJoinBackToTheSameBytes) {
    const auto blocks = random_blocks(1, 300, 0, 400);
    const Bytes car = car_of(blocks);
    store("a.car", car);
    store("b.car.zst", zstd_of(car));
    store("c.car", v2_of(car, 3, "index"));
    for (const std::string_view name : {"a.car", "b.car.zst", "c.car"})
        for (const std::uint64_t size : {1024U, 4096U, 65536U, 1U << 20}) {
            const auto pieces = split_to(name, size);
            ASSERT_TRUE(pieces.ok()) << pieces.error().text();
            EXPECT_EQ(pieces->size() == 1, size == 1U << 20) << size;
            std::vector<Block> together;
            for (const PieceFile& piece : *pieces) {
                const Bytes bytes = load(piece.path);
                EXPECT_EQ(bytes.size(), piece.payload_size);
                EXPECT_LE(piece.payload_size, ipld::capacity_of(size));
                EXPECT_EQ(piece.padded_size, ipld::padded_size_of(piece.payload_size));
                EXPECT_LE(piece.padded_size, size);
                const Outcome read = read_car(bytes);
                ASSERT_FALSE(read.error) << read.error->text();
                EXPECT_EQ(read.header->roots, std::vector{blocks[0].cid});
                EXPECT_FALSE(read.blocks.empty());
                together.insert(together.end(), read.blocks.begin(), read.blocks.end());
            }
            EXPECT_EQ(together, blocks);
            const auto joined = join(m_files, paths_of(*pieces), path("joined.car"));
            ASSERT_TRUE(joined.ok()) << joined.error().text();
            EXPECT_EQ(joined->blocks, blocks.size());
            EXPECT_EQ(joined->bytes, car.size());
            EXPECT_EQ(load(path("joined.car")), car);
        }
}

TEST_F(CarSplit, NamesAreNumberedFromOne) {
    store("snap.forest.car.zst", zstd_of(car_of(random_blocks(2, 20, 300, 400))));
    const auto pieces = split_to("snap.forest.car.zst", 4096);
    ASSERT_TRUE(pieces.ok()) << pieces.error().text();
    for (std::size_t i = 0; i < pieces->size(); ++i) {
        const PieceFile& piece = (*pieces)[i];
        EXPECT_EQ(piece.path,
                  path("pieces/snap.p" + std::to_string(i + 1) + "of" + std::to_string(pieces->size()) + ".car"));
        EXPECT_EQ(piece.number, i + 1);
        EXPECT_EQ(piece.count, pieces->size());
    }
    EXPECT_EQ(car_stem("a/b.c/x.car"), "x");
    EXPECT_EQ(car_stem("x.car.zst"), "x");
    EXPECT_EQ(car_stem("/x"), "x");
    EXPECT_EQ(car_stem(".car"), ".car");
}

TEST_F(CarSplit, AHeaderThatIsNotCanonicalIsKept) {
    // The keys in the other order: legal to read, and what join() has to give back.
    const Bytes header = from_hex("11a26776657273696f6e0165726f6f747380").value();
    Bytes car = header;
    for (const Block& block : random_blocks(3, 30, 100, 200)) {
        const Bytes one = car_of({}, {block});
        car.insert(car.end(), one.begin() + 18, one.end());
    }
    store("odd.car", car);
    const auto pieces = split_to("odd.car", 2048);
    ASSERT_TRUE(pieces.ok()) << pieces.error().text();
    EXPECT_GT(pieces->size(), 2U);
    ASSERT_TRUE(join(m_files, paths_of(*pieces), path("back.car")).ok());
    EXPECT_EQ(load(path("back.car")), car);
}

TEST_F(CarSplit, ACarWithoutSectionsIsOnePiece) {
    const Bytes car = encode_header({});
    store("empty.car", car);
    const auto pieces = split_to("empty.car", 128);
    ASSERT_TRUE(pieces.ok()) << pieces.error().text();
    ASSERT_EQ(pieces->size(), 1U);
    EXPECT_EQ(load((*pieces)[0].path), car);
}

TEST_F(CarSplit, TheObserverSeesThePieces) {
    class Recorder final : public PieceObserver {
    public:
        Result<void> begin(const PieceFile& piece) override {
            m_paths.push_back(piece.path);
            m_contents.emplace_back();
            return {};
        }
        Result<void> bytes(ByteView bytes) override {
            m_contents.back().insert(m_contents.back().end(), bytes.begin(), bytes.end());
            return {};
        }
        Result<void> end() override {
            ++m_ended;
            return m_ended == m_fail_at ? Error(ErrorCode::device, "broke") : Result<void>();
        }
        std::vector<std::string> m_paths;
        std::vector<Bytes> m_contents;
        std::size_t m_ended = 0;
        std::size_t m_fail_at = 0;
    };
    store("a.car", car_of(random_blocks(4, 100, 100, 300)));
    Recorder recorder;
    const auto pieces = split_to("a.car", 4096, &recorder);
    ASSERT_TRUE(pieces.ok());
    EXPECT_EQ(recorder.m_paths, paths_of(*pieces));
    EXPECT_EQ(recorder.m_ended, pieces->size());
    for (std::size_t i = 0; i < pieces->size(); ++i) EXPECT_EQ(load((*pieces)[i].path), recorder.m_contents[i]);

    // A piece whose observer fails does not appear under its name.
    for (const PieceFile& piece : *pieces) m_files.stored.erase(piece.path);
    Recorder failing;
    failing.m_fail_at = 2;
    EXPECT_EQ(split_to("a.car", 4096, &failing).error().code, ErrorCode::device);
    EXPECT_EQ(m_files.list(path("pieces"))->size(), 1U);
}

TEST_F(CarSplit, FaultsAreToldAndLeaveNoHalfPiece) {
    const Bytes car = car_of(random_blocks(5, 100, 100, 300));
    store("cut.car", ByteView(car).first(car.size() - 1));
    store("large.car", car_of(random_blocks(6, 3, 2000, 3000)));
    store("good.car", car);
    EXPECT_EQ(split_to("cut.car", 4096).error().code, ErrorCode::truncated);
    EXPECT_EQ(split_to("large.car", 1024).error().code, ErrorCode::too_small);
    EXPECT_EQ(split_to("good.car", 1000).error().code, ErrorCode::invalid_argument);
    EXPECT_EQ(split_to("none.car", 1024).error().code, ErrorCode::not_found);
    EXPECT_TRUE(m_files.list(path("pieces"))->empty());
    std::stop_source stop;
    stop.request_stop();
    SplitOptions options;
    options.piece_size = 4096;
    options.stop = stop.get_token();
    EXPECT_EQ(split(m_files, path("good.car"), path("pieces"), options).error().code, ErrorCode::cancelled);
}

TEST(CarPartNames, AreReadStrictly) {
    const auto name = parse_part_name("folder/snap.p1.p2of3.car");
    ASSERT_TRUE(name);
    EXPECT_EQ(name->stem, "snap.p1");
    EXPECT_EQ(name->number, 2U);
    EXPECT_EQ(name->count, 3U);
    EXPECT_TRUE(parse_part_name("a.p10of10.car.zst"));
    for (const std::string_view bad :
         {"a.car", "a.p0of3.car", "a.p4of3.car", "a.p01of3.car", "a.p1of.car", "a.pof3.car", "a.p1of3x.car",
          ".p1of3.car", "a.p-1of3.car", "a.p1of99999999999999999999.car", "a.p1of3"})
        EXPECT_EQ(parse_part_name(bad).has_value(), bad == "a.p1of3") << bad;
}

TEST(CarPartNames, OrderThePartsWhateverTheOrderGiven) {
    const std::vector<std::string> shuffled{"x/a.p10of11.car", "a.p2of11.car", "a.p1of11.car", "a.p3of11.car",
                                            "a.p11of11.car",   "a.p4of11.car", "a.p9of11.car", "a.p5of11.car",
                                            "a.p8of11.car",    "a.p6of11.car", "a.p7of11.car"};
    const auto ordered = order_parts(shuffled);
    ASSERT_TRUE(ordered.ok()) << ordered.error().text();
    EXPECT_EQ((*ordered)[0], "a.p1of11.car");
    EXPECT_EQ((*ordered)[9], "x/a.p10of11.car");
    const std::vector<std::string> plain{"b.car", "a.car"};
    EXPECT_EQ(*order_parts(plain), plain);

    const auto refused = [](const std::vector<std::string>& parts, std::string_view why) {
        const auto result = order_parts(parts);
        ASSERT_FALSE(result.ok()) << why;
        EXPECT_EQ(result.error().code, ErrorCode::invalid_argument);
        EXPECT_NE(result.error().message.find(why), std::string::npos) << result.error().message;
    };
    refused({"a.p1of3.car", "a.p3of3.car"}, "part 2 of 3 is missing");
    refused({"a.p1of3.car", "a.p2of3.car"}, "part 3 of 3 is missing");
    refused({"a.p2of2.car"}, "part 1 of 2 is missing");
    refused({"a.p1of2.car", "a.p2of2.car", "x/a.p2of2.car"}, "part 2 is given twice");
    refused({"a.p1of2.car", "b.p2of2.car"}, "different CARs");
    refused({"a.p1of2.car", "a.p2of3.car"}, "different CARs");
    refused({"a.p1of2.car", "second.car"}, "numbered names");
}

TEST_F(CarSplit, JoinRefusesWhatDoesNotBelongTogether) {
    const auto blocks = random_blocks(7, 4, 10, 50);
    store("first.car", car_of({blocks[0].cid}, {blocks[0]}));
    store("second.car", car_of({blocks[0].cid}, {blocks[1], blocks[2]}));
    store("other.car", car_of({blocks[3].cid}, {blocks[3]}));
    const Bytes cut = car_of({blocks[0].cid}, {blocks[1]});
    store("cut.car", ByteView(cut).first(cut.size() - 3));
    const auto join_to = [&](const std::vector<std::string>& names, std::string_view output) {
        std::vector<std::string> parts;
        for (const std::string& name : names) parts.push_back(path(name));
        return join(m_files, parts, path(output));
    };
    const auto joined = join_to({"first.car", "second.car"}, "out.car");
    ASSERT_TRUE(joined.ok()) << joined.error().text();
    EXPECT_EQ(load(path("out.car")), car_of({blocks[0].cid}, {blocks[0], blocks[1], blocks[2]}));
    m_files.stored.erase(path("out.car"));

    EXPECT_EQ(join_to({"first.car", "other.car"}, "out.car").error().code, ErrorCode::mismatch);
    EXPECT_EQ(join_to({"first.car", "cut.car"}, "out.car").error().code, ErrorCode::truncated);
    EXPECT_EQ(join_to({"first.car", "none.car"}, "out.car").error().code, ErrorCode::not_found);
    EXPECT_EQ(join_to({}, "out.car").error().code, ErrorCode::invalid_argument);
    EXPECT_FALSE(m_files.info(path("out.car")).ok());
    EXPECT_EQ(join_to({"first.car", "second.car"}, "second.car").error().code, ErrorCode::invalid_argument);
}

TEST(CarJoin, OnADiskLeavesNothingHalfDoneAndOverwritesNoPart) {
    SystemFiles files;
    const std::string folder = scratch_path("car_join");
    std::filesystem::remove_all(folder);
    ASSERT_TRUE(files.make_folders(folder).ok());
    const auto blocks = random_blocks(9, 2, 10, 50);
    const std::vector parts{folder + "/first.car", folder + "/second.car"};
    for (std::size_t i = 0; i < 2; ++i) {
        auto file = files.create(parts[i]);
        ASSERT_TRUE(file.ok() && (*file)->write(car_of({blocks[0].cid}, {blocks[i]})).ok() && (*file)->commit().ok());
    }
    std::filesystem::create_hard_link(parts[1], folder + "/link.car");
    EXPECT_EQ(join(files, parts, folder + "/link.car").error().code, ErrorCode::invalid_argument);
    std::filesystem::resize_file(parts[1], std::filesystem::file_size(parts[1]) - 1);
    EXPECT_EQ(join(files, parts, folder + "/out.car").error().code, ErrorCode::truncated);
    EXPECT_EQ(files.list(folder)->size(), 3U);
    std::filesystem::remove_all(folder);
}

TEST_F(CarSplit, RandomCarsComeBack) {
    SeededRandom random(8);
    for (std::uint64_t round = 0; round < 40; ++round) {
        const Bytes car = car_of(random_blocks(100 + round, static_cast<std::size_t>(random.below(120)), 0,
                                               1 + static_cast<std::size_t>(random.below(800))));
        store("r.car", car);
        const std::uint64_t size = std::uint64_t{2048} << random.below(5);
        const auto pieces = split_to("r.car", size);
        ASSERT_TRUE(pieces.ok()) << pieces.error().text();
        auto parts = paths_of(*pieces);
        std::ranges::reverse(parts);
        ASSERT_TRUE(join(m_files, parts, path("back.car")).ok());
        ASSERT_EQ(load(path("back.car")), car);
    }
}

}    // namespace
}    // namespace filfil::car
