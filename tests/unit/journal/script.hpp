// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "samples.hpp"
#include "sim_vfs.hpp"

#include <functional>
#include <string>
#include <vector>

namespace filfil::journal {

inline const std::string journal_path = "journal.db";

/// What is done to a journal, one after the other: some of all that can be done, and in the middle it is closed and
/// opened again. Its log is emptied into the file often.
struct Script {
    using Op = std::function<Result<void>(Journal&)>;

    std::vector<Op> ops;
    std::size_t reopened_before = 0;    ///< the number of an op

    /// looks[i] is what the journal has after i of them.
    std::vector<std::string> looks;
};

Script make_script();

/// A journal whose log goes to the file every few pages.
Result<std::unique_ptr<Journal>> open_small(const SimVfs& vfs, const Clock& clock);

/// How far a script came.
struct Progressed {
    std::size_t done = 0;                  ///< these have returned without an error
    std::size_t tried = 0;                 ///< and these were begun
    std::unique_ptr<Journal> journal{};    ///< as it was left
};

/// Does ops [from, …) until one fails.
Progressed run(const Script& script, const SimVfs& vfs, SetClock& clock, std::size_t from);

}    // namespace filfil::journal
