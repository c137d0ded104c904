// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/result.hpp"
#include "report/row.hpp"

#include <string>
#include <string_view>

namespace filfil::report {

/// Prints what comes out, and keeps it line by line in a folder: NAME.jsonl for `./run gpu`, which joins them to one
/// report, and NAME.txt for the table. Whatever ends the program, what was known before is there. Not thread-safe.
class Results {
public:
    /// @param folder "" keeps nothing
    explicit Results(std::string folder) : m_folder(std::move(folder)) {}

    void row(const Row& row);

    /// Something that is no measurement: a driver's version, a clock.
    void fact(std::string_view name, std::string_view value);

    /// What a check found. @param what it looked at, or why it is wrong
    void check(std::string_view name, bool right, double seconds, std::string_view what);

    /// A part that could not be measured; the others go on.
    void failure(std::string_view part, const Error& error);

    /// Prints a line that nobody keeps.
    static void say(std::string_view text);

private:
    void keep(const std::string& name, const std::string& json, const std::string& text);

    std::string m_folder;
    bool m_head = false;
};

}    // namespace filfil::report
