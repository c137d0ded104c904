// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

namespace filfil::cli {

// What every command ends with; scripts branch on these (docs/architecture.md, command line).
inline constexpr int exit_ok = 0;
inline constexpr int exit_no = 1;         ///< checked, and the answer is no
inline constexpr int exit_failure = 2;    ///< could not tell: bad input, bad options, or something broke

}    // namespace filfil::cli
