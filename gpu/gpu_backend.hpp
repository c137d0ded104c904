// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/executor.hpp"
#include "base/log.hpp"
#include "commp/backend.hpp"
#include "commp/kernel.hpp"
#include "gpu/runtime.hpp"

#include <memory>
#include <vector>

namespace filfil::gpu {

/// How a card is used.
struct CardUse {
    unsigned card = 0;
    std::string description;
    TileVariant variant = TileVariant::plain;
    unsigned lanes = 0;    ///< at least 1
};

struct GpuBackendOptions {
    std::vector<CardUse> cards;            ///< at least one
    std::size_t quads = 0;                 ///< of a staging buffer: a power of two, 2^2 to 2^20
    unsigned check_every = 0;              ///< see commp::GpuOptions
    std::size_t staging_count = 0;         ///< buffers that can be out at the same time; at least 1
    unsigned fillers = 0;                  ///< see commp::BackendLimits
    const commp::Kernel* cpu = nullptr;    ///< what goes on where cards fail, and checks them
    LogSink* log = nullptr;                ///< may be null
};

/// Cards that hash, several as one: each submission goes to the next lane that is free on any of them.
///
/// A card that fails is not used any more. What it was hashing goes to the next card, or to the CPU when there is none,
/// so no failure of a card is one of a piece; one line in the log tells of each. Every job's sink is told of nodes.
/// @param runtime must outlive the backend and what it lends
/// @param threads run the submissions and wait for the cards, one a lane at a time; they should be as many as there are
/// lanes, and at least the CPUs, which go on alone where cards fail
/// @return Error::device or too_large if none of the cards can be opened: the last one's error
Result<std::unique_ptr<commp::Backend>> make_gpu_backend(Runtime& runtime, std::unique_ptr<Executor> threads,
                                                         const GpuBackendOptions& options);

}    // namespace filfil::gpu
