// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "report/row.hpp"

#include "report/json_line.hpp"

#include <algorithm>
#include <cstdio>

namespace filfil::report {
namespace {

/// Four significant digits, without an exponent.
std::string figure(double value) {
    const int digits = value >= 1000 || value <= -1000 ? 0 : value >= 100 ? 1 : value >= 10 ? 2 : 3;
    char buffer[64];
    std::snprintf(buffer, sizeof buffer, "%.*f", digits, value);
    return buffer;
}

std::string line(const std::string& name, const std::string& value, const std::string& unit, const std::string& spread,
                 const std::string& bound) {
    char buffer[400];
    std::snprintf(buffer, sizeof buffer, "%-66.200s %9.40s %-10.40s %8.20s  %.80s", name.c_str(), value.c_str(),
                  unit.c_str(), spread.c_str(), bound.c_str());
    std::string text = buffer;
    text.erase(text.find_last_not_of(' ') + 1);
    return text;
}

}    // namespace

double median(std::vector<double> samples) {
    if (samples.empty()) return 0;
    std::ranges::sort(samples);
    const std::size_t middle = samples.size() / 2;
    return samples.size() % 2 != 0 ? samples[middle] : (samples[middle - 1] + samples[middle]) / 2;
}

std::string json_of(const Row& row) {
    const double middle = median(row.samples);
    JsonLine json;
    json.text("name", row.name).text("unit", row.unit).number("median", middle);
    if (!row.samples.empty()) {
        json.number("min", *std::ranges::min_element(row.samples));
        json.number("max", *std::ranges::max_element(row.samples));
    }
    json.numbers("samples", row.samples);
    if (!row.beside.empty())
        json.text("beside", row.beside)
            .number("bound", row.bound)
            .number("ratio", row.bound > 0 ? middle / row.bound : 0);
    if (!row.note.empty()) json.text("note", row.note);
    return json.str();
}

std::string table_head() { return line("what", "median", "unit", "spread", "of its bound"); }

std::string text_of(const Row& row) {
    const double middle = median(row.samples);
    std::string spread;
    if (row.samples.size() > 1 && middle != 0) {
        const auto [least, most] = std::ranges::minmax(row.samples);
        spread = figure((most - least) / middle * 100) + " %";
    }
    std::string bound;
    if (!row.beside.empty())
        bound = (row.bound > 0 ? figure(middle / row.bound * 100) + " % of " : "beside ") + row.beside + " " +
                figure(row.bound);
    std::string text = line(row.name, row.samples.empty() ? "-" : figure(middle), row.unit, spread, bound);
    if (!row.note.empty()) text += "  (" + row.note + ")";
    return text;
}

}    // namespace filfil::report
