// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cli/device_options.hpp"

#include "commp/cpu_backend.hpp"
#include "memory_console.hpp"

#include <gtest/gtest.h>

namespace filfil::cli {
namespace {

using Kind = DeviceChoice::Kind;

/// Cards that exist on paper. Opening them gives a CPU backend, since nothing but its name matters here.
class FakeGpus final : public GpuProvider {
public:
    explicit FakeGpus(std::vector<GpuReport> cards) : m_cards(std::move(cards)) {}
    std::vector<GpuReport> probe(const Clock&) override { return m_cards; }
    Result<std::unique_ptr<commp::Backend>> open(const std::vector<unsigned>& cards, const Clock& clock) override {
        opened = cards;
        ++opens;
        return commp::make_cpu_backend("portable", m_executor, clock);
    }

    std::vector<unsigned> opened;
    int opens = 0;

private:
    std::vector<GpuReport> m_cards;
    InlineExecutor m_executor;
};

class DeviceOptionsTest : public testing::Test {
protected:
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
}

TEST(ParseDevice, RefusesAllElse) {
    for (const char* text :
         {"", "CPU", "gpu", "cpu:avx512", "cuda0", "cuda:", "cuda:-1", "cuda:0,", "cuda:64", "cuda:a"})
        EXPECT_FALSE(parse_device(text).ok()) << text;
}

TEST(ParseThreads, DefaultsToTheCpusThatMayBeUsed) {
    EXPECT_EQ(*parse_threads(""), usable_cpus());
    EXPECT_EQ(*parse_threads("7"), 7U);
}

TEST_F(DeviceOptionsTest, ThreadsCountTheCaller) {
    const auto one = open_engine({.device = "cpu", .isa = "portable", .threads = "1"}, m_context);
    ASSERT_TRUE(one.ok());
    EXPECT_EQ(one->readers, 1U);
    EXPECT_EQ(one->backend->name(), "cpu:portable");
    const auto four = open_engine({.device = "cpu", .isa = "portable", .threads = "4"}, m_context);
    ASSERT_TRUE(four.ok());
    EXPECT_EQ(four->readers, 4U);
    EXPECT_EQ(four->threads->concurrency(), 3U);
}

TEST_F(DeviceOptionsTest, CudaNeedsABuildWithIt) {
    const auto engine = open_engine({.device = "cuda"}, m_context);
    ASSERT_FALSE(engine.ok());
    EXPECT_EQ(engine.error().code, ErrorCode::unsupported);
    EXPECT_NE(engine.error().message.find("built without CUDA"), std::string::npos);
    EXPECT_NE(engine.error().remedy, "");
}

TEST_F(DeviceOptionsTest, AutoTakesAGpuThatWorksAndTheCpuElse) {
    FakeGpus works({{.name = "cuda:0", .description = "", .supported = true, .reason = "", .self_test = true}});
    m_context.gpu = &works;
    ASSERT_TRUE(open_engine({}, m_context).ok());
    EXPECT_EQ(works.opens, 1);
    EXPECT_TRUE(works.opened.empty());
    ASSERT_TRUE(open_engine({.device = "cuda:1"}, m_context).ok());
    EXPECT_EQ(works.opened, std::vector<unsigned>{1});
    ASSERT_TRUE(open_engine({.device = "cpu"}, m_context).ok());
    ASSERT_TRUE(open_engine({.device = "auto", .isa = "portable"}, m_context).ok());
    EXPECT_EQ(works.opens, 2);

    FakeGpus broken({{.name = "cuda:0", .description = "", .supported = true, .reason = "", .self_test = false}});
    m_context.gpu = &broken;
    ASSERT_TRUE(open_engine({}, m_context).ok());
    EXPECT_EQ(broken.opens, 0);
}

}    // namespace
}    // namespace filfil::cli
