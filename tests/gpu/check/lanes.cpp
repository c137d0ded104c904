// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "base/random.hpp"
#include "check/payload.hpp"
#include "gpu/lane.hpp"

#include <algorithm>
#include <bit>
#include <optional>

namespace filfil::check {
namespace {

/// A lane and pinned memory for its payload.
class PinnedLane {
public:
    static Result<std::unique_ptr<PinnedLane>> open(gpu::Runtime& runtime, unsigned card, std::size_t quads) {
        std::unique_ptr<PinnedLane> out(new PinnedLane(runtime));
        FILFIL_TRY(void* const memory, runtime.allocate_pinned(card, quads * commp::quad_payload + gpu::payload_slack));
        out->m_memory = static_cast<std::byte*>(memory);
        FILFIL_TRY(out->m_lane,
                   gpu::Lane::open(runtime, card,
                                   {quads, commp::quad_level + static_cast<unsigned>(std::bit_width(quads) - 1)}));
        return out;
    }
    ~PinnedLane() {
        m_lane.reset();
        if (m_memory != nullptr) m_runtime.free_pinned(m_memory);
    }
    PinnedLane(const PinnedLane&) = delete;
    PinnedLane& operator=(const PinnedLane&) = delete;

    gpu::Lane& operator*() noexcept { return *m_lane; }
    gpu::Lane* operator->() noexcept { return m_lane.get(); }
    [[nodiscard]] std::byte* memory() const noexcept { return m_memory; }

private:
    explicit PinnedLane(gpu::Runtime& runtime) : m_runtime(runtime) {}
    gpu::Runtime& m_runtime;
    std::byte* m_memory = nullptr;
    std::unique_ptr<gpu::Lane> m_lane;
};

/// Hashes all jobs in one go, and each of them on the CPU.
Result<void> compare(const Context& context, PinnedLane& lane, std::span<const commp::Job> jobs,
                     std::string_view variant) {
    std::vector<std::vector<commp::Node>> nodes;
    FILFIL_CHECK(lane->hash(lane.memory(), jobs, nodes));
    std::vector<commp::Node> expected;
    for (std::size_t i = 0; i < jobs.size(); ++i) {
        commp::hash_quads(context.kernel, lane.memory() + jobs[i].offset, jobs[i].quads, jobs[i].level, expected);
        if (nodes[i] != expected)
            return wrong("kernel '" + std::string(variant) + "', job " + std::to_string(i) + " of " +
                         std::to_string(jobs.size()) + " (" + std::to_string(jobs[i].quads) + " quads at byte " +
                         std::to_string(jobs[i].offset) + " to level " + std::to_string(jobs[i].level) + ")");
    }
    return {};
}

}    // namespace

Outcome self_tests(const Context& context) {
    FILFIL_TRY(const auto lane, PinnedLane::open(context.runtime, context.card, std::size_t{1} << 12));
    for (const gpu::TileVariant variant : gpu::all_tile_variants) {
        (*lane)->use(variant);
        std::optional<Error> failure;
        std::vector<std::vector<commp::Node>> of_jobs;
        const bool right = commp::self_test(
            [&](const std::byte* payload, std::size_t quads, unsigned level, std::vector<commp::Node>& nodes) {
                const commp::Job job{static_cast<std::size_t>(payload - lane->memory()), quads, level};
                if (auto hashed = (*lane)->hash(lane->memory(), {&job, 1}, of_jobs); !hashed.ok()) {
                    failure = std::move(hashed).error();
                    return false;
                }
                nodes = std::move(of_jobs[0]);
                return true;
            },
            lane->memory());
        if (failure) return *failure;
        if (!right) return wrong("kernel '" + std::string(name_of(variant)) + "' fails its self-test");
    }
    return std::to_string(gpu::all_tile_variants.size()) + " kernels";
}

Outcome runs_at_every_byte(const Context& context) {
    // A word more than a quad, so that every place of a quad in a word and of an element in a word comes up.
    constexpr std::size_t bytes = 131;
    const std::size_t longest = context.pick<std::size_t>(300, 1100, 1100);
    FILFIL_TRY(const auto lane, PinnedLane::open(context.runtime, context.card, std::size_t{1} << 12));
    std::size_t jobs_of_all = 0;
    for (const gpu::TileVariant variant : gpu::all_tile_variants) {
        (*lane)->use(variant);
        for (const std::size_t quads : {std::size_t{1}, std::size_t{255}, std::size_t{256}, longest}) {
            SeededRandom(context.seed + quads).fill({lane->memory(), (longest + 2) * commp::quad_payload});
            std::vector<commp::Job> jobs;
            // Jobs may share payload.
            for (std::size_t offset = 0; offset < bytes; offset += context.pick<std::size_t>(7, 1, 1))
                jobs.push_back({offset, quads, commp::quad_level + static_cast<unsigned>(offset % 11)});
            FILFIL_CHECK(compare(context, *lane, jobs, name_of(variant)));
            jobs_of_all += jobs.size();
        }
    }
    return std::to_string(jobs_of_all) + " runs of quads, at all bytes of a word and all levels to 12";
}

Outcome many_jobs(const Context& context) {
    // More than a lane takes in one pass.
    const std::size_t quads = std::size_t{1} << context.pick(10, 13, 15);
    FILFIL_TRY(const auto lane, PinnedLane::open(context.runtime, context.card, quads));
    const unsigned top = commp::quad_level + static_cast<unsigned>(std::bit_width(quads) - 1);
    SeededRandom random(context.seed);
    random.fill({lane->memory(), quads * commp::quad_payload});
    std::size_t count = 0;
    for (unsigned round = 0; round < context.pick(2U, 4U, 16U); ++round) {
        (*lane)->use(gpu::all_tile_variants[round % gpu::all_tile_variants.size()]);
        std::vector<commp::Job> jobs;
        for (std::size_t at = 0; at < quads;) {
            // Most are as small as can be; some have a tile and more.
            const std::size_t most = std::min<std::size_t>(quads - at, random.below(20) == 0 ? 700 : 9);
            const std::size_t length = 1 + static_cast<std::size_t>(random.below(most));
            const unsigned root = commp::quad_level + static_cast<unsigned>(std::bit_width(length - 1));
            jobs.push_back({at * commp::quad_payload, length, std::min(root + (random.below(4) == 0 ? 1 : 0), top)});
            at += length;
        }
        FILFIL_CHECK(compare(context, *lane, jobs, "any"));
        count += jobs.size();
    }
    return std::to_string(count) + " small jobs, packed into full submissions";
}

}    // namespace filfil::check
