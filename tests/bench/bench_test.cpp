// SPDX-License-Identifier: Apache-2.0 OR MIT

// What the benchmarks say of their samples has to be right, whatever the samples are.
#include "bounds.hpp"
#include "child.hpp"
#include "report.hpp"

#include <gtest/gtest.h>

namespace filfil::bench {
namespace {

TEST(Summary, OfAnOddAndAnEvenCount) {
    const Summary odd = summary({"a", "x", {3, 1, 2}, false});
    EXPECT_DOUBLE_EQ(odd.median, 2);
    EXPECT_DOUBLE_EQ(odd.least, 1);
    EXPECT_DOUBLE_EQ(odd.most, 3);
    EXPECT_DOUBLE_EQ(odd.variation, 0.5);
    EXPECT_DOUBLE_EQ(summary({"a", "x", {4, 1, 2, 3}, false}).median, 2.5);
    EXPECT_EQ(summary({"a", "x", {}, false}).count, 0U);
    EXPECT_DOUBLE_EQ(summary({"a", "x", {7}, false}).variation, 0);
}

TEST(Summary, RatiosAreTakenRoundByRound) { EXPECT_EQ(ratios({2, 9, 5}, {1, 3, 0}), (std::vector<double>{2, 3})); }

TEST(Bounds, CountTheInstructionsOfANode) {
    const auto row = [](const std::string& name, double value) { return Row{name, "", {value}, false}; };
    // A core at 2 GHz that starts one SHA round instruction a cycle.
    const std::vector<Row> zen3{row("clock/dependent_adds instructions_per_s", 2),
                                row("issue/sha256rnds2 instructions_per_s", 2),
                                row("issue/sha_node nodes_per_s", 31.25)};
    EXPECT_DOUBLE_EQ(bound_cycles_a_node(zen3, "shani").value(), 64);
    EXPECT_FALSE(bound_cycles_a_node(zen3, "avx2").has_value());
    EXPECT_FALSE(bound_cycles_a_node(zen3, "openssl").has_value());
    // Four vector operations a cycle, two of them rotates: 2656 operations for 16 nodes.
    const std::vector<Row> zen5{row("clock/dependent_adds instructions_per_s", 4),
                                row("issue/vpaddd_zmm instructions_per_s", 16),
                                row("issue/vprord_zmm instructions_per_s", 8)};
    EXPECT_DOUBLE_EQ(bound_cycles_a_node(zen5, "avx512").value(), 2656.0 / 4 / 16);
    EXPECT_NEAR(payload_gib_per_s(64, 3.2), 1.4785, 1e-4);
}

TEST(Report, ReadsWhatGoogleBenchmarkWrites) {
    const Json json = Json::parse(R"({"benchmarks": [
        {"run_name": "parents/shani", "run_type": "iteration", "nodes_per_s": 2e7},
        {"run_name": "parents/shani", "run_type": "iteration", "nodes_per_s": 4e7},
        {"run_name": "parents/shani", "run_type": "aggregate", "nodes_per_s": 3e7},
        {"run_name": "broken", "run_type": "iteration", "error_occurred": true, "nodes_per_s": 1}]})");
    const std::vector<Row> rows = rows_of_google_benchmark(json);
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(rows[0].name, "parents/shani nodes_per_s");
    EXPECT_EQ(rows[0].samples, (std::vector<double>{20, 40}));
}

TEST(Report, SurvivesItsJson) {
    Report report;
    report.about = {{"schema", 1}, {"commit", "abc"}, {"machine", {{"cpu", "a CPU"}}}};
    add_rows(report, {{"start", "ms", {3, 4}, true}});
    add_rows(report, {{"start", "ms", {5}, true}});
    const Report again = report_from_json(Json::parse(to_json(report).dump()));
    EXPECT_EQ(to_json(again), to_json(report));
    EXPECT_EQ(again.rows.at(0).samples, (std::vector<double>{3, 4, 5}));
    EXPECT_TRUE(again.rows[0].less_is_better);
    EXPECT_NE(text_of(again).find("a CPU"), std::string::npos);
}

TEST(Report, ComparisonTellsNoiseFromChange) {
    const auto with = [](std::vector<double> quick, std::vector<double> memory) {
        Report report;
        add_rows(report, {{"rate", "GiB/s", std::move(quick), false}, {"memory", "MiB", std::move(memory), true}});
        return report;
    };
    const auto said_of = [](const std::string& text, const std::string& name) {
        const auto at = text.find("\n  " + name);
        return text.substr(at, text.find('\n', at + 1) - at);
    };
    const std::string text = comparison(with({1.0, 1.1}, {10, 10}), with({1.02, 1.1}, {12, 12}));
    EXPECT_NE(said_of(text, "rate").find("within noise"), std::string::npos) << text;
    EXPECT_NE(said_of(text, "memory").find("worse"), std::string::npos) << text;
    EXPECT_NE(said_of(text, "memory").find("1.200"), std::string::npos) << text;
}

TEST(Child, TellsOutputExitAndCost) {
    const ChildRun echo = run_child({"echo", "hello"});
    EXPECT_EQ(echo.exit_code, 0);
    EXPECT_EQ(echo.out, "hello\n");
    EXPECT_GT(echo.peak_rss_mib, 0);
    EXPECT_EQ(run_child({"sh", "-c", "exit 3"}).exit_code, 3);
    EXPECT_EQ(run_child({"sh", "-c", "kill -9 $$"}).exit_code, 128 + 9);
    EXPECT_EQ(run_child({"filfil-no-such-program"}).exit_code, 127);
}

TEST(Child, GetsItsInputFromAFileOrAPipe) {
    const std::string source = FILFIL_SOURCE_DIR "/tests/bench/bench_test.cpp";
    const std::string count = run_child({"wc", "-c"}, {Input::Kind::file, source}).out;
    EXPECT_GT(std::stoul(count), 100U);
    EXPECT_EQ(run_child({"wc", "-c"}, {Input::Kind::cat, source}).out, count);
    EXPECT_EQ(run_child({"wc", "-c"}).out, "0\n");
    EXPECT_EQ(run_child({"cat"}, {Input::Kind::file, source}, false).out, "");
}

}    // namespace
}    // namespace filfil::bench
