// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "crash_files.hpp"
#include "journal/journal.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace filfil {

/// SQLite's files on a CrashFiles: a sqlite3_vfs, registered under a name of its own for as long as this lives. What
/// was opened through it has to be closed before. Time comes from `clock`, and nothing sleeps.
///
/// SQLite draws from one generator for the whole process, which is seeded elsewhere: the salts of its logs differ from
/// run to run, the writes and their sizes do not. Thread-safe.
class SimVfs {
public:
    /// @param files must outlive it, as must `clock`
    SimVfs(CrashFiles& files, const Clock& clock, std::uint64_t seed);
    ~SimVfs();
    SimVfs(const SimVfs&) = delete;
    SimVfs& operator=(const SimVfs&) = delete;

    [[nodiscard]] const std::string& name() const noexcept;

    /// What puts a journal on it.
    [[nodiscard]] journal::SqliteOptions options() const;

    struct State;

private:
    std::unique_ptr<State> m_state;
};

}    // namespace filfil
