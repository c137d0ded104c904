// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "fetch_scene.hpp"

#include <gtest/gtest.h>

namespace filfil::retrieval::samples {

class CountedProgress final : public Progress {
public:
    void advance(std::uint64_t bytes) noexcept override { done += bytes; }
    std::uint64_t done = 0;
};

/// It succeeded, and the joined CAR is under its name with nothing beside it.
inline void expect_right(FetchScene& scene) {
    const auto ended = scene.fetch();
    ASSERT_TRUE(ended.has_value()) << "it never ended";
    ASSERT_TRUE(ended->ok()) << ended->error().text();
    EXPECT_EQ(scene.file(), scene.car.whole);
    EXPECT_EQ(scene.outside.files.paths(), std::vector<std::string>{scene.path});
    for (const FetchedPiece& piece : (*ended)->pieces) EXPECT_TRUE(piece.commp_ok);
}

inline bool is_bad(const FetchReport& report, std::size_t source, bool lied = true) {
    return std::ranges::any_of(report.bad_sources,
                               [&](const BadSource& bad) { return bad.source == source && bad.lied == lied; });
}

/// Refused, with nothing under the final name.
inline Error expect_refused(FetchScene& scene) {
    const auto ended = scene.fetch();
    EXPECT_TRUE(ended.has_value()) << "it never ended";
    EXPECT_FALSE(scene.outside.files.has(scene.path));
    if (!ended || ended->ok()) {
        ADD_FAILURE() << "it succeeded";
        return {ErrorCode::internal, ""};
    }
    return ended->error();
}

}    // namespace filfil::retrieval::samples
