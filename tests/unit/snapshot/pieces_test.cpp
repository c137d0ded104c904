// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "snapshot/pieces.hpp"

#include "car/split.hpp"
#include "ipld/piece_cid.hpp"
#include "snapshot/range_file.hpp"
#include "source_samples.hpp"

#include <algorithm>

namespace filfil::snapshot {
namespace {

using namespace samples;

Bytes read_in_steps(ReadableFile& file, std::size_t step) {
    Bytes out(static_cast<std::size_t>(*file.size()));
    for (std::size_t at = 0; at < out.size(); at += step) {
        const auto n = file.read_at(at, ByteSpan(out).subspan(at, std::min(step, out.size() - at)));
        EXPECT_TRUE(n.ok() && *n == std::min(step, out.size() - at));
    }
    return out;
}

TEST(Pieces, AreThoseThatCarSplitMakesOfTheFile) {
    const auto source = random_source(1, 500);
    MemoryFiles files;
    files.stored["a.car"] = car_of(*source);
    for (const std::uint64_t size : {std::uint64_t{1024}, std::uint64_t{8192}, std::uint64_t{65'536}, 32 * GiB}) {
        const auto pieces = plan_pieces(*source, size);
        ASSERT_TRUE(pieces.ok()) << pieces.error().text();
        car::SplitOptions options;
        options.piece_size = size;
        const auto split = car::split(files, "a.car", "out", options);
        ASSERT_TRUE(split.ok()) << split.error().text();
        ASSERT_EQ(pieces->size(), split->size());
        for (std::size_t i = 0; i < split->size(); ++i) {
            const Bytes& expected = files.stored.at((*split)[i].path);
            EXPECT_EQ((*pieces)[i].payload_size, (*split)[i].payload_size);
            EXPECT_EQ((*pieces)[i].padded_size, (*split)[i].padded_size);
            const auto file = range_file(*source, (*pieces)[i].range, "piece");
            EXPECT_EQ(file->size(), expected.size());
            for (const std::size_t step : {std::size_t{7}, std::size_t{64}, expected.size()})
                EXPECT_EQ(read_in_steps(*file, step), expected);
        }
    }
}

TEST(Pieces, AFileOfARangeEndsWhereItEnds) {
    const auto source = random_source(2, 10);
    const auto file = whole_file(*source, "the car");
    const Bytes car = car_of(*source);
    EXPECT_EQ(file->name(), "the car");
    Bytes out(car.size() + 10);
    EXPECT_EQ(file->read_at(car.size(), out).value(), 0U);
    EXPECT_EQ(file->read_at(car.size() - 3, out).value(), 3U);
    EXPECT_EQ(file->read_at(~std::uint64_t{0}, out).value(), 0U);
    // Front to back, in odd steps, as a reader of streams does.
    Bytes again;
    for (;;) {
        Bytes step(13);
        const std::size_t n = file->read(step).value();
        again.insert(again.end(), step.begin(), step.begin() + static_cast<std::ptrdiff_t>(n));
        if (n < step.size()) break;
    }
    EXPECT_EQ(again, car);
}

TEST(Pieces, ASizeThatCannotBeIsRefused) {
    const auto source = random_source(3, 10);
    EXPECT_EQ(plan_pieces(*source, 1000).error().code, ErrorCode::invalid_argument);
    EXPECT_EQ(plan_pieces(*source, 128).error().code, ErrorCode::too_small);
}

}    // namespace
}    // namespace filfil::snapshot
