// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "report/results.hpp"

#include "report/json_line.hpp"

#include <cstdio>
#include <fstream>

namespace filfil::report {
namespace {

void append(const std::string& path, const std::string& line) {
    std::ofstream file(path, std::ios::binary | std::ios::app);
    file << line << '\n';
    file.close();
    if (!file) std::fprintf(stderr, "cannot write to %s\n", path.c_str());
}

}    // namespace

void Results::say(std::string_view text) {
    std::printf("%.*s\n", static_cast<int>(text.size()), text.data());
    // Read through a pipe, and to be seen before what comes next hangs.
    std::fflush(stdout);
}

void Results::keep(const std::string& name, const std::string& json, const std::string& text) {
    say(text);
    if (m_folder.empty()) return;
    append(m_folder + "/" + name + ".jsonl", json);
    append(m_folder + "/" + name + ".txt", text);
}

void Results::row(const Row& row) {
    if (!m_head) say(table_head());
    m_head = true;
    keep("rows", json_of(row), text_of(row));
}

void Results::fact(std::string_view name, std::string_view value) {
    keep("facts", JsonLine().text("name", name).text("value", value).str(),
         std::string(name) + ": " + std::string(value));
}

void Results::check(std::string_view name, bool right, double seconds, std::string_view what) {
    char took[32];
    std::snprintf(took, sizeof took, " (%.2f s)", seconds);
    keep("checks",
         JsonLine().text("name", name).flag("right", right).number("seconds", seconds).text("what", what).str(),
         (right ? "right  " : "WRONG  ") + std::string(name) + ": " + std::string(what) + took);
}

void Results::failure(std::string_view part, const Error& error) {
    keep("failures", JsonLine().text("part", part).text("error", error.text()).str(),
         "FAILED " + std::string(part) + ": " + error.text());
}

}    // namespace filfil::report
