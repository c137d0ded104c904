// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "commp/backend.hpp"
#include "gpu/plan.hpp"
#include "gpu/runtime.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace filfil::gpu {

/// How large a lane's buffers are.
struct LaneShape {
    std::size_t quads = 0;    ///< of one submission's payload; at most 2^22
    unsigned max_level = 0;
    [[nodiscard]] PlanLimits limits() const noexcept;
    [[nodiscard]] std::size_t card_bytes() const noexcept;    ///< memory of the card that a lane takes
};

/// Payload bytes that stand behind a lane's payload and may be read.
inline constexpr std::size_t payload_slack = 64;

/// One way through a card: a queue and the buffers for one submission at a time. While one lane's payload is being
/// copied, another's is being hashed. Not thread-safe; several lanes are independent.
class Lane {
public:
    /// @param runtime must outlive the lane
    /// @return Error::too_large if the card has no room for the buffers, Error::device if it fails
    static Result<std::unique_ptr<Lane>> open(Runtime& runtime, unsigned card, const LaneShape& shape);
    ~Lane();
    Lane(const Lane&) = delete;
    Lane& operator=(const Lane&) = delete;

    void use(TileVariant variant) noexcept { m_variant = variant; }

    /// Hashes the jobs and gives each its nodes, `nodes[i]` those of job i. Waits for the card, at most card_deadline.
    /// @param payload where the jobs' offsets begin; pinned memory is copied fastest. Must stay as it is until then,
    /// for ever if the card does not answer
    /// @return Error::device or what the runtime says; the lane must not be used again then
    [[nodiscard]] Result<void> hash(const std::byte* payload, std::span<const commp::Job> jobs,
                                    std::vector<std::vector<commp::Node>>& nodes);

    /// Only the copy, so many times in a row, or only the tiles over what was copied last, so many times over in one
    /// launch: for measuring. `quads` from the first of the payload. Waiting once for all keeps what waiting costs out
    /// of it. @return also Error::invalid_argument for more tiles than the lane's tables hold
    [[nodiscard]] Result<void> copy_alone(const std::byte* payload, std::size_t quads, unsigned times);
    [[nodiscard]] Result<void> tiles_alone(std::size_t quads, TileVariant variant, unsigned times);

    /// Only what the host does to start a submission of one job, and the wait for its end: for measuring.
    [[nodiscard]] Result<void> start_alone(const std::byte* payload, const commp::Job& job);
    [[nodiscard]] Result<void> end_alone() { return finish({}); }

    [[nodiscard]] unsigned card() const noexcept { return m_card; }

    /// How many times hash() has succeeded.
    [[nodiscard]] std::uint64_t hashed() const noexcept { return m_hashed; }

    /// Whether the last error was a card that gave no answer in time: its memory cannot be had back, and what it was
    /// copying from must stay.
    [[nodiscard]] bool hangs() const noexcept { return m_hangs; }

    /// Gives the lane up without asking its card for anything: another lane of it found that the card hangs.
    void abandon() noexcept { m_hangs = true; }

private:
    Lane(Runtime& runtime, unsigned card, const LaneShape& shape) : m_runtime(runtime), m_card(card), m_shape(shape) {}
    Result<void> allocate();
    Result<void> enqueue(const std::byte* payload, const Plan& plan);
    Result<void> finish(Result<void> enqueued);

    Runtime& m_runtime;
    unsigned m_card;
    LaneShape m_shape;
    std::unique_ptr<Queue> m_queue;
    std::uint32_t* m_payload = nullptr;    ///< these three on the card
    NodeWords* m_nodes = nullptr;
    std::byte* m_tables = nullptr;
    std::byte* m_host_tables = nullptr;    ///< these two in pinned memory
    NodeWords* m_results = nullptr;
    TileVariant m_variant = TileVariant::plain;
    std::uint64_t m_hashed = 0;
    bool m_hangs = false;
};

}    // namespace filfil::gpu
