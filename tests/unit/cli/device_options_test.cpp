// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cli/device_options.hpp"

#include "base/units.hpp"
#include "commp/cpu_backend.hpp"
#include "memory_console.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace filfil::cli {
namespace {

using Kind = DeviceChoice::Kind;

/// Cards that exist on paper. Opening them gives a CPU backend, since nothing but the asking matters here.
class PaperGpus final : public commp::GpuProvider {
public:
    explicit PaperGpus(std::vector<commp::GpuReport> cards) : m_cards(std::move(cards)) {}
    std::vector<commp::GpuReport> probe() override {
        ++probes;
        return m_cards;
    }
    Result<std::unique_ptr<commp::Backend>> open(const commp::GpuOptions& options) override {
        opened.push_back(options);
        if (refuses) return Error(ErrorCode::too_large, "cuda:0: others have its memory", "end them");
        if (log_when_opened) options.log->write(LogLevel::warning, "gpu", "cuda:9: is left out");
        return commp::make_cpu_backend("portable", m_executor, m_clock);
    }

    int probes = 0;
    std::vector<commp::GpuOptions> opened;
    bool log_when_opened = false;
    bool refuses = false;

private:
    std::vector<commp::GpuReport> m_cards;
    SystemClock m_clock;
    InlineExecutor m_executor;
};

commp::GpuReport card(const std::string& name, double gib_per_s) {
    return {
        .name = name, .description = "", .supported = true, .reason = "", .self_test = true, .gib_per_s = gib_per_s};
}

/// No CPU is as fast as this, and none as slow as the other.
constexpr double fast = 1e6;
constexpr double slow = 1e-6;

class DeviceOptionsTest : public testing::Test {
protected:
    Result<Engine> open(const DeviceOptions& options, std::optional<std::uint64_t> payload = std::nullopt) {
        return open_engine(options, m_context, payload);
    }

    SystemFiles m_files;
    SystemClock m_clock;
    MemoryConsole m_console;
    Context m_context{.files = m_files, .clock = m_clock, .console = m_console, .stop = {}};
};

TEST(ParseDevice, ReadsEveryForm) {
    EXPECT_EQ(*parse_device("auto"), (DeviceChoice{Kind::automatic, {}}));
    EXPECT_EQ(*parse_device("cpu"), (DeviceChoice{Kind::cpu, {}}));
    EXPECT_EQ(*parse_device("cuda"), (DeviceChoice{Kind::gpu, {}}));
    EXPECT_EQ(*parse_device("cuda:0"), (DeviceChoice{Kind::gpu, {0}}));
    EXPECT_EQ(*parse_device("cuda:2,0,2"), (DeviceChoice{Kind::gpu, {2, 0}}));
    EXPECT_EQ(*parse_device("cuda:63"), (DeviceChoice{Kind::gpu, {63}}));
}

TEST(ParseDevice, RefusesAllElse) {
    for (const char* text :
         {"", "CPU", "gpu", "cpu:avx512", "cuda0", "cuda:", "cuda:-1", "cuda:0,", "cuda:,0", "cuda:64", "cuda:a"})
        EXPECT_FALSE(parse_device(text).ok()) << text;
}

TEST(ParseThreads, DefaultsToTheCpusThatMayBeUsed) {
    EXPECT_EQ(*parse_threads(""), usable_cpus());
    EXPECT_EQ(*parse_threads("7"), 7U);
}

TEST_F(DeviceOptionsTest, ThreadsCountTheCaller) {
    const auto one = open({.device = "cpu", .isa = "portable", .threads = "1"});
    ASSERT_TRUE(one.ok());
    EXPECT_EQ(one->readers, 1U);
    EXPECT_EQ(one->backend->name(), "cpu:portable");
    const auto four = open({.device = "cpu", .isa = "portable", .threads = "4"});
    ASSERT_TRUE(four.ok());
    EXPECT_EQ(four->readers, 4U);
    EXPECT_EQ(four->threads->concurrency(), 3U);
}

TEST_F(DeviceOptionsTest, CudaNeedsABuildWithIt) {
    for (const std::string device : {"cuda", "cuda:0"}) {
        const auto engine = open({.device = device});
        ASSERT_FALSE(engine.ok());
        EXPECT_EQ(engine.error().code, ErrorCode::unsupported);
        EXPECT_NE(engine.error().message.find("built without CUDA"), std::string::npos);
        EXPECT_NE(engine.error().remedy, "");
    }
    EXPECT_TRUE(open({}).ok());
    EXPECT_EQ(m_console.err_text, "") << "nothing was to be chosen from";
}

TEST_F(DeviceOptionsTest, AnInstructionSetDoesNotGoWithCards) {
    PaperGpus gpus({card("cuda:0", fast)});
    m_context.gpu = &gpus;
    const auto refused = open({.device = "cuda:0", .isa = "portable"});
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code, ErrorCode::invalid_argument);
    EXPECT_EQ(refused.error().message, "--isa portable goes with the CPU, and --device cuda:0 was given");
    EXPECT_NE(refused.error().remedy, "");
    const auto cpu = open({.device = "auto", .isa = "portable"});
    ASSERT_TRUE(cpu.ok());
    EXPECT_EQ((*cpu).backend->name(), "cpu:portable");
    EXPECT_TRUE(gpus.opened.empty());
    EXPECT_EQ(gpus.probes, 0);
}

TEST_F(DeviceOptionsTest, TheCardsThatWereNamedAreOpenedAndNothingIsMeasured) {
    PaperGpus gpus({card("cuda:0", slow)});
    m_context.gpu = &gpus;
    ASSERT_TRUE(open({.device = "cuda"}).ok());
    ASSERT_TRUE(open({.device = "cuda:2,1"}).ok());
    ASSERT_TRUE(open({.device = "cuda:0"}, 1).ok()) << "however little there is to hash";
    ASSERT_EQ(gpus.opened.size(), 3U);
    EXPECT_EQ(gpus.opened[0].cards, std::vector<unsigned>{});
    EXPECT_EQ(gpus.opened[1].cards, (std::vector<unsigned>{2, 1}));
    EXPECT_EQ(gpus.opened[2].cards, std::vector<unsigned>{0});
    EXPECT_EQ(gpus.probes, 0);
    EXPECT_EQ(m_console.err_text, "");
}

TEST_F(DeviceOptionsTest, CpuAsksNoCard) {
    PaperGpus gpus({card("cuda:0", fast)});
    m_context.gpu = &gpus;
    ASSERT_TRUE(open({.device = "cpu"}).ok());
    EXPECT_EQ(gpus.probes + static_cast<int>(gpus.opened.size()), 0);
}

TEST_F(DeviceOptionsTest, AutoTakesCardsThatAreFasterAndSaysWhyInOneLine) {
    PaperGpus gpus({card("cuda:0", fast / 4), card("cuda:1", fast / 2)});
    m_context.gpu = &gpus;
    ASSERT_TRUE(open({.threads = "3"}).ok());
    ASSERT_EQ(gpus.opened.size(), 1U);
    EXPECT_TRUE(gpus.opened[0].cards.empty()) << "all of them";
    EXPECT_TRUE(
        m_console.err_text.starts_with("fil-fil: note: hashing on cuda:0, cuda:1: 750000.00 GiB/s measured, against "))
        << m_console.err_text;
    EXPECT_TRUE(m_console.err_text.ends_with("iB/s on 3 CPU threads\n")) << m_console.err_text;
    EXPECT_EQ(std::ranges::count(m_console.err_text, '\n'), 1);
}

TEST_F(DeviceOptionsTest, AutoTakesTheCpuIfThatIsFasterAndSaysWhyInOneLine) {
    PaperGpus gpus({card("cuda:0", slow)});
    m_context.gpu = &gpus;
    const auto engine = open({.threads = "1"});
    ASSERT_TRUE(engine.ok());
    EXPECT_TRUE(engine->backend->name().starts_with("cpu:"));
    EXPECT_TRUE(gpus.opened.empty());
    EXPECT_TRUE(m_console.err_text.starts_with("fil-fil: note: hashing on the CPU: ")) << m_console.err_text;
    EXPECT_TRUE(m_console.err_text.ends_with("iB/s measured, against 0.0 MiB/s on cuda:0\n")) << m_console.err_text;
    EXPECT_EQ(std::ranges::count(m_console.err_text, '\n'), 1);
}

TEST_F(DeviceOptionsTest, AutoCountsAllThreadsOfTheCpu) {
    // Faster than one thread of it by far, and slower by far than what many are taken to be.
    const double one_thread = commp::choose_kernel("", m_clock)->gib_per_s;
    PaperGpus gpus({card("cuda:0", 10 * one_thread)});
    m_context.gpu = &gpus;
    ASSERT_TRUE(open({.threads = "1"}).ok());
    EXPECT_EQ(gpus.opened.size(), 1U);
    ASSERT_TRUE(open({.threads = "100"}).ok());
    EXPECT_EQ(gpus.opened.size(), 1U);
}

TEST_F(DeviceOptionsTest, AutoDoesNotCountCardsThatDoNotWorkAndSaysWhy) {
    commp::GpuReport fails = card("cuda:0", fast);
    fails.self_test = false;
    fails.reason = "cuda:0: failed its self-test";
    commp::GpuReport old = card("cuda:1", fast);
    old.supported = false;
    old.reason = "cuda:1: is too old";
    PaperGpus gpus({fails, old});
    m_context.gpu = &gpus;
    const auto engine = open({});
    ASSERT_TRUE(engine.ok());
    EXPECT_TRUE(engine->backend->name().starts_with("cpu:"));
    EXPECT_TRUE(gpus.opened.empty());
    EXPECT_EQ(m_console.err_text,
              "fil-fil: note: cuda:0: failed its self-test; it is not used\n"
              "fil-fil: note: cuda:1: is too old; it is not used\n");

    m_console.err_text.clear();
    PaperGpus one_works({fails, card("cuda:1", slow)});
    m_context.gpu = &one_works;
    ASSERT_TRUE(open({}).ok());
    EXPECT_TRUE(one_works.opened.empty());
    EXPECT_TRUE(m_console.err_text.ends_with(" on cuda:1\n")) << m_console.err_text;
}

TEST_F(DeviceOptionsTest, AutoTakesTheCpuWithoutAWordWhereThereIsNoCard) {
    PaperGpus gpus({{.name = "cuda", .description = "", .reason = "no NVIDIA driver is installed"}});
    m_context.gpu = &gpus;
    const auto engine = open({});
    ASSERT_TRUE(engine.ok());
    EXPECT_TRUE(engine->backend->name().starts_with("cpu:"));
    EXPECT_EQ(m_console.err_text, "");
}

TEST_F(DeviceOptionsTest, AutoTakesTheCpuIfTheCardsCannotBeOpenedAnyMore) {
    PaperGpus gpus({card("cuda:0", fast)});
    gpus.refuses = true;
    m_context.gpu = &gpus;
    const auto engine = open({});
    ASSERT_TRUE(engine.ok());
    EXPECT_TRUE(engine->backend->name().starts_with("cpu:"));
    EXPECT_TRUE(
        m_console.err_text.ends_with("fil-fil: note: cuda:0: others have its memory; hashing on the CPU instead\n"))
        << m_console.err_text;
    const auto asked_for = open({.device = "cuda"});
    ASSERT_FALSE(asked_for.ok());
    EXPECT_EQ(asked_for.error().message, "cuda:0: others have its memory");
}

TEST_F(DeviceOptionsTest, AutoStartsNoCardForWhatTheCpuHashesInASecond) {
    PaperGpus gpus({card("cuda:0", fast)});
    m_context.gpu = &gpus;
    for (const std::uint64_t payload : {std::uint64_t{0}, std::uint64_t{65}, MiB}) {
        const auto engine = open({.threads = "1"}, payload);
        ASSERT_TRUE(engine.ok());
        EXPECT_TRUE(engine->backend->name().starts_with("cpu:")) << payload;
    }
    EXPECT_EQ(gpus.probes, 0);
    EXPECT_EQ(m_console.err_text, "");
    ASSERT_TRUE(open({.threads = "1"}, std::uint64_t{1} << 50).ok());
    EXPECT_EQ(gpus.probes, 1);
    ASSERT_TRUE(open({.threads = "1"}).ok()) << "a stream may be of any length";
    EXPECT_EQ(gpus.probes, 2);
    EXPECT_EQ(gpus.opened.size(), 2U);
}

TEST_F(DeviceOptionsTest, ParanoidReachesTheCards) {
    PaperGpus gpus({card("cuda:0", fast)});
    m_context.gpu = &gpus;
    for (const std::string device : {"cuda", "auto"})
        for (const bool paranoid : {false, true}) ASSERT_TRUE(open({.device = device, .paranoid = paranoid}).ok());
    std::vector<unsigned> check_every;
    for (const commp::GpuOptions& options : gpus.opened) check_every.push_back(options.check_every);
    EXPECT_EQ(check_every, (std::vector<unsigned>{0, 16, 0, 16}));
    EXPECT_TRUE(open({.device = "cpu", .paranoid = true}).ok()) << "a CPU needs no watching";
}

TEST_F(DeviceOptionsTest, WhatTheBackendSaysOfItsCardsIsALineOnStandardError) {
    PaperGpus gpus({card("cuda:0", fast)});
    gpus.log_when_opened = true;
    m_context.gpu = &gpus;
    ASSERT_TRUE(open({.device = "cuda"}).ok());
    EXPECT_EQ(m_console.err_text, "fil-fil: note: cuda:9: is left out\n");
}

}    // namespace
}    // namespace filfil::cli
