// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/clock.hpp"
#include "base/executor.hpp"
#include "commp/gpu_provider.hpp"
#include "commp/kernel.hpp"
#include "gpu/runtime.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace filfil::check {

/// How much is looked at.
enum class Extent {
    small,    ///< a few launches of everything, for tools that follow each access of a thread
    quick,    ///< a few seconds
    full,
};

/// What checks work with. All that is on the card comes the way in which the program uses it.
struct Context {
    gpu::Runtime& runtime;
    commp::GpuProvider& provider;
    unsigned card = 0;
    const Clock& clock;
    const commp::Kernel& kernel;    ///< of the CPU: what cards are held against
    commp::Backend& cpu;            ///< the same, with jobs run where they are submitted
    unsigned threads = 1;           ///< that read and hash
    Extent extent = Extent::full;
    std::uint64_t seed = 1;

    /// One of the three, by extent.
    template <class T>
    [[nodiscard]] T pick(T small, T quick, T full) const {
        return extent == Extent::small ? small : extent == Extent::quick ? quick : full;
    }
};

/// A backend over the card as the program opens it; for Extent::small one without a trial and with small buffers.
Result<std::unique_ptr<commp::Backend>> open_backend(const Context& context, unsigned check_every = 0);

/// A backend with a kernel and shape of one's own. @param quads of a submission, a power of two
Result<std::unique_ptr<commp::Backend>> open_backend(const Context& context, gpu::TileVariant variant,
                                                     std::size_t quads, unsigned lanes, unsigned check_every = 0);

/// A wrong result.
Error wrong(std::string what);

/// @return what was looked at, in a few words; Error::mismatch says what is wrong
using Outcome = Result<std::string>;

/// Every way of hashing against fixed vectors; runs at every byte of a word, of many jobs, at all levels, against the
/// CPU.
Outcome self_tests(const Context& context);
Outcome runs_at_every_byte(const Context& context);
Outcome many_jobs(const Context& context);

/// Pieces around the sizes where something begins or ends, and of any length.
Outcome lengths(const Context& context);
Outcome two_backends_at_once(const Context& context);
Outcome every_submission_checked(const Context& context);

Outcome published_vectors(const Context& context);
Outcome packed_files(const Context& context);
Outcome zeros(const Context& context);

}    // namespace filfil::check
