// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "random_chain.hpp"
#include "reference_walk.hpp"
#include "support/said.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace filfil::e2e {
namespace {

using reference::RandomChain;
using reference::RandomTipset;

std::string change_text(std::string_view type, const RandomTipset& tipset) {
    nlohmann::json key = nlohmann::json::array();
    for (const ipld::Cid& cid : tipset.key) key.push_back(cid.text());
    return nlohmann::json{{"Type", type}, {"Key", key}, {"Height", tipset.height}}.dump();
}

/// A chain in a CAR and its events: one tipset a line, from genesis to the last.
class Simulate : public testing::Test {
protected:
    void SetUp() override {
        std::vector<ipld::Cid> order;
        for (const auto& [cid, data] : m_chain.blocks) order.push_back(cid);
        const Bytes car = reference::car_bytes(m_chain.blocks, m_chain.tipsets.back().key, order);
        m_store = m_folder.write("store.car", std::string(chars_of(car)));
        std::vector<std::size_t> line = m_chain.line(m_chain.tipsets.size() - 1);
        std::ranges::reverse(line);
        for (const std::size_t i : line) m_line.push_back(m_chain.tipsets[i]);
    }

    [[nodiscard]] std::string events() const {
        std::string out;
        for (std::size_t i = 0; i < m_line.size(); ++i)
            out += "[" + change_text(i == 0 ? "current" : "apply", m_line[i]) + "]\n";
        return out;
    }

    Ended simulate(const std::string& events, std::vector<std::string> words) {
        words.insert(words.begin(),
                     {"snapshot", "simulate", "--store", m_store, "--events", m_folder.write("events.jsonl", events)});
        return run(words);
    }

    const RandomChain m_chain = reference::random_chain(11, {.tipsets = 80});
    TemporaryFolder m_folder;
    std::string m_store;
    std::vector<RandomTipset> m_line;
};

TEST_F(Simulate, KeepsWhatASnapshotOfTheHeadHolds) {
    const Ended ended = simulate(events(), {"--recent-stateroots", "5", "--slack", "0", "--json", "--audit"});
    ASSERT_EQ(ended.code, 0) << ended.err;
    const auto lines = objects_of(ended);
    ASSERT_EQ(lines.size(), m_line.size());
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const reference::Walk walk = reference::walk(m_chain.blocks, m_line[i].key, {5, true});
        ASSERT_FALSE(walk.fault);
        const Bytes car = reference::car_bytes(m_chain.blocks, m_line[i].key, walk.order);
        const Bytes empty = reference::car_bytes(m_chain.blocks, m_line[i].key, {});
        EXPECT_EQ(lines[i]["live_blocks"], walk.order.size()) << i;
        EXPECT_EQ(lines[i]["live_bytes"], car.size() - empty.size()) << i;
        EXPECT_EQ(lines[i]["epoch"], m_line[i].height);
        EXPECT_EQ(lines[i]["head"].size(), m_line[i].key.size());
        EXPECT_GT(lines[i]["pins"], 0);
        EXPECT_EQ(lines[i]["wrong_counts"], 0);
        EXPECT_EQ(lines[i]["orphans"], 0);
    }
}

TEST_F(Simulate, RefusesAChangeThatRevertsWhatIsNotTheHead) {
    const std::string text = "[" + change_text("current", m_line[0]) + "]\n\n[" + change_text("apply", m_line[1]) +
                             "]\n[" + change_text("revert", m_line[5]) + "]\n";
    const Ended ended = simulate(text, {});
    EXPECT_EQ(ended.code, 2);
    EXPECT_NE(ended.err.find("events.jsonl, line 4: "), std::string::npos) << ended.err;
    EXPECT_NE(ended.err.find("not known here"), std::string::npos) << ended.err;
    EXPECT_EQ(lines_of(ended.out).size(), 2U);
}

TEST_F(Simulate, NamesTheLineThatIsNoChange) {
    for (const std::string bad : {"{}", "[]", "[1]", "not JSON", R"([{"Type":"apply","Key":[],"Height":1}])",
                                  R"([{"Type":"apply","Key":["bafy"],"Height":1}])"}) {
        const Ended ended = simulate("[" + change_text("current", m_line[0]) + "]\n" + bad + "\n", {"--json"});
        EXPECT_EQ(ended.code, 2) << bad;
        EXPECT_NE(ended.err.find("events.jsonl, line 2: "), std::string::npos) << ended.err;
    }
}

TEST_F(Simulate, NamesABlockThatTheStoreLacks) {
    const ipld::Cid lost = m_line[1].messages[0];
    std::vector<ipld::Cid> order;
    for (const auto& [cid, data] : m_chain.blocks)
        if (cid != lost) order.push_back(cid);
    m_store =
        m_folder.write("store.car", std::string(chars_of(reference::car_bytes(m_chain.blocks, m_line[0].key, order))));
    const Ended ended = simulate(events(), {});
    EXPECT_EQ(ended.code, 2);
    EXPECT_NE(ended.err.find(lost.text()), std::string::npos) << ended.err;
}

class Audit : public Simulate {};

TEST_F(Audit, CountsWhatNothingLeadsTo) {
    const Ended ended = run({"snapshot", "audit", m_store, "--recent-stateroots", "7", "--json"});
    ASSERT_EQ(ended.code, 0) << ended.err;
    const auto report = object_of(ended);
    const reference::Walk walk = reference::walk(m_chain.blocks, m_line.back().key, {7, true});
    EXPECT_EQ(report["wrong_counts"], 0);
    EXPECT_EQ(report["live_blocks"], walk.order.size());
    EXPECT_EQ(report["orphans"], report["blocks"].get<std::size_t>() - walk.order.size());
    EXPECT_GT(report["orphans"], 0);
}

TEST_F(Audit, AMissingBlockIsAnAnswer) {
    const reference::Walk walk = reference::walk(m_chain.blocks, m_line.back().key, {7, true});
    const ipld::Cid lost = walk.order.back();
    std::vector<ipld::Cid> order;
    for (const auto& [cid, data] : m_chain.blocks)
        if (cid != lost) order.push_back(cid);
    const std::string store = m_folder.write(
        "lost.car", std::string(chars_of(reference::car_bytes(m_chain.blocks, m_line.back().key, order))));
    const Ended ended = run({"snapshot", "audit", store, "--recent-stateroots", "7"});
    EXPECT_EQ(ended.code, 1);
    EXPECT_NE(ended.err.find(lost.text() + " is missing"), std::string::npos) << ended.err;
    EXPECT_EQ(run({"snapshot", "audit", m_folder.path("nowhere.car")}).code, 2);
}

TEST_F(Audit, AChainThatDoesNotFitIsRefused) {
    expect_refusal(run({"snapshot", "audit", m_store, "--memory-limit", "1MiB"}), "memory limit", "memory");
    expect_refusal(run({"snapshot", "export", "--from", m_store, "--no-file", "--memory-limit", "1MiB"}),
                   "memory limit", "memory");
    expect_refusal(run({"snapshot", "audit", m_store, "--memory-limit", "much"}), "--memory-limit", "");
}

}    // namespace
}    // namespace filfil::e2e
