// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace filfil::bench {

using Json = nlohmann::ordered_json;

/// One measured quantity: what came out each time it was measured.
struct Row {
    std::string name;    ///< a path, "commp/shani/threads:1"
    std::string unit;    ///< "GiB/s", "M nodes/s", "MiB", "x" for a ratio
    std::vector<double> samples;
    bool less_is_better = false;
};

/// What a Row comes to. All 0 where there are no samples.
struct Summary {
    double median = 0;
    double least = 0;
    double most = 0;
    double variation = 0;    ///< standard deviation over mean
    std::size_t count = 0;
};

Summary summary(const Row& row);

double median(std::vector<double> samples);

/// a[i] / b[i] for what was measured in the same round.
std::vector<double> ratios(const std::vector<double>& a, const std::vector<double>& b);

/// {"name", "unit", "better": "more" or "less", "median", "min", "max", "cv", "samples"}
Json to_json(const Row& row);
Row row_from_json(const Json& json);

/// The rows in what Google Benchmark writes with --benchmark_out: one a counter "…_per_s", its repetitions the samples.
std::vector<Row> rows_of_google_benchmark(const Json& json);

/// The row of that name, or null.
const Row* find_row(const std::vector<Row>& rows, std::string_view name);

}    // namespace filfil::bench
