// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/files.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace filfil::batch {

/// Whether `text` holds a character that makes it a pattern: *, ? or [.
bool is_pattern(std::string_view text) noexcept;

/// Matches one name (no '/') against one component of a pattern.
///
/// `*` any run of characters, `?` one character, `[a-z]` one of a set, `[!a-z]` or `[^a-z]` one not of it; a backslash
/// takes the meaning from the next character; a `[` that is never closed stands for itself. A name that starts with a
/// dot is only matched by a pattern that starts with a dot, as in a shell. Characters are UTF-8 code points. Time is
/// O(pattern · name).
bool matches_pattern(std::string_view pattern, std::string_view name) noexcept;

/// What `pattern` names and is no folder, sorted by bytes, each once.
///
/// Components match as matches_pattern() says; a component `**` stands for any number of folders, also none, and as the
/// last one for every file below. Links to folders are followed, except back into a folder that is being walked. Hidden
/// folders are only entered where the pattern names the dot.
/// @param folder what the pattern starts from, taken as it is; "" is the current one, or the root for a pattern with a
/// leading '/'
/// @return Error::io if a folder on the way cannot be listed; one that does not exist only matches nothing
Result<std::vector<std::string>> expand_pattern(Files& files, const std::string& folder, std::string_view pattern);

}    // namespace filfil::batch
