// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "gpu/tile_variant.hpp"
#include "gpu/work.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace filfil::gpu {

/// "cuda:0": what the card is called in options and results.
inline std::string card_name(unsigned number) { return "cuda:" + std::to_string(number); }

/// What a card says of itself.
struct CardFacts {
    unsigned number = 0;    ///< of "cuda:N"
    std::string model;      ///< "NVIDIA H200"
    unsigned major = 0;     ///< compute capability
    unsigned minor = 0;
    unsigned multiprocessors = 0;
    std::uint64_t memory = 0;    ///< bytes
    std::string driver;          ///< "13.0": the newest CUDA that the driver runs
};

/// Work that one card does in order: copies in, steps, copies out. Calls enqueue and return; what they refer to must
/// stay until wait() says that all is done. One thread at a time. An error means that the card cannot be relied on any
/// more: what it reads from then on counts for nothing, but where it was to write has to stay until the queue is gone.
class Queue {
public:
    virtual ~Queue() = default;

    /// Memory of the card, aligned to 256 bytes; goes with the queue.
    /// @return Error::too_large if the card has not enough
    [[nodiscard]] virtual Result<void*> allocate(std::size_t bytes) = 0;

    [[nodiscard]] virtual Result<void> copy_in(void* card, const void* host, std::size_t bytes) = 0;
    [[nodiscard]] virtual Result<void> copy_out(void* host, const void* card, std::size_t bytes) = 0;

    [[nodiscard]] virtual Result<void> make_tiles(TileVariant variant, const TileStep& step) = 0;
    [[nodiscard]] virtual Result<void> make_quads(const LevelStep& step) = 0;

    /// Steps that each make a level out of the one below it, one after the other.
    [[nodiscard]] virtual Result<void> make_parents(std::span<const LevelStep> steps) = 0;

    /// Waits until all that was enqueued is done. @return false if that took longer than `most`
    [[nodiscard]] virtual Result<bool> wait(Clock::Duration most) = 0;

    /// Gives up the queue and its memory without asking the card, which would never answer: for one that hangs.
    virtual void abandon() noexcept = 0;
};

/// The cards of a machine, as the pipeline sees them: CUDA's runtime, or a device of the tests that fails on demand.
/// Thread-safe.
class Runtime {
public:
    virtual ~Runtime() = default;

    /// The cards that the driver shows, in its order.
    /// @return Error::unsupported or Error::not_found says in words why there is none
    [[nodiscard]] virtual Result<std::vector<CardFacts>> cards() = 0;

    /// Bytes of the card that nobody uses right now.
    [[nodiscard]] virtual Result<std::uint64_t> free_memory(unsigned card) = 0;

    [[nodiscard]] virtual Result<std::unique_ptr<Queue>> open_queue(unsigned card) = 0;

    /// Host memory that all cards read at full speed, aligned to 4096 bytes. It takes a card to make it; `card` is that
    /// one.
    [[nodiscard]] virtual Result<void*> allocate_pinned(unsigned card, std::size_t bytes) = 0;
    virtual void free_pinned(void* memory) noexcept = 0;
};

}    // namespace filfil::gpu
