// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "support/said.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <filesystem>

namespace filfil::e2e {
namespace {

/// The program on a machine where there is nothing to hash on but the CPU; where there is a card these say nothing.
class WithoutAGpu : public testing::Test {
protected:
    void SetUp() override {
        for (const auto& object : objects_of(run({"devices", "--json"}))) {
            const auto name = object["name"].get<std::string>();
            if (name.starts_with("cuda:")) GTEST_SKIP() << "this machine has a card: " << object;
            if (name == "cuda") m_reason = object["reason"].get<std::string>();
        }
    }

    std::string m_reason;
    TemporaryFolder m_folder;
    std::string m_file = m_folder.write("a.bin", std::string(100'000, 'x'));
};

TEST_F(WithoutAGpu, DevicesSaysWhyInWords) {
    const bool in_words =
        m_reason.find("driver") != std::string::npos || m_reason.find("without CUDA") != std::string::npos;
    EXPECT_TRUE(in_words) << m_reason;
    EXPECT_EQ(m_reason.find("cudaError"), std::string::npos) << m_reason;
}

TEST_F(WithoutAGpu, EveryCommandThatHashesRefusesCudaAndSaysWhatToDo) {
    for (const std::string device : {"cuda", "cuda:0", "cuda:7"}) {
        const std::vector<std::vector<std::string>> commands{
            {"commp", m_file},
            {"verify", m_file, "--piece-cid", "baga6ea4seaqao7s73y24kcutaosvacpdjgfe5pw76ooefnyqw4ynr3d2y6x2mpq"},
            {"--batch", m_folder.path()},
        };
        for (std::vector<std::string> command : commands) {
            command.insert(command.end(), {"--device", device});
            expect_refusal(run(command), m_reason, "--device cpu");
        }
    }
}

TEST_F(WithoutAGpu, AnEmptyListOfVisibleCardsIsNoOther) {
    Process::Options options;
    options.environment = {"CUDA_VISIBLE_DEVICES="};
    const Ended ended = run({"commp", m_file, "--device", "cuda"}, options);
    EXPECT_EQ(ended.code, 2);
    EXPECT_EQ(lines_of(ended.err).size(), 2U) << ended.err;
}

TEST_F(WithoutAGpu, AutoTakesTheCpuWithoutAWord) {
    const Ended ended = run({"commp", m_file, "--json"});
    EXPECT_EQ(ended.code, 0);
    EXPECT_EQ(ended.err, "");
    EXPECT_TRUE(object_of(ended)["device"].get<std::string>().starts_with("cpu:"));
    EXPECT_EQ(object_of(run({"commp", m_file, "--json", "--paranoid"}))["piece_cid"], object_of(ended)["piece_cid"]);
}

TEST_F(WithoutAGpu, AStubOfTheDriverIsCalledOne) {
    // The toolkit's library to link against: whoever has its folder on the library path runs into it.
    const std::filesystem::path stub = FILFIL_CUDA_STUB;
    if (stub.empty() || !std::filesystem::exists(stub)) GTEST_SKIP() << "no stub of the driver here";
    std::filesystem::create_symlink(stub, m_folder.path() + "/libcuda.so.1");
    Process::Options options;
    options.environment = {"LD_LIBRARY_PATH=" + m_folder.path()};
    expect_refusal(run({"commp", m_file, "--device", "cuda"}, options), "stub", "LD_LIBRARY_PATH");
    const Ended by_default = run({"commp", m_file, "--json"}, options);
    EXPECT_EQ(by_default.code, 0) << by_default.err;
}

}    // namespace
}    // namespace filfil::e2e
