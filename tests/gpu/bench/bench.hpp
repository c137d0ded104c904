// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/clock.hpp"
#include "base/executor.hpp"
#include "commp/gpu_provider.hpp"
#include "gpu/card.hpp"
#include "gpu/runtime.hpp"
#include "report/results.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace filfil::bench {

struct Options {
    std::vector<std::string> parts;    ///< in the order in which they run; empty: all
    std::string out;                   ///< folder of the results, "" for none
    std::string scratch;               ///< folder in which files are made
    std::string sass;                  ///< what `cuobjdump --dump-sass` says of the kernels, "" if it was not asked
    unsigned card = 0;
    bool quick = false;
    bool without_card = false;    ///< only what needs none
    bool hold = false;            ///< the chain of the snapshot part is made, and measured once standard input ends
    std::uint64_t memory = 0;     ///< bytes that may be taken; 0: what the system says is available
    std::uint64_t snapshot_bytes = 0;    ///< of the generated chain; 0: what fits
    double time_limit = 150;    ///< seconds for making a chain, a fifth of them for a file; else it is made smaller
};

/// What the parts work with. Parts that need a card are not run without one.
struct Bench {
    const Options& options;
    const Clock& clock;
    report::Results& results;
    unsigned cpus = 1;
    gpu::Runtime* runtime = nullptr;    ///< these three null without a card
    commp::GpuProvider* provider = nullptr;
    const gpu::CardFacts* card = nullptr;
    const gpu::CardTrial* trial = nullptr;

    [[nodiscard]] bool has_card() const noexcept { return runtime != nullptr; }
    [[nodiscard]] double now() const { return seconds_between({}, clock.steady()); }

    /// One of the two, by how much time there is.
    template <class T>
    [[nodiscard]] T pick(T quick, T full) const {
        return options.quick ? quick : full;
    }

    /// Bytes of memory that may be taken now.
    [[nodiscard]] std::uint64_t memory_left() const;

    /// The card as the program opens it.
    [[nodiscard]] Result<std::unique_ptr<commp::Backend>> open_card() const;
};

/// Payload of a piece that is full: 127 of 128 bytes.
constexpr std::uint64_t payload_of(std::uint64_t padded) noexcept { return padded / 128 * 127; }

/// Bytes a second as rows have it.
constexpr double gigabytes(double bytes_per_s) noexcept { return bytes_per_s / 1e9; }

// The parts. Each gives its rows as it goes; an error ends the part, not the others.
Result<void> measure_machine(Bench& bench);
Result<void> measure_copies(Bench& bench);
Result<void> measure_kernels(Bench& bench);
Result<void> measure_pinned(Bench& bench);
Result<void> measure_files(Bench& bench);
Result<void> measure_many_files(Bench& bench);
Result<void> measure_snapshots(Bench& bench);
Result<void> measure_sweep(Bench& bench);

}    // namespace filfil::bench
