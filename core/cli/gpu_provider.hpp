// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"

#include <memory>
#include <string>
#include <vector>

namespace filfil::commp {
class Backend;
}

namespace filfil::cli {

/// What is known of one GPU.
struct GpuReport {
    std::string name;           ///< "cuda:0"
    std::string description;    ///< model, memory
    bool supported = false;
    std::string reason;    ///< why it is not supported, or what it is good for
    bool self_test = false;
    double gib_per_s = 0;    ///< payload rate of a short run; 0 if it was not measured
};

/// How main() brings a GPU backend in: the command line itself knows no GPU library. All methods are thread-safe.
class GpuProvider {
public:
    virtual ~GpuProvider() = default;

    /// All cards of this machine, self-tested and timed; empty where there is none.
    [[nodiscard]] virtual std::vector<GpuReport> probe(const Clock& clock) = 0;

    /// One backend over the cards named by their numbers; an empty list means all that are usable.
    /// @return Error::device or Error::not_found says which card and why
    [[nodiscard]] virtual Result<std::unique_ptr<commp::Backend>> open(const std::vector<unsigned>& cards,
                                                                       const Clock& clock) = 0;
};

}    // namespace filfil::cli
