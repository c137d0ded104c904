// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/clock.hpp"
#include "base/executor.hpp"
#include "base/files.hpp"
#include "base/log.hpp"
#include "base/random.hpp"
#include "base/transport.hpp"

namespace filfil {

/// All that a service has to do with outside itself, given to it by a program or by a simulation on virtual time. All
/// of it must outlive who is given it.
struct World {
    const Clock& clock;

    /// Runs one task at a time, in the order in which they were posted: what is touched on the loop alone needs no
    /// lock. Nothing on it may wait.
    Executor& loop;

    /// Where what takes long is run: hashing, walking, disks. It tells the loop by posting there.
    Executor& workers;
    Files& files;
    Transport& transport;
    Random& random;    ///< used on the loop only
    LogSink& log;
};

}    // namespace filfil
