// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/result.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace filfil::batch {

/// Appends one field, between double quotes where RFC 4180 asks for them.
void append_csv_field(std::string& out, std::string_view field);

/// Cuts one record, without its line end, into fields. @return Error::corrupt on quotes where none may be, with the
/// place
Result<std::vector<std::string>> split_csv_record(std::string_view record);

}    // namespace filfil::batch
