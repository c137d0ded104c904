// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/result.hpp"
#include "cli/output.hpp"

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace filfil::cli {

/// The value of a field as text: a text as it is, nothing for null, else its JSON.
std::string field_text(const Json& object, const char* name);

/// "12.5 FIL" of a field that holds attoFIL as decimal text; what stands there where it is none.
std::string money_at(const Json& object, const char* name);

/// "round 3, slot 7" of fields "round" and "index"; slots are counted from 1 for people.
std::string slot_text(const Json& slot);

/// What an answer says of the transaction that it took.
std::vector<std::pair<std::string, std::string>> transaction_rows(const Json& done);

/// What a command ends with: the daemon's answer as JSON or as `text` has it, or its error after the command's name.
/// @return the exit code
int show_answer(Context& context, const char* command, const Result<Json>& answer,
                const std::function<std::string(const Json&)>& text);

}    // namespace filfil::cli
