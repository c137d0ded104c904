// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "row.hpp"

namespace filfil::bench {

/// One run of all benchmarks: {"schema", "date", "commit", "machine", "rows"}, and what the programs said of their
/// settings. Rows of the same name are joined.
struct Report {
    Json about = Json::object();
    std::vector<Row> rows;
};

/// Adds rows; samples of a row that is there already go behind its own.
void add_rows(Report& report, const std::vector<Row>& rows);

Json to_json(const Report& report);
Report report_from_json(const Json& json);

/// The report as people read it.
std::string text_of(const Report& report);

/// What changed from `before` to `after`, row by row, with how much each varied.
std::string comparison(const Report& before, const Report& after);

}    // namespace filfil::bench
