// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "base/random.hpp"
#include "car/header.hpp"
#include "car/writer.hpp"
#include "chaingen/generator.hpp"
#include "support/said.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <map>
#include <thread>

namespace filfil::e2e {
namespace {

using Words = std::vector<std::string>;

class Blocks final : public chaingen::BlockSink {
public:
    explicit Blocks(car::Writer& writer) : m_writer(writer) {}
    Result<void> block(ByteView cid, ByteView data) override { return m_writer.block(cid, data); }

private:
    car::Writer& m_writer;
};

/// A chain large enough for an export to take a while.
std::string chain_car() {
    car::MemorySink sink;
    car::Writer writer(sink);
    Blocks blocks(writer);
    auto generator = chaingen::Generator::make(chaingen::Config::of_size(24 * MiB, 3), blocks);
    EXPECT_TRUE(generator.ok());
    for (;;) {
        const auto changes = generator->next();
        EXPECT_TRUE(changes.ok());
        if (!changes.ok() || changes->empty()) break;
    }
    EXPECT_TRUE(writer.finish().ok());
    const Bytes header = car::encode_header(generator->head());
    return std::string(chars_of(header)) + std::string(chars_of(sink.bytes()));
}

/// Kills exports at random moments: whatever stands under a final name has to be what an undisturbed export writes.
class KilledExport : public testing::TestWithParam<Words> {};

TEST_P(KilledExport, LeavesNothingUnderAFinalNameThatIsNotWhole) {
    const TemporaryFolder folder;
    const std::string store = folder.write("store.car", chain_car());
    const auto words = [&](const std::string& out) {
        Words all{"snapshot", "export", "--from",        store, "--skip-old-msgs", "--recent-stateroots",
                  "2000",     "-o",     folder.path(out)};
        all.insert(all.end(), GetParam().begin(), GetParam().end());
        return all;
    };
    const auto start = std::chrono::steady_clock::now();
    ASSERT_EQ(run(words("whole")).code, 0);
    const auto whole_time = std::chrono::steady_clock::now() - start;
    // Files by their names below the output; one file is its own.
    const auto files_of = [&](const std::string& out) {
        std::map<std::string, std::string> files;
        for (const std::string& name : folder.list())
            if (name == out || name.starts_with(out + "/"))
                if (std::filesystem::is_regular_file(folder.path(name)))
                    files[name.substr(out.size())] = folder.read(name);
        return files;
    };
    const auto expected = files_of("whole");
    ASSERT_FALSE(expected.empty());

    SeededRandom random(GetParam().size());
    int killed_early = 0;
    for (int round = 0; round < 12; ++round) {
        const std::string out = "out" + std::to_string(round);
        Process process(words(out));
        const auto limit = std::chrono::duration_cast<std::chrono::microseconds>(whole_time).count();
        std::this_thread::sleep_for(std::chrono::microseconds(random.below(static_cast<std::uint64_t>(limit) + 1)));
        process.kill(SIGKILL);
        killed_early += process.wait().signal == SIGKILL ? 1 : 0;
        for (const auto& [name, bytes] : files_of(out)) {
            if (name.ends_with(".part")) continue;
            ASSERT_TRUE(expected.contains(name)) << out << name;
            EXPECT_TRUE(bytes == expected.at(name)) << out << name << " is not whole";
        }
        // What a kill leaves behind is no obstacle.
        if (round % 4 == 3) {
            EXPECT_EQ(run(words(out)).code, 0);
            EXPECT_TRUE(files_of(out) == expected) << out;
        }
        std::filesystem::remove_all(folder.path(out));
    }
    EXPECT_GT(killed_early, 0);
}

INSTANTIATE_TEST_SUITE_P(Outputs, KilledExport,
                         testing::Values(Words{}, Words{"--piece-size", "4MiB"}, Words{"--compress", "zstd"},
                                         Words{"--compress", "forest", "--format", "v2"}));

}    // namespace
}    // namespace filfil::e2e
