// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include <string>
#include <vector>

namespace filfil::report {

/// One measured quantity, and what bounds it.
struct Row {
    std::string name;    ///< a path, "pinned/32GiB"
    std::string unit;    ///< "GB/s", "G nodes/s", "ms"
    std::vector<double> samples;
    std::string beside{};    ///< what `bound` is, "copy"; "" where there is none
    double bound = 0;        ///< in the same unit; 0 where there is none
    std::string note{};      ///< what a reader has to know, e.g. that a size was cut down
};

/// The middle sample, or the mean of the two; 0 where there is none.
double median(std::vector<double> samples);

/// {"name", "unit", "median", "min", "max", "samples"} and, where they are there, "beside", "bound", "ratio", "note".
std::string json_of(const Row& row);

/// What stands above the lines of text_of().
std::string table_head();

/// One line of a table: name, median, unit, how far samples lie apart, the bound and which part of it was reached.
std::string text_of(const Row& row);

}    // namespace filfil::report
