// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/random.hpp"
#include "car/header.hpp"
#include "ipld/varint.hpp"
#include "reference_walk.hpp"
#include "snapshot/layout.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace filfil::snapshot {

/// A snapshot as the reference makes it.
struct ExpectedCar {
    Bytes header;
    Bytes body;
    std::vector<std::uint64_t> boundaries;    ///< where sections begin in the body, and its end
};

inline ExpectedCar expected_car(const reference::Blocks& blocks, const chain::TipsetKey& head, std::int64_t recent,
                                bool skip_old_messages) {
    const reference::Walk walk = reference::walk(blocks, head, {recent, skip_old_messages, reference::Rules::lotus});
    EXPECT_FALSE(walk.fault) << walk.fault->why << " " << walk.fault->block.text();
    ExpectedCar out{.header = car::encode_header(head), .body = {}, .boundaries = {0}};
    const Bytes whole = reference::car_bytes(blocks, head, walk.order);
    out.body.assign(whole.begin() + static_cast<long>(out.header.size()), whole.end());
    for (const ipld::Cid& cid : walk.order) {
        const std::uint64_t length = cid.bytes().size() + blocks.at(cid).size();
        out.boundaries.push_back(out.boundaries.back() + ipld::varint_length(length) + length);
    }
    return out;
}

/// All that a layout can be asked, at the ends and at random places.
inline void expect_layout(const Layout& layout, const ExpectedCar& expected, Random& random) {
    EXPECT_TRUE(std::ranges::equal(layout.header(), expected.header));
    ASSERT_EQ(layout.body_size(), expected.body.size());
    ASSERT_EQ(layout.sections(), expected.boundaries.size() - 1);
    const auto expect_range = [&](std::uint64_t from, std::uint64_t to) {
        Bytes part(to - from);
        ASSERT_TRUE(layout.read(from, part).ok()) << from << " to " << to;
        EXPECT_TRUE(std::ranges::equal(part, ByteView(expected.body).subspan(from, to - from))) << from << " to " << to;
    };
    expect_range(0, expected.body.size());
    expect_range(expected.body.size(), expected.body.size());
    for (int i = 0; i < 12; ++i) {
        const std::uint64_t from = random.below(expected.body.size() + 1);
        expect_range(from, from + random.below(expected.body.size() - from + 1));
        const std::uint64_t at = i == 0 ? 0 : i == 1 ? expected.body.size() : random.below(expected.body.size() + 1);
        const auto boundary = layout.boundary_at(at);
        ASSERT_TRUE(boundary.ok()) << boundary.error().text();
        EXPECT_EQ(*boundary, *std::ranges::lower_bound(expected.boundaries, at)) << at;
        if (at == expected.body.size()) continue;
        const auto behind = std::ranges::upper_bound(expected.boundaries, at);
        const auto number = static_cast<std::uint64_t>(behind - expected.boundaries.begin()) - 1;
        const Layout::Place place = layout.place_of(at);
        EXPECT_EQ(place.section, number);
        EXPECT_EQ(place.offset, expected.boundaries[number]);
        const std::uint64_t size = *behind - expected.boundaries[number];
        EXPECT_TRUE(std::ranges::equal(layout.section(number).bytes,
                                       ByteView(expected.body).subspan(expected.boundaries[number], size)));
    }
    // What lies outside is refused, not read.
    Bytes beyond(1);
    EXPECT_FALSE(layout.read(expected.body.size(), beyond).ok());
}

}    // namespace filfil::snapshot
