// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "snapshot/export.hpp"

#include "car/forest_car.hpp"
#include "car/join.hpp"
#include "car/split.hpp"
#include "commp/cpu_backend.hpp"
#include "commp/stream.hpp"
#include "snapshot/car_file_source.hpp"
#include "snapshot/file_name.hpp"
#include "snapshot/prefixed_source.hpp"
#include "source_samples.hpp"

#include <algorithm>
#include <atomic>
#include <filesystem>

namespace filfil::snapshot {
namespace {

using namespace samples;
using Kind = Target::Kind;

class Counted final : public Progress {
public:
    void advance(std::uint64_t bytes) noexcept override {
        const std::uint64_t done = m_bytes.fetch_add(bytes) + bytes;
        if (m_stop_at != 0 && done >= m_stop_at) stop.request_stop();
    }
    [[nodiscard]] std::uint64_t bytes() const noexcept { return m_bytes; }
    void stop_at(std::uint64_t bytes) { m_stop_at = bytes; }

    std::stop_source stop;

private:
    std::atomic<std::uint64_t> m_bytes = 0;
    std::uint64_t m_stop_at = 0;
};

class Export : public testing::Test {
protected:
    Result<ExportReport> run(const SectionSource& source, ExportOptions options, Files& files) {
        options.progress = &m_progress;
        options.stop = m_progress.stop.get_token();
        if (m_threads) {
            ThreadPool hashing(2);
            ThreadPool writing(2);
            ThreadPool packing(2);
            options.readers = 3;
            options.compressors = 2;
            return export_snapshot(source, {files, m_clock, *m_backend, hashing, writing, &packing}, options);
        }
        return export_snapshot(source, {files, m_clock, *m_backend, m_inline, m_inline}, options);
    }
    Result<ExportReport> run(const SectionSource& source, const ExportOptions& options) {
        return run(source, options, m_files);
    }

    commp::Piece piece_of(ByteView bytes) {
        commp::PieceStream stream(*m_backend);
        EXPECT_TRUE(stream.write(bytes).ok());
        return stream.finish().value();
    }

    InlineExecutor m_inline;
    SystemClock m_clock;
    std::unique_ptr<commp::Backend> m_backend = commp::make_cpu_backend("portable", m_inline, m_clock).value();
    MemoryFiles m_files;
    Counted m_progress;
    bool m_threads = false;
};

TEST_F(Export, WithoutAFileThePiecesAreStillHashed) {
    const auto source = random_source(1, 400);
    const Bytes car = car_of(*source);
    for (const bool threads : {false, true}) {
        m_threads = threads;
        const std::uint64_t before = m_progress.bytes();
        const ExportOptions options{.piece_size = 32 * GiB, .target = {}, .car_sha256 = true};
        const auto report = run(*source, options);
        ASSERT_TRUE(report.ok()) << report.error().text();
        EXPECT_EQ(report->blocks, 400U);
        EXPECT_EQ(report->car_bytes, car.size());
        EXPECT_EQ(report->written_bytes, 0U);
        ASSERT_EQ(report->pieces.size(), 1U);
        EXPECT_FALSE(report->pieces[0].path);
        EXPECT_EQ(report->pieces[0].piece, piece_of(car));
        EXPECT_EQ(report->pieces[0].piece.padded_size, 131'072U) << "the natural size, not the recipe's";
        EXPECT_EQ(report->car_sha256, ipld::sha2_256(car));
        EXPECT_EQ(m_progress.bytes() - before, export_work(*source, options));
        EXPECT_TRUE(m_files.stored.empty());
    }
}

TEST_F(Export, PieceFilesAreThoseOfCarSplitAndJoinBack) {
    const auto source = random_source(2, 700);
    const Bytes car = car_of(*source);
    m_files.stored["whole.car"] = car;
    car::SplitOptions split_options;
    split_options.piece_size = 32'768;
    const auto split = car::split(m_files, "whole.car", "split", split_options);
    ASSERT_TRUE(split.ok());
    ASSERT_GT(split->size(), 3U);
    for (const bool threads : {false, true}) {
        m_threads = threads;
        m_progress.stop_at(0);
        const std::uint64_t before = m_progress.bytes();
        const ExportOptions options{.piece_size = 32'768,
                                    .target = {.kind = Kind::pieces, .path = "out", .stem = "snap"}};
        const auto report = run(*source, options);
        ASSERT_TRUE(report.ok()) << report.error().text();
        ASSERT_EQ(report->pieces.size(), split->size());
        std::vector<std::string> paths;
        std::uint64_t written = 0;
        for (std::size_t i = 0; i < split->size(); ++i) {
            const ExportedPiece& piece = report->pieces[i];
            ASSERT_TRUE(piece.path);
            EXPECT_EQ(*piece.path, "out/" + piece_file_name("snap", i + 1, split->size()));
            const Bytes& file = m_files.stored.at(*piece.path);
            EXPECT_EQ(file, m_files.stored.at((*split)[i].path));
            EXPECT_EQ(piece.piece, piece_of(file));
            EXPECT_EQ(piece.piece.padded_size, (*split)[i].padded_size);
            paths.push_back(*piece.path);
            written += file.size();
        }
        EXPECT_EQ(report->written_bytes, written);
        ASSERT_TRUE(car::join(m_files, paths, "joined.car").ok());
        EXPECT_EQ(m_files.stored.at("joined.car"), car);
        // Headers are repeated in each piece: a few bytes more than announced.
        EXPECT_GE(m_progress.bytes() - before, export_work(*source, options));
    }
}

TEST_F(Export, AFileOfTheWholeCarHoldsItWhateverTheCompression) {
    const auto source = random_source(3, 2000);
    const Bytes car = car_of(*source);
    const auto expected = car::samples::read_car(car);
    for (const bool threads : {false, true})
        for (const auto compression : {car::Compression::none, car::Compression::zstd, car::Compression::forest}) {
            m_threads = threads;
            const auto report =
                run(*source, {.piece_size = 65'536,
                              .target = {.kind = Kind::file, .path = "snap", .compression = compression},
                              .car_sha256 = true});
            ASSERT_TRUE(report.ok()) << report.error().text();
            const Bytes& file = m_files.stored.at("snap");
            EXPECT_EQ(report->written_bytes, file.size());
            EXPECT_EQ(report->car_sha256, ipld::sha2_256(car));
            EXPECT_GT(report->pieces.size(), 1U) << "pieces follow the recipe, whatever the file";
            for (const ExportedPiece& piece : report->pieces) EXPECT_FALSE(piece.path);
            const auto read = car::samples::read_car(file);
            ASSERT_FALSE(read.error) << read.error->text();
            EXPECT_EQ(read.header->compression, compression);
            EXPECT_EQ(read.header->bytes, expected.header->bytes);
            EXPECT_EQ(read.blocks, expected.blocks);
            if (compression == car::Compression::none) {
                EXPECT_EQ(file, car);
            }
            if (compression == car::Compression::forest) {
                const auto forest = car::ForestCar::open(car::samples::file_of(file));
                ASSERT_TRUE(forest.ok()) << forest.error().text();
                for (const Block& block : expected.blocks) EXPECT_EQ(forest->get(block.cid).value(), block.data);
            }
        }
}

TEST_F(Export, Version2BlocksStandInFramesOfTheirOwn) {
    const auto blocks = car::samples::random_blocks(4, 50, 0, 100);
    const MemorySource v1({blocks[0].cid}, blocks);
    const Block f3 = car::samples::raw_block("certificates");
    const auto v2 = as_version_2(v1, {blocks[0].cid},
                                 [&] {
                                     Bytes section;
                                     const Bytes one = car::samples::car_of({}, {f3});
                                     section.assign(one.begin() + 18, one.end());
                                     return section;
                                 }())
                        .value();
    const auto frames = [&](const SectionSource& source) {
        const auto report =
            run(source, {.piece_size = 32 * GiB,
                         .target = {.kind = Kind::file, .path = "f", .compression = car::Compression::forest}});
        EXPECT_TRUE(report.ok()) << report.error().text();
        const auto check = car::check_forest_car(car::samples::file_of(m_files.stored.at("f")));
        EXPECT_TRUE(check.ok() && check->unresolved == 0);
        return check->frames;
    };
    EXPECT_EQ(frames(v1), 1U);
    EXPECT_EQ(frames(*v2), 3U);
    const auto forest = car::ForestCar::open(car::samples::file_of(m_files.stored.at("f")));
    EXPECT_EQ(forest->get(f3.cid).value(), f3.data);
}

TEST_F(Export, AForestCarIsTheSameForAnyNumberOfThreads) {
    // Several parts that are compressed side by side, and a section that reaches over more than one.
    auto blocks = car::samples::random_blocks(12, 40, 200'000, 500'000);
    blocks.insert(blocks.begin() + 7, car::samples::raw_block(std::string(7 * MiB, 'x')));
    const MemorySource source({blocks[0].cid}, blocks);
    std::optional<Bytes> file;
    for (const bool threads : {false, true}) {
        m_threads = threads;
        const std::uint64_t before = m_progress.bytes();
        const ExportOptions options{
            .piece_size = 32 * GiB,
            .target = {.kind = Kind::file, .path = "f", .compression = car::Compression::forest}};
        const auto report = run(source, options);
        ASSERT_TRUE(report.ok()) << report.error().text();
        EXPECT_EQ(report->written_bytes, m_files.stored.at("f").size());
        EXPECT_EQ(m_progress.bytes() - before, export_work(source, options));
        EXPECT_TRUE(m_files.stored.at("f") == file.value_or(m_files.stored.at("f")));
        file = m_files.stored.at("f");
    }
    const auto check = car::check_forest_car(car::samples::file_of(*file));
    ASSERT_TRUE(check.ok()) << check.error().text();
    EXPECT_EQ(check->unresolved, 0U);
    EXPECT_EQ(check->blocks, blocks.size());
    const auto forest = car::ForestCar::open(car::samples::file_of(*file));
    ASSERT_TRUE(forest.ok()) << forest.error().text();
    for (const Block& block : blocks) EXPECT_TRUE(forest->get(block.cid).value() == block.data);
}

TEST_F(Export, AStreamGetsTheCar) {
    const auto source = random_source(5, 100);
    car::MemorySink sink;
    const auto report = run(*source, {.piece_size = 32 * GiB, .target = {.kind = Kind::stream, .stream = &sink}});
    ASSERT_TRUE(report.ok()) << report.error().text();
    EXPECT_EQ(sink.bytes(), car_of(*source));
    EXPECT_EQ(report->written_bytes, sink.bytes().size());
}

TEST_F(Export, AFullDiskLeavesNothing) {
    const auto source = random_source(6, 900);
    const Bytes car = car_of(*source);
    for (const bool threads : {false, true})
        for (const auto& [room, target] :
             {std::pair{car.size() - 1, Target{.kind = Kind::file, .path = "out.car"}},
              std::pair{car.size() / 2, Target{.kind = Kind::pieces, .path = "out", .stem = "snap"}},
              std::pair{std::size_t{10},
                        Target{.kind = Kind::file, .path = "out.car", .compression = car::Compression::zstd}},
              std::pair{std::size_t{10},
                        Target{.kind = Kind::file, .path = "out.car", .compression = car::Compression::forest}}}) {
            m_threads = threads;
            SmallDisk disk(room);
            const auto report = run(*source, {.piece_size = 32'768, .target = target, .car_sha256 = true}, disk);
            ASSERT_FALSE(report.ok());
            EXPECT_EQ(report.error().code, ErrorCode::io) << report.error().text();
            EXPECT_NE(report.error().message.find("No space left"), std::string::npos);
            EXPECT_TRUE(report.error().message.starts_with("out")) << report.error().message;
            EXPECT_TRUE(disk.memory.stored.empty());
        }
}

TEST_F(Export, IfOnePieceCannotBePublishedNoneIs) {
    const auto source = random_source(7, 700);
    for (const unsigned at : {0U, 1U, 3U}) {
        SmallDisk disk(1 << 30);
        disk.fail_commit_at = at;
        const auto report =
            run(*source, {.piece_size = 32'768, .target = {.kind = Kind::pieces, .path = "out", .stem = "snap"}}, disk);
        ASSERT_FALSE(report.ok());
        EXPECT_EQ(report.error().code, ErrorCode::io);
        EXPECT_NE(report.error().message.find("p" + std::to_string(at + 1) + "of"), std::string::npos);
        EXPECT_TRUE(disk.memory.stored.empty());
    }
}

TEST_F(Export, AStopLeavesNothing) {
    const auto source = random_source(8, 4000);
    const std::uint64_t all = 2 * car_of(*source).size();
    for (const bool threads : {false, true})
        for (const auto& target : {Target{.kind = Kind::file, .path = "out.car"},
                                   Target{.kind = Kind::file, .path = "out.car", .compression = car::Compression::zstd},
                                   Target{.kind = Kind::pieces, .path = "out", .stem = "snap"}})
            for (const std::uint64_t at : {std::uint64_t{1}, all / 2, all}) {
                m_threads = threads;
                m_progress.stop = {};
                const std::uint64_t before = m_progress.bytes();
                m_progress.stop_at(before + at);
                const auto report = run(*source, {.piece_size = 65'536, .target = target});
                ASSERT_FALSE(report.ok()) << at;
                EXPECT_EQ(report.error().code, ErrorCode::cancelled) << report.error().text();
                EXPECT_TRUE(m_files.stored.empty());
            }
}

TEST_F(Export, AFaultOfTheSourceIsTold) {
    const auto source = random_source(9, 900);
    source->on_read = [&](std::uint64_t offset) -> Result<void> {
        if (offset < 100'000) return {};
        return Error(ErrorCode::corrupt, "the arena is broken");
    };
    for (const bool threads : {false, true})
        for (const Kind kind : {Kind::nothing, Kind::file}) {
            m_threads = threads;
            const auto report = run(*source, {.piece_size = 16'384, .target = {.kind = kind, .path = "out.car"}});
            ASSERT_FALSE(report.ok());
            EXPECT_EQ(report.error().message, "the arena is broken");
            EXPECT_TRUE(m_files.stored.empty());
        }
}

TEST_F(Export, WhatCannotBeIsRefusedBeforeAnythingIsWritten) {
    const auto source = random_source(10, 10);
    EXPECT_EQ(run(*source, {.piece_size = 32'768,
                            .target = {.kind = Kind::pieces, .path = "out", .compression = car::Compression::zstd}})
                  .error()
                  .code,
              ErrorCode::invalid_argument);
    EXPECT_EQ(run(*source, {.piece_size = 1000, .target = {.kind = Kind::file, .path = "out"}}).error().code,
              ErrorCode::invalid_argument);
    EXPECT_EQ(run(*source, {.piece_size = 128, .target = {.kind = Kind::file, .path = "out"}}).error().code,
              ErrorCode::too_small);
    EXPECT_TRUE(m_files.stored.empty());
}

TEST_F(Export, RealFilesAppearUnderTheirNamesOnly) {
    const std::string folder = car::samples::scratch_path("export");
    std::filesystem::remove_all(folder);
    SystemFiles files;
    const auto source = random_source(11, 500);
    m_threads = true;
    const auto pieces = run(
        *source, {.piece_size = 32'768, .target = {.kind = Kind::pieces, .path = folder + "/a/b", .stem = "s"}}, files);
    ASSERT_TRUE(pieces.ok()) << pieces.error().text();
    EXPECT_EQ(files.list(folder + "/a/b").value().size(), pieces->pieces.size());
    const auto whole =
        run(*source, {.piece_size = 32 * GiB, .target = {.kind = Kind::file, .path = folder + "/s.car"}}, files);
    ASSERT_TRUE(whole.ok()) << whole.error().text();
    EXPECT_EQ(files.list(folder).value(), (std::vector<std::string>{"a", "s.car"}));
    const auto again = CarFileSource::open(files, folder + "/s.car");
    ASSERT_TRUE(again.ok()) << again.error().text();
    EXPECT_EQ(car_of(**again), car_of(*source));
    std::filesystem::remove_all(folder);
}

}    // namespace
}    // namespace filfil::snapshot
