// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/log.hpp"
#include "base/result.hpp"
#include "commp/backend.hpp"

#include <memory>
#include <string>
#include <vector>

namespace filfil::commp {

/// What is known of one GPU, or of why there is none.
struct GpuReport {
    std::string name;           ///< "cuda:0"; "cuda" where there is no card at all
    std::string description;    ///< model, memory
    bool supported = false;
    std::string reason;    ///< why it is not supported; "" for one that is
    bool self_test = false;
    double gib_per_s = 0;    ///< payload rate of a short run from host memory; 0 if it was not measured
};

struct GpuOptions {
    std::vector<unsigned> cards{};    ///< their numbers; an empty list means all that are usable
    unsigned check_every =
        0;    ///< of each lane every so many submissions one is hashed again on the CPU and compared; 0: none
    LogSink* log = nullptr;    ///< told in one line of each card that fails; may be null, outlives the backend
};

/// The GPUs of this machine. Programs bring one in from a room that no other room sees. All methods are thread-safe.
class GpuProvider {
public:
    virtual ~GpuProvider() = default;

    /// All cards of this machine, self-tested and timed, which takes about a second the first time; one report that
    /// says why where there is none.
    [[nodiscard]] virtual std::vector<GpuReport> probe() = 0;

    /// One backend over cards of this machine, which falls back to the CPU when the last of them has failed.
    /// @return Error::not_found, unsupported or device says which card and why
    [[nodiscard]] virtual Result<std::unique_ptr<Backend>> open(const GpuOptions& options) = 0;
};

}    // namespace filfil::commp
