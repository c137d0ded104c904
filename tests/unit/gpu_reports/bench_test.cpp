// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "bench/bench.hpp"
#include "fake_runtime.hpp"
#include "gpu/provider.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>

namespace filfil::bench {
namespace {

/// A part over a machine of the tests; what it gives is kept in a folder.
class Rig {
public:
    explicit Rig(test::FakeMachine& machine) : m_machine(machine) {
        // Tests run side by side, each in a process of its own.
        std::string folder = testing::TempDir() + "gpu_bench_test_XXXXXX";
        EXPECT_NE(::mkdtemp(folder.data()), nullptr);
        m_folder = folder;
        m_options.quick = true;
        m_options.scratch = m_folder;
        m_options.memory = GiB;
    }
    ~Rig() { std::filesystem::remove_all(m_folder); }
    Rig(const Rig&) = delete;
    Rig& operator=(const Rig&) = delete;

    /// @param injection what goes wrong once the card has been tried
    Result<void> run(Result<void> (*part)(Bench&), const std::optional<test::Injection>& injection = std::nullopt) {
        report::Results results(m_folder);
        auto runtime = m_machine.runtime();
        FILFIL_TRY(const std::vector<gpu::CardFacts> cards, runtime->cards());
        FILFIL_TRY(const gpu::CardTrial trial, gpu::try_card(*runtime, cards[0], m_machine.clock()));
        const auto provider = gpu::make_gpu_provider(m_machine.runtime(), m_machine.clock(), [](unsigned threads) {
            return std::make_unique<ThreadPool>(threads);
        });
        Bench bench{.options = m_options, .clock = m_clock, .results = results, .cpus = 2};
        bench.runtime = runtime.get();
        bench.provider = provider.get();
        bench.card = &cards[0];
        bench.trial = &trial;
        if (injection) m_machine.inject(*injection);
        return part(bench);
    }

    [[nodiscard]] std::string text(const std::string& name) const {
        std::ifstream file(m_folder / name);
        return {std::istreambuf_iterator<char>(file), {}};
    }
    [[nodiscard]] Options& options() noexcept { return m_options; }
    [[nodiscard]] const std::filesystem::path& folder() const noexcept { return m_folder; }

private:
    test::FakeMachine& m_machine;
    SystemClock m_clock;
    Options m_options;
    std::filesystem::path m_folder;
};

/// A card that lets itself be tried with the smallest submissions alone.
test::FakeCard small_card() {
    test::FakeCard card = test::fake_card();
    card.free_memory = 160 * MiB;
    return card;
}

void expect_measured(Result<void> (*part)(Bench&), const std::vector<std::string>& names) {
    test::FakeMachine machine({small_card()});
    {
        Rig rig(machine);
        const auto done = rig.run(part);
        ASSERT_TRUE(done.ok()) << done.error().text();
        const std::string rows = rig.text("rows.jsonl");
        for (const std::string& name : names) EXPECT_NE(rows.find(name), std::string::npos) << name << "\n" << rows;
        // What was made is gone, what came out is left.
        for (const auto& entry : std::filesystem::directory_iterator(rig.folder()))
            EXPECT_TRUE(entry.is_regular_file()) << entry.path();
    }
    const auto complaints = machine.complaints();
    EXPECT_TRUE(complaints.empty()) << complaints.front();
}

TEST(GpuBench, MeasuresKernels) {
    expect_measured(measure_kernels, {"kernel/tile/plain\"", "kernel/tile/fma-rolled\"", "kernel/quads, segments:4096",
                                      "kernel/parents, segments:1\"", "submission/all of one"});
}

TEST(GpuBench, MeasuresPiecesFromPinnedMemory) { expect_measured(measure_pinned, {"pinned/piece of 256MiB"}); }

TEST(GpuBench, MeasuresOneFile) {
    expect_measured(measure_files,
                    {"files/one for a piece of 128MiB, cuda:0\"", "files/one for a piece of 128MiB, cuda:0 : cpu"});
}

TEST(GpuBench, MeasuresManyFiles) {
    expect_measured(measure_many_files,
                    {"batch/100 files of 1MiB, cuda:0\"", "batch/1000 files of 64KiB, cuda:0, files"});
}

TEST(GpuBench, MeasuresSnapshots) {
    expect_measured(measure_snapshots,
                    {"snapshot/layout\"", "snapshot/emission alone, threads:2", "snapshot/emission and commP, cuda:0"});
}

TEST(GpuBench, GivesNoRateForWhatIsWrong) {
    for (const auto part : {measure_kernels, measure_pinned, measure_files, measure_many_files, measure_snapshots}) {
        test::FakeMachine machine({small_card()});
        Rig rig(machine);
        const auto done = rig.run(
            part, test::Injection{.fault = test::Fault::wrong_from_now, .call = test::Call::copy_out, .card = 0});
        ASSERT_FALSE(done.ok());
        EXPECT_EQ(done.error().code, ErrorCode::mismatch) << done.error().text();
        EXPECT_EQ(rig.text("rows.jsonl").find("cuda:0"), std::string::npos);
        EXPECT_EQ(rig.text("rows.jsonl").find("kernel/"), std::string::npos);
        EXPECT_EQ(rig.text("rows.jsonl").find("pinned/"), std::string::npos);
    }
}

TEST(GpuBench, SaysWhatWentWrongWithTheCard) {
    for (const auto part : {measure_copies, measure_kernels}) {
        test::FakeMachine machine({small_card()});
        {
            Rig rig(machine);
            const auto done =
                rig.run(part, test::Injection{.fault = test::Fault::hang, .n = 3, .call = test::Call::wait, .card = 0});
            ASSERT_FALSE(done.ok());
            EXPECT_EQ(done.error().code, ErrorCode::device) << done.error().text();
        }
        const auto complaints = machine.complaints();
        EXPECT_TRUE(complaints.empty()) << complaints.front();
    }
}

TEST(GpuBench, MakesInputsSmallerWhereThereIsNoRoom) {
    test::FakeMachine machine({small_card()});
    Rig rig(machine);
    rig.options().memory = 40 * MiB;
    const auto done = rig.run(measure_files);
    ASSERT_TRUE(done.ok()) << done.error().text();
    EXPECT_NE(rig.text("facts.jsonl").find("left out"), std::string::npos);
}

}    // namespace
}    // namespace filfil::bench
