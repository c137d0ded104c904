// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "../base/scratch_folder.hpp"
#include "../gpu/small_card.hpp"
#include "cli/application.hpp"
#include "gpu/provider.hpp"
#include "memory_console.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <mutex>
#include <sstream>

namespace filfil::cli {

/// A console for several threads: cards fail on other threads than the command's.
class SharedConsole final : public Console {
public:
    void out(std::string_view text) noexcept override {
        const std::scoped_lock lock(m_mutex);
        m_kept.out(text);
    }
    void err(std::string_view text) noexcept override {
        const std::scoped_lock lock(m_mutex);
        m_kept.err(text);
    }
    void status(std::string_view line) noexcept override {
        const std::scoped_lock lock(m_mutex);
        m_kept.status(line);
    }
    [[nodiscard]] bool in_is_terminal() const noexcept override { return false; }
    [[nodiscard]] bool err_is_terminal() const noexcept override { return false; }
    [[nodiscard]] bool in_is_open() const noexcept override { return true; }
    [[nodiscard]] unsigned columns() const noexcept override { return 80; }
    [[nodiscard]] std::optional<Error> out_failure() const override { return std::nullopt; }

    /// To be looked at when no thread speaks any more.
    [[nodiscard]] const MemoryConsole& kept() const noexcept { return m_kept; }

private:
    std::mutex m_mutex;
    MemoryConsole m_kept;
};

/// What a run of the program said, and how it ended.
struct Said {
    int code = 0;
    std::vector<nlohmann::json> objects;    ///< of standard output, where that is JSON
    std::string out;
    std::vector<std::string> err;    ///< lines
};

/// The whole command line in this process, with the real provider over cards of the tests.
class GpuMachine : public testing::Test {
protected:
    void TearDown() override {
        m_provider.reset();
        if (m_machine != nullptr) {
            EXPECT_EQ(m_machine->complaints(), std::vector<std::string>{});
        }
    }

    void make(std::vector<test::FakeCard> cards) {
        m_provider.reset();
        m_machine = std::make_unique<test::FakeMachine>(std::move(cards));
        m_provider = gpu::make_gpu_provider(m_machine->runtime(), m_machine->clock(),
                                            [](unsigned threads) { return std::make_unique<ThreadPool>(threads); });
    }

    /// Has the cards tried, so that what is injected now comes about in the next run.
    test::FakeMachine& tried_machine() {
        EXPECT_FALSE(m_provider->probe().empty());
        return *m_machine;
    }

    Said run(const std::vector<std::string>& words) {
        SharedConsole console;
        Said said;
        {
            SystemFiles files;
            const SystemClock clock;
            Context context{.files = files, .clock = clock, .console = console, .stop = {}, .gpu = m_provider.get()};
            said.code = cli::run(words, context);
        }
        said.out = console.kept().out_text;
        std::istringstream lines(said.out);
        for (std::string line; std::getline(lines, line);)
            if (auto object = nlohmann::json::parse(line, nullptr, false); object.is_object())
                said.objects.push_back(std::move(object));
        lines = std::istringstream(console.kept().err_text);
        for (std::string line; std::getline(lines, line);) said.err.push_back(line);
        return said;
    }

    std::unique_ptr<test::FakeMachine> m_machine;
    std::unique_ptr<commp::GpuProvider> m_provider;
    ScratchFolder m_folder;
};

}    // namespace filfil::cli
