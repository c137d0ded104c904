// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "report.hpp"

#include "base/units.hpp"
#include "bounds.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace filfil::bench {
namespace {

constexpr std::string_view nodes_prefix = "hash_quads/";
constexpr std::string_view nodes_suffix = " nodes_per_s";

std::string number(double value) {
    std::array<char, 32> text{};
    const double size = std::abs(value);
    const int decimals = size >= 1000 ? 0 : size >= 100 ? 1 : size >= 10 ? 2 : 3;
    std::snprintf(text.data(), text.size(), "%.*f", decimals, value);
    return text.data();
}

std::string percent(double part) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.1f%%", part * 100);
    return text.data();
}

/// Lines of cells, padded to columns; the first column to the left, the others to the right.
class Table {
public:
    explicit Table(std::vector<std::string> heads) { m_lines.push_back(std::move(heads)); }
    void line(std::vector<std::string> cells) { m_lines.push_back(std::move(cells)); }
    [[nodiscard]] bool empty() const { return m_lines.size() == 1; }

    [[nodiscard]] std::string text() const {
        std::vector<std::size_t> widths(m_lines[0].size());
        for (const auto& line : m_lines)
            for (std::size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], line[i].size());
        std::string out;
        for (const auto& line : m_lines) {
            std::string row = "  " + line[0] + std::string(widths[0] - line[0].size(), ' ');
            for (std::size_t i = 1; i < line.size(); ++i)
                row += "  " + std::string(widths[i] - line[i].size(), ' ') + line[i];
            out += row.substr(0, row.find_last_not_of(' ') + 1) + '\n';
        }
        return out;
    }

private:
    std::vector<std::vector<std::string>> m_lines;
};

std::string titled(const std::string& title, const Table& table) {
    return table.empty() ? "" : '\n' + title + '\n' + table.text();
}

std::string nodes_table(const Report& report) {
    const double ghz = clock_ghz(report.rows);
    const Row* peer = find_row(report.rows, std::string(nodes_prefix) + "openssl" + std::string(nodes_suffix));
    Table table(
        {"instruction set", "ns/node", "cycles/node", "bound", "of bound", "M nodes/s", "GiB/s", "x openssl", "cv"});
    std::vector<std::string> seen;
    for (const Row& row : report.rows) {
        if (!row.name.starts_with(nodes_prefix) || !row.name.ends_with(nodes_suffix)) continue;
        const std::string isa =
            row.name.substr(nodes_prefix.size(), row.name.size() - nodes_prefix.size() - nodes_suffix.size());
        seen.push_back(isa);
        const Summary s = summary(row);
        const double cycles = ghz * 1e3 / s.median;
        const auto bound = bound_cycles_a_node(report.rows, isa);
        table.line({isa, number(1e3 / s.median), number(cycles), bound ? number(*bound) : "",
                    bound ? percent(*bound / cycles) : "", number(s.median),
                    number(s.median * 1e6 * payload_a_node / static_cast<double>(GiB)),
                    peer == nullptr ? "" : number(s.median / summary(*peer).median), percent(s.variation)});
    }
    if (table.empty()) return "";
    if (std::ranges::find(seen, "avx512") == seen.end()) table.line({"avx512", "not measured: this CPU lacks it"});
    return titled("Tree nodes, one core, payload in cache (clock " + number(ghz) + " GHz)", table);
}

/// What a core can do at most that also copies the payload out of the page cache: the kernel's bound and the copy, one
/// after the other. 0 where one of the two was not measured.
double commp_bound(const Report& report, const std::string& name) {
    constexpr std::string_view prefix = "commp/";
    const std::string suffix = name.ends_with(" CPU") ? "/threads:1 CPU" : "/threads:1";
    if (!name.starts_with(prefix) || !name.ends_with(suffix)) return 0;
    const std::string isa = name.substr(prefix.size(), name.size() - prefix.size() - suffix.size());
    const auto cycles = bound_cycles_a_node(report.rows, isa);
    const Row* copy = find_row(report.rows, "bound/pread" + suffix);
    if (!cycles || copy == nullptr) return 0;
    return 1 / (1 / payload_gib_per_s(*cycles, clock_ghz(report.rows)) + 1 / summary(*copy).median);
}

/// The memory that design allows a run with so many threads, in MiB; 0 for a row that is no such run.
double memory_limit(const std::string& name) {
    const auto at = name.find("/threads:");
    if (!name.starts_with("memory/") || at == std::string::npos) return 0;
    return 64 + 16 * std::strtod(name.c_str() + at + 9, nullptr);
}

bool is_kernel_row(const Row& row) { return row.name.ends_with("_per_s"); }

std::string rows_table(const std::string& title, const Report& report, bool kernels) {
    Table table({"what", "median", "unit", "min", "max", "cv", "n", "against"});
    for (const Row& row : report.rows) {
        if (is_kernel_row(row) != kernels || row.name.starts_with(nodes_prefix)) continue;
        const Summary s = summary(row);
        std::string against;
        if (const double bound = commp_bound(report, row.name); bound != 0)
            against = percent(s.median / bound) + " of the bound with copy, " + number(bound);
        if (const double limit = memory_limit(row.name); limit != 0)
            against = (s.most <= limit ? "within " : "OVER ") + number(limit);
        table.line({row.name, number(s.median), row.unit, number(s.least), number(s.most), percent(s.variation),
                    std::to_string(s.count), against});
    }
    return titled(title, table);
}

std::string text_at(const Json& object, std::string_view key) {
    const auto value = object.find(key);
    if (value == object.end()) return "?";
    return value->is_string() ? value->get<std::string>() : value->dump();
}

std::string heading(const Report& report) {
    const Json machine = report.about.value("machine", Json::object());
    std::string isas;
    for (const Json& isa : machine.value("isas", Json::array()))
        isas += (isas.empty() ? "" : ", ") + isa.get<std::string>();
    return "fil-fil " + text_at(report.about, "commit") + ", " + text_at(report.about, "date") + '\n' +
           text_at(machine, "cpu") + ", " + text_at(machine, "cpus") + " CPUs (" + isas + "), " +
           text_at(machine, "kernel") + ", " + text_at(machine, "compiler") +
           "\nload average before: " + text_at(machine, "load_average") +
           ", after: " + text_at(report.about, "load_average_after") + '\n';
}

}    // namespace

void add_rows(Report& report, const std::vector<Row>& rows) {
    for (const Row& row : rows) {
        const auto same = std::ranges::find(report.rows, row.name, &Row::name);
        if (same == report.rows.end())
            report.rows.push_back(row);
        else
            same->samples.insert(same->samples.end(), row.samples.begin(), row.samples.end());
    }
}

Json to_json(const Report& report) {
    Json json = report.about;
    Json& rows = json["rows"] = Json::array();
    for (const Row& row : report.rows) rows.push_back(to_json(row));
    return json;
}

Report report_from_json(const Json& json) {
    Report report;
    report.about = json;
    for (const Json& row : json.at("rows")) report.rows.push_back(row_from_json(row));
    report.about.erase("rows");
    return report;
}

std::string text_of(const Report& report) {
    return heading(report) + nodes_table(report) +
           rows_table("Inner loops (rates over the thread's CPU time; real_time: over wall time)", report, true) +
           rows_table("The program, files in the page cache", report, false);
}

std::string comparison(const Report& before, const Report& after) {
    Table table({"what", "before", "after", "unit", "after : before", "noise", ""});
    std::size_t gone = 0;
    for (const Row& old_row : before.rows) {
        const Row* new_row = find_row(after.rows, old_row.name);
        if (new_row == nullptr) {
            ++gone;
            continue;
        }
        const Summary a = summary(old_row);
        const Summary b = summary(*new_row);
        if (a.median == 0) continue;
        const double ratio = b.median / a.median;
        // What was measured once shows no variation, and has some.
        const double noise = std::max(std::hypot(a.variation, b.variation), 0.02);
        const bool better = (ratio > 1) != old_row.less_is_better;
        table.line({old_row.name, number(a.median), number(b.median), old_row.unit, number(ratio), percent(noise),
                    std::abs(ratio - 1) <= noise ? "within noise"
                    : better                     ? "better"
                                                 : "worse"});
    }
    std::string text = "Before:\n" + heading(before) + "After:\n" + heading(after) + titled("Medians", table);
    if (gone != 0) text += "  " + std::to_string(gone) + " rows were measured before only\n";
    return text;
}

}    // namespace filfil::bench
