// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "payloads.hpp"
#include "planned.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <bit>
#include <fstream>

namespace filfil::gpu {
namespace {

/// What a run of this test can hash in a moment.
constexpr std::size_t most_bytes = std::size_t{1} << 20;

struct Wanted {
    std::string name;
    std::string commp_hex;
};

/// The level of the root of a piece.
unsigned level_of(std::uint64_t padded_size) { return static_cast<unsigned>(std::countr_zero(padded_size)) - 5; }

class PlannedVectors : public testing::TestWithParam<test::LevelSystem> {};

TEST_P(PlannedVectors, HoldAllInOneSubmission) {
    std::ifstream in(FILFIL_SOURCE_DIR "/tests/vectors/commp.json");
    const nlohmann::json file = nlohmann::json::parse(in, nullptr, false);
    ASSERT_FALSE(file.is_discarded());
    // Every payload in one buffer, one behind the other, each filled up to whole quads; hashed for its own size and,
    // where the vector says how, padded to a larger one.
    Bytes payload;
    std::vector<commp::Job> jobs;
    std::vector<Wanted> wanted;
    for (const nlohmann::json& vector : file.at("vectors")) {
        const auto size = vector.at("len").get<std::size_t>();
        if (size > most_bytes) continue;
        const auto generator = vector.at("gen").get<std::string>();
        Bytes bytes(size, generator == "0xff" ? std::byte{0xff} : std::byte{0});
        if (generator == "sha256ctr") bytes = test::vector_payload(size);
        const std::size_t quads = (size + commp::quad_payload - 1) / commp::quad_payload;
        bytes.resize(quads * commp::quad_payload);

        const auto name = vector.at("name").get<std::string>();
        commp::Job job;
        job.offset = payload.size();
        job.quads = quads;
        job.level = level_of(vector.at("padded_size").get<std::uint64_t>());
        jobs.push_back(job);
        wanted.push_back({name, vector.at("commp_hex").get<std::string>()});
        if (vector.contains("pad_to")) {
            job.level = level_of(vector.at("pad_to").get<std::uint64_t>());
            jobs.push_back(job);
            wanted.push_back({name + ", padded", vector.at("padded_commp_hex").get<std::string>()});
        }
        payload.insert(payload.end(), bytes.begin(), bytes.end());
    }
    ASSERT_GT(jobs.size(), 40U);
    shim::Card card(shim::Schedule::backward);
    const PlanLimits limits = limits_for(2 * payload.size() / commp::quad_payload, jobs.size(), 30);
    ASSERT_EQ(make_plan(jobs, limits).results.size(), jobs.size());
    const auto nodes = test::hash_planned(payload, jobs, limits, GetParam(), card, TileVariant::plain);
    ASSERT_EQ(nodes.size(), jobs.size());
    for (std::size_t i = 0; i < jobs.size(); ++i) {
        ASSERT_EQ(nodes[i].size(), 1U) << wanted[i].name;
        EXPECT_EQ(to_hex(nodes[i][0]), wanted[i].commp_hex) << wanted[i].name;
    }
}

INSTANTIATE_TEST_SUITE_P(Plans, PlannedVectors, testing::ValuesIn(test::level_systems()),
                         [](const auto& param) { return std::string(param.param.name); });

}    // namespace
}    // namespace filfil::gpu
