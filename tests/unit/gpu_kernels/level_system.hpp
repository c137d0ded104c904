// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "gpu/work.hpp"

#include <ostream>
#include <vector>

namespace filfil::test {

/// A way to run the level steps on the CPU.
struct LevelSystem {
    const char* name;
    void (*make_quads)(const gpu::LevelStep& step);
    void (*make_parents)(const gpu::LevelStep& step);
    bool tops = false;    ///< narrow steps by the kernel that makes several of them, as on a card
};

/// What GoogleTest calls it in lists of tests.
inline void PrintTo(const LevelSystem& system, std::ostream* out) { *out << system.name; }

/// Those that Thrust has no part in: nodes one by one from the last to the first, and four threads, a node each in
/// turn, for TSan to see whether nodes of one step are in each other's way; and the first with the kernel of the last
/// levels.
extern const LevelSystem backward_system;
extern const LevelSystem four_threads_system;
extern const LevelSystem tops_system;

/// Thrust's, as on a card but for the policy.
extern const LevelSystem thrust_cpp_system;
extern const LevelSystem thrust_omp_system;

/// Those of this build.
inline std::vector<LevelSystem> level_systems() {
    return {
        backward_system,     tops_system,
#ifdef FILFIL_TEST_RACES
        four_threads_system,
#endif
#ifdef FILFIL_TEST_THRUST_CPP
        thrust_cpp_system,
#endif
#ifdef FILFIL_TEST_THRUST_OMP
        thrust_omp_system,
#endif
    };
}

}    // namespace filfil::test
