// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "commp/backend.hpp"

namespace filfil::commp {

Result<void> check_submission(const Submission& submission, const BackendLimits& limits) {
    if (submission.staging == nullptr)
        return Error(ErrorCode::invalid_argument, "a submission without a staging buffer");
    for (const Job& job : submission.jobs) {
        const bool fits = job.quads != 0 && job.quads <= limits.staging_quads &&
                          job.offset <= (limits.staging_quads - job.quads) * quad_payload;
        if (!fits || job.level < quad_level || job.level > limits.max_level || job.sink == nullptr)
            return Error(ErrorCode::invalid_argument,
                         "a job of " + std::to_string(job.quads) + " quads at byte " + std::to_string(job.offset) +
                             ", level " + std::to_string(job.level) + ", does not fit the staging buffer or the tree");
    }
    return {};
}

}    // namespace filfil::commp
