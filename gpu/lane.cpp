// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gpu/lane.hpp"

#include "commp/node.hpp"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <vector>

namespace filfil::gpu {
namespace {

/// A submission takes a card a millisecond; another process on the same card may have it first. What takes longer than
/// this will never end.
constexpr Clock::Duration card_deadline = std::chrono::seconds(30);

/// Jobs of one pass: what the batch packs into a buffer at most. More jobs take more passes.
constexpr std::size_t most_jobs = 4096;

NodeWords words_of(const commp::Node& node) noexcept {
    NodeWords words;
    std::memcpy(words.word, node.data(), node.size());
    for (std::uint32_t& word : words.word) word = swap_bytes(word);
    return words;
}

commp::Node node_of(NodeWords words) noexcept {
    for (std::uint32_t& word : words.word) word = swap_bytes(word);
    commp::Node node;
    std::memcpy(node.data(), words.word, node.size());
    return node;
}

std::size_t tables_bytes(const PlanLimits& limits) noexcept {
    return limits.tiles * sizeof(Tile) + limits.segments * sizeof(Segment);
}

}    // namespace

PlanLimits LaneShape::limits() const noexcept { return limits_for(quads, std::min(quads, most_jobs), max_level); }

std::size_t LaneShape::card_bytes() const noexcept {
    const PlanLimits most = limits();
    return quads * commp::quad_payload + payload_slack + most.nodes * sizeof(NodeWords) + tables_bytes(most);
}

Result<std::unique_ptr<Lane>> Lane::open(Runtime& runtime, unsigned card, const LaneShape& shape) {
    std::unique_ptr<Lane> lane(new Lane(runtime, card, shape));
    FILFIL_CHECK(lane->allocate());
    return lane;
}

Result<void> Lane::allocate() {
    const PlanLimits most = m_shape.limits();
    FILFIL_TRY(m_queue, m_runtime.open_queue(m_card));
    FILFIL_TRY(void* const payload, m_queue->allocate(m_shape.quads * commp::quad_payload + payload_slack));
    m_payload = static_cast<std::uint32_t*>(payload);
    FILFIL_TRY(void* const nodes, m_queue->allocate(most.nodes * sizeof(NodeWords)));
    m_nodes = static_cast<NodeWords*>(nodes);
    FILFIL_TRY(void* const tables, m_queue->allocate(tables_bytes(most)));
    m_tables = static_cast<std::byte*>(tables);
    FILFIL_TRY(void* const host_tables, m_runtime.allocate_pinned(m_card, tables_bytes(most)));
    m_host_tables = static_cast<std::byte*>(host_tables);
    FILFIL_TRY(void* const results, m_runtime.allocate_pinned(m_card, most.results * sizeof(NodeWords)));
    m_results = static_cast<NodeWords*>(results);
    return {};
}

Lane::~Lane() {
    if (m_hangs) {
        // The card may still write to the pinned memory, and asking for anything back would wait for it.
        m_queue->abandon();
        return;
    }
    m_queue.reset();
    if (m_host_tables != nullptr) m_runtime.free_pinned(m_host_tables);
    if (m_results != nullptr) m_runtime.free_pinned(m_results);
}

Result<void> Lane::hash(const std::byte* payload, std::span<const commp::Job> jobs,
                        std::vector<std::vector<commp::Node>>& nodes) {
    nodes.assign(jobs.size(), {});
    for (std::size_t done = 0; done < jobs.size();) {
        const Plan plan = make_plan(jobs.subspan(done), m_shape.limits());
        if (plan.results.empty() || plan.payload_bytes > m_shape.quads * commp::quad_payload)
            return Error(ErrorCode::invalid_argument,
                         "a job of " + std::to_string(jobs[done].quads) + " quads is too large for the card's buffers");
        FILFIL_CHECK(finish(enqueue(payload, plan)));
        for (std::size_t i = 0; i < plan.results.size(); ++i) {
            const PlannedResult& result = plan.results[i];
            std::vector<commp::Node>& of_job = nodes[done + i];
            of_job.reserve(result.count);
            for (std::uint32_t n = 0; n < result.count; ++n) of_job.push_back(node_of(m_results[result.first + n]));
        }
        done += plan.results.size();
    }
    ++m_hashed;
    return {};
}

Result<void> Lane::enqueue(const std::byte* payload, const Plan& plan) {
    const std::size_t tiles_bytes = plan.tiles.size() * sizeof(Tile);
    const std::size_t segments_bytes = plan.segments.size() * sizeof(Segment);
    if (tiles_bytes != 0) std::memcpy(m_host_tables, plan.tiles.data(), tiles_bytes);
    if (segments_bytes != 0) std::memcpy(m_host_tables + tiles_bytes, plan.segments.data(), segments_bytes);

    // The small copy first: behind the large one it would wait for other lanes' payloads, too.
    FILFIL_CHECK(m_queue->copy_in(m_tables, m_host_tables, tiles_bytes + segments_bytes));
    FILFIL_CHECK(m_queue->copy_in(m_payload, payload, plan.payload_bytes));
    const auto* const tiles = reinterpret_cast<const Tile*>(m_tables);
    const auto* const segments = reinterpret_cast<const Segment*>(m_tables + tiles_bytes);
    FILFIL_CHECK(
        m_queue->make_tiles(m_variant, {m_payload, tiles, static_cast<std::uint32_t>(plan.tiles.size()), m_nodes}));
    std::vector<LevelStep> parents;
    for (const PlannedLevel& planned : plan.levels) {
        LevelStep step;
        step.payload = m_payload;
        step.segments = segments + planned.first_segment;
        step.segment_count = planned.segment_count;
        step.node_count = planned.node_count;
        step.nodes = m_nodes;
        if (planned.level == commp::quad_level) {
            FILFIL_CHECK(m_queue->make_quads(step));
        } else {
            step.zero = words_of(commp::zero_node(planned.level - 1));
            parents.push_back(step);
        }
    }
    FILFIL_CHECK(m_queue->make_parents(parents));
    return m_queue->copy_out(m_results, m_nodes, plan.result_count * sizeof(NodeWords));
}

Result<void> Lane::finish(Result<void> enqueued) {
    // Also where only a part of it could be enqueued: that part may still read and write.
    const auto done = m_queue->wait(card_deadline);
    if (done.ok() && *done) return enqueued;
    if (!done.ok()) return enqueued.ok() ? Result<void>(done.error()) : std::move(enqueued);
    m_hangs = true;
    return Error(ErrorCode::device, card_name(m_card) + ": gave no answer for 30 seconds",
                 "look at `nvidia-smi` and the kernel's log; the card may need a reset");
}

Result<void> Lane::copy_alone(const std::byte* payload, std::size_t quads, unsigned times) {
    Result<void> enqueued;
    for (unsigned i = 0; i < times && enqueued.ok(); ++i)
        enqueued = m_queue->copy_in(m_payload, payload, quads * commp::quad_payload);
    return finish(std::move(enqueued));
}

Result<void> Lane::start_alone(const std::byte* payload, const commp::Job& job) {
    auto enqueued = enqueue(payload, make_plan({&job, 1}, m_shape.limits()));
    return enqueued.ok() ? std::move(enqueued) : finish(std::move(enqueued));
}

Result<void> Lane::tiles_alone(std::size_t quads, TileVariant variant, unsigned times) {
    const std::size_t once = quads / tile_quads;
    const std::size_t count = once * times;
    if (count * sizeof(Tile) > tables_bytes(m_shape.limits()))
        return Error(ErrorCode::invalid_argument, std::to_string(count) + " tiles are more than a lane's tables hold");
    auto* const tiles = reinterpret_cast<Tile*>(m_host_tables);
    for (std::size_t i = 0; i < count; ++i)
        tiles[i] = {static_cast<std::uint32_t>(i % once * tile_quads * commp::quad_payload),
                    static_cast<std::uint32_t>(i % once * tile_nodes)};
    auto enqueued = m_queue->copy_in(m_tables, m_host_tables, count * sizeof(Tile));
    if (enqueued.ok())
        enqueued = m_queue->make_tiles(
            variant, {m_payload, reinterpret_cast<const Tile*>(m_tables), static_cast<std::uint32_t>(count), m_nodes});
    return finish(std::move(enqueued));
}

}    // namespace filfil::gpu
