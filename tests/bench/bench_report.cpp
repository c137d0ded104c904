// SPDX-License-Identifier: Apache-2.0 OR MIT

// Joins what the benchmarks wrote into one report, prints it, and compares two of them.
#include "machine.hpp"
#include "report.hpp"

#include <chrono>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <stdexcept>

namespace filfil::bench {
namespace {

constexpr const char* usage =
    "filfil_bench_report make --out FILE [--commit TEXT] [--kernels FILE]… [--e2e FILE]…\n"
    "filfil_bench_report show FILE\n"
    "filfil_bench_report compare BEFORE AFTER\n";

Json read_json(const std::string& path) {
    std::ifstream file(path);
    if (!file) throw std::runtime_error("cannot read " + path);
    return Json::parse(file);
}

std::string now() {
    const std::time_t seconds = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
    std::tm parts{};
    ::gmtime_r(&seconds, &parts);
    char text[32];
    std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
    return text;
}

void print(const std::string& text) { std::fputs(text.c_str(), stdout); }

void make(const std::vector<std::string>& arguments) {
    Report report;
    report.about = {{"schema", 1}, {"date", now()}, {"commit", "unknown"}, {"machine", describe_machine()}};
    std::string out;
    for (std::size_t i = 0; i + 1 < arguments.size(); i += 2) {
        const std::string& name = arguments[i];
        const std::string& value = arguments[i + 1];
        if (name == "--out") {
            out = value;
        } else if (name == "--commit") {
            report.about["commit"] = value;
        } else if (name == "--kernels") {
            add_rows(report, rows_of_google_benchmark(read_json(value)));
        } else if (name == "--e2e") {
            const Json json = read_json(value);
            add_rows(report, report_from_json(json).rows);
            for (const auto& [key, field] : json.items())
                if (key != "rows") report.about[key] = field;
        } else {
            throw std::runtime_error("unknown option " + name + '\n' + usage);
        }
    }
    if (arguments.size() % 2 != 0 || out.empty()) throw std::runtime_error(usage);
    std::ofstream file(out, std::ios::binary | std::ios::trunc);
    file << to_json(report).dump(1) << '\n';
    file.close();
    if (!file) throw std::runtime_error("cannot write " + out);
    print(text_of(report));
}

void run(const std::vector<std::string>& arguments) {
    const auto read = [](const std::string& path) { return report_from_json(read_json(path)); };
    if (arguments.empty()) throw std::runtime_error(usage);
    if (arguments[0] == "make")
        make({arguments.begin() + 1, arguments.end()});
    else if (arguments[0] == "show" && arguments.size() == 2)
        print(text_of(read(arguments[1])));
    else if (arguments[0] == "compare" && arguments.size() == 3)
        print(comparison(read(arguments[1]), read(arguments[2])));
    else
        throw std::runtime_error(usage);
}

}    // namespace
}    // namespace filfil::bench

int main(int argc, char** argv) {
    try {
        filfil::bench::run({argv + 1, argv + argc});
        return 0;
    } catch (const std::exception& exception) {
        std::fprintf(stderr, "filfil_bench_report: %s\n", exception.what());
        return 2;
    }
}
