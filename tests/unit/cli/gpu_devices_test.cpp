// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gpu_machine.hpp"

namespace filfil::cli {
namespace {

using GpuDevicesTest = GpuMachine;
using nlohmann::json;

std::vector<json> gpus_of(const Said& said) {
    std::vector<json> gpus;
    for (const json& object : said.objects)
        if (object["name"].get<std::string>().starts_with("cuda")) gpus.push_back(object);
    return gpus;
}

/// Names of what is marked as chosen.
std::vector<std::string> selected_of(const Said& said) {
    std::vector<std::string> names;
    for (const json& object : said.objects)
        if (object["selected"]) names.push_back(object["name"]);
    return names;
}

TEST_F(GpuDevicesTest, WithoutCudaSaysSo) {
    const Said said = run({"devices", "--json"});
    EXPECT_EQ(said.code, 0);
    const auto gpus = gpus_of(said);
    ASSERT_EQ(gpus.size(), 1U);
    EXPECT_EQ(gpus[0]["name"], "cuda");
    EXPECT_EQ(gpus[0]["supported"], false);
    EXPECT_EQ(gpus[0]["reason"], "this fil-fil was built without CUDA");
    ASSERT_EQ(selected_of(said).size(), 1U);
    EXPECT_TRUE(selected_of(said)[0].starts_with("cpu:"));
}

TEST_F(GpuDevicesTest, WithoutACardSaysWhyThereIsNone) {
    make({});
    m_machine->show_no_cards({ErrorCode::unsupported, "no NVIDIA driver is installed", "install it"});
    const Said said = run({"devices", "--json"});
    EXPECT_EQ(said.code, 0);
    const auto gpus = gpus_of(said);
    ASSERT_EQ(gpus.size(), 1U);
    EXPECT_EQ(gpus[0]["reason"], "no NVIDIA driver is installed");
    EXPECT_EQ(gpus[0]["selected"], false);
    EXPECT_EQ(selected_of(said).size(), 1U);
    EXPECT_NE(run({"devices"}).out.find("no NVIDIA driver is installed"), std::string::npos);
}

TEST_F(GpuDevicesTest, SelectsACardThatIsFasterAndSaysOfBothWhy) {
    // Measured on a clock of its own, on which nothing else takes time: no CPU copies 40 TiB a second.
    test::FakeCard fast = test::small_card(0);
    fast.copy_bytes_per_s = 4e13;
    fast.tile_nodes_per_s = 1e15;
    make({fast});
    const Said said = run({"devices", "--json"});
    EXPECT_EQ(said.code, 0);
    EXPECT_EQ(selected_of(said), std::vector<std::string>{"cuda:0"});
    const auto gpus = gpus_of(said);
    ASSERT_EQ(gpus.size(), 1U);
    EXPECT_EQ(gpus[0]["supported"], true);
    EXPECT_EQ(gpus[0]["self_test"], true);
    EXPECT_EQ(gpus[0]["description"],
              "Fake 0, 4GiB, 132 multiprocessors, compute capability 9.0, driver for CUDA 13.0");
    EXPECT_GT(gpus[0]["gib_per_s"], 10'000);
    EXPECT_TRUE(gpus[0]["reason"].get<std::string>().starts_with("faster than the CPU: ")) << gpus[0]["reason"];
    std::size_t outdone = 0;
    for (const json& object : said.objects)
        outdone +=
            object["reason"].get<std::string>().starts_with("the fastest on this CPU; the GPU is faster: ") ? 1U : 0U;
    EXPECT_EQ(outdone, 1U);
    const std::string text = run({"devices"}).out;
    EXPECT_NE(text.find("* cuda:0"), std::string::npos) << text;
    EXPECT_EQ(text.find("* cpu:"), std::string::npos) << text;
}

TEST_F(GpuDevicesTest, SelectsTheCpuIfThatIsFasterAndSaysWhy) {
    test::FakeCard slow = test::small_card(0);
    slow.copy_bytes_per_s = 1e6;
    make({slow});
    const Said said = run({"devices", "--json"});
    EXPECT_EQ(said.code, 0);
    ASSERT_EQ(selected_of(said).size(), 1U);
    EXPECT_TRUE(selected_of(said)[0].starts_with("cpu:"));
    EXPECT_TRUE(gpus_of(said)[0]["reason"].get<std::string>().starts_with("slower than the CPU: "));
}

TEST_F(GpuDevicesTest, OfTwoCardsSelectsThoseThatWork) {
    test::FakeCard fast = test::small_card(0);
    fast.copy_bytes_per_s = 4e13;
    fast.tile_nodes_per_s = 1e15;
    test::FakeCard also_fast = fast;
    also_fast.facts.number = 1;
    make({fast, also_fast});
    EXPECT_EQ(selected_of(run({"devices", "--json"})), (std::vector<std::string>{"cuda:0", "cuda:1"}));

    test::FakeCard old = test::small_card(1);
    old.facts.major = 6;
    old.facts.minor = 1;
    make({fast, old});
    const Said said = run({"devices", "--json"});
    EXPECT_EQ(said.code, 0);
    EXPECT_EQ(selected_of(said), std::vector<std::string>{"cuda:0"});
    const auto gpus = gpus_of(said);
    ASSERT_EQ(gpus.size(), 2U);
    EXPECT_EQ(gpus[1]["supported"], false);
    EXPECT_NE(gpus[1]["reason"].get<std::string>().find("compute capability 6.1"), std::string::npos);
}

TEST_F(GpuDevicesTest, ACardThatComputesWronglyIsAFailure) {
    test::FakeCard broken = test::small_card(1);
    broken.broken = gpu::TileVariant::plain;
    make({test::small_card(0), broken});
    const Said said = run({"devices"});
    EXPECT_EQ(said.code, 2);
    EXPECT_NE(said.out.find("FAILED its self-test"), std::string::npos) << said.out;
    ASSERT_FALSE(said.err.empty());
    EXPECT_EQ(said.err[0], "fil-fil: cuda:1: failed its self-test, its results would be wrong");
}

}    // namespace
}    // namespace filfil::cli
