// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "row.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace filfil::bench {
namespace {

/// How a counter of the kernel benchmarks is called and scaled as a row.
struct Counter {
    std::string_view name;
    std::string_view unit;
    double scale;
};

constexpr double gib = 1024.0 * 1024.0 * 1024.0;
constexpr std::array counters{
    Counter{"nodes_per_s", "M nodes/s", 1e6}, Counter{"payload_per_s", "GiB/s", gib},
    Counter{"bytes_per_s", "GiB/s", gib},     Counter{"blocks_per_s", "M blocks/s", 1e6},
    Counter{"links_per_s", "M links/s", 1e6}, Counter{"instructions_per_s", "G/s", 1e9},
};

}    // namespace

double median(std::vector<double> samples) {
    if (samples.empty()) return 0;
    std::ranges::sort(samples);
    const std::size_t middle = samples.size() / 2;
    return samples.size() % 2 != 0 ? samples[middle] : (samples[middle - 1] + samples[middle]) / 2;
}

Summary summary(const Row& row) {
    Summary out;
    out.count = row.samples.size();
    if (out.count == 0) return out;
    const auto n = static_cast<double>(out.count);
    out.median = median(row.samples);
    const auto [least, most] = std::ranges::minmax(row.samples);
    out.least = least;
    out.most = most;
    const double mean = std::accumulate(row.samples.begin(), row.samples.end(), 0.0) / n;
    double squares = 0;
    for (const double sample : row.samples) squares += (sample - mean) * (sample - mean);
    if (out.count > 1 && mean != 0) out.variation = std::sqrt(squares / (n - 1)) / std::abs(mean);
    return out;
}

std::vector<double> ratios(const std::vector<double>& a, const std::vector<double>& b) {
    std::vector<double> out;
    for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i)
        if (b[i] != 0) out.push_back(a[i] / b[i]);
    return out;
}

Json to_json(const Row& row) {
    const Summary s = summary(row);
    return {{"name", row.name},   {"unit", row.unit},      {"better", row.less_is_better ? "less" : "more"},
            {"median", s.median}, {"min", s.least},        {"max", s.most},
            {"cv", s.variation},  {"samples", row.samples}};
}

Row row_from_json(const Json& json) {
    return {json.at("name"), json.at("unit"), json.at("samples"), json.at("better") == "less"};
}

std::vector<Row> rows_of_google_benchmark(const Json& json) {
    std::vector<Row> rows;
    for (const Json& run : json.at("benchmarks")) {
        if (run.at("run_type") != "iteration" || run.value("error_occurred", false)) continue;
        for (const Counter& counter : counters) {
            if (!run.contains(counter.name)) continue;
            std::string name = run.at("run_name");
            name += ' ';
            name += counter.name;
            auto row = std::ranges::find(rows, name, &Row::name);
            if (row == rows.end()) row = rows.insert(rows.end(), {name, std::string(counter.unit), {}, false});
            row->samples.push_back(run.at(std::string(counter.name)).get<double>() / counter.scale);
        }
    }
    std::ranges::sort(rows, {}, &Row::name);
    return rows;
}

const Row* find_row(const std::vector<Row>& rows, std::string_view name) {
    const auto row = std::ranges::find(rows, name, &Row::name);
    return row == rows.end() ? nullptr : &*row;
}

}    // namespace filfil::bench
