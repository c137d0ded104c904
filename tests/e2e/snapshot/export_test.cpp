// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "car/header.hpp"
#include "car/writer.hpp"
#include "ipld/digest.hpp"
#include "random_chain.hpp"
#include "reference_walk.hpp"
#include "snapshot/file_name.hpp"
#include "snapshot/frc0108.hpp"
#include "support/said.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace filfil::e2e {
namespace {

using Words = std::vector<std::string>;
using reference::RandomChain;
using reference::RandomTipset;

std::string text_of(ByteView bytes) { return std::string(chars_of(bytes)); }

std::string joined(const chain::TipsetKey& key, bool backwards = false) {
    std::string out;
    for (const ipld::Cid& cid : key) {
        const std::string comma = out.empty() ? "" : ",";
        out = backwards ? cid.text() + comma + out : out + comma + cid.text();
    }
    return out;
}

/// A chain of a small network in a CAR, its blocks in no order, and what its snapshots are.
class SnapshotExport : public testing::Test {
protected:
    void SetUp() override { write_store({}); }

    /// Writes the CAR, without one block.
    void write_store(const ipld::Cid& lost) {
        std::vector<ipld::Cid> order;
        for (const auto& [cid, data] : m_chain.blocks)
            if (cid != lost) order.push_back(cid);
        m_store = m_folder.write("store.car", text_of(reference::car_bytes(m_chain.blocks, m_head.key, order)));
    }

    /// The head's chain, newest first.
    [[nodiscard]] std::vector<RandomTipset> line() const {
        std::vector<RandomTipset> out;
        for (const std::size_t i : m_chain.line(m_chain.tipsets.size() - 1)) out.push_back(m_chain.tipsets[i]);
        return out;
    }

    [[nodiscard]] std::string expected(const RandomTipset& head, std::int64_t roots, bool skip) const {
        const reference::Walk walk = reference::walk(m_chain.blocks, head.key, {roots, skip});
        EXPECT_FALSE(walk.fault);
        return text_of(reference::car_bytes(m_chain.blocks, head.key, walk.order));
    }

    Ended take_from(const std::string& from, const Words& words) {
        Words all{"snapshot", "export", "--from", from};
        all.insert(all.end(), words.begin(), words.end());
        return run(all);
    }
    Ended take(const Words& words) { return take_from(m_store, words); }

    const RandomChain m_chain = reference::random_chain(5, {.tipsets = 120});
    const RandomTipset m_head = m_chain.tipsets.back();
    TemporaryFolder m_folder;
    std::string m_store;
};

TEST_F(SnapshotExport, GivesTheBytesOfTheReferenceForEveryHead) {
    const std::string out = m_folder.path("snap.car");
    const std::vector<RandomTipset> chain = line();
    ASSERT_GT(chain.size(), 30U);
    for (const bool skip : {true, false})
        for (const std::size_t back : {std::size_t{0}, std::size_t{3}, chain.size() / 2}) {
            const RandomTipset& head = chain[back];
            Words words{"--recent-stateroots", "7", "--json", "--sha256", "-o", out};
            if (skip) words.insert(words.end(), {"--skip-old-msgs"});
            if (!skip && back == 3) words.insert(words.end(), {"--keep-all-messages"});
            if (back == 3) words.insert(words.end(), {"--head", joined(head.key, true)});
            if (back > 3) words.insert(words.end(), {"--epoch", std::to_string(head.height)});
            const Ended taken = take(words);
            ASSERT_EQ(taken.code, 0) << taken.err;
            const std::string car = expected(head, 7, skip);
            EXPECT_TRUE(m_folder.read("snap.car") == car) << back << skip;

            const auto report = object_of(taken);
            EXPECT_EQ(keys_of(report),
                      (Words{"head", "epoch", "recent_stateroots", "recipe", "blocks", "car_bytes", "root_cids",
                             "pieces", "load_seconds", "layout_seconds", "emit_seconds", "car_sha256"}));
            EXPECT_EQ(report["head"].size(), head.key.size());
            EXPECT_EQ(report["head"], report["root_cids"]);
            EXPECT_EQ(report["epoch"], head.height);
            EXPECT_EQ(report["recent_stateroots"], 7);
            EXPECT_EQ(report["recipe"]["skip_old_msgs"], skip);
            EXPECT_EQ(report["recipe"]["piece_size"], 32 * GiB);
            EXPECT_EQ(report["car_bytes"], car.size());
            EXPECT_EQ(report["car_sha256"], to_hex(ipld::sha2_256(bytes_of(car))));
            ASSERT_EQ(report["pieces"].size(), 1U);
            EXPECT_EQ(report["pieces"][0]["path"], nullptr);
            const auto commp = object_of(run({"commp", "--json", out}));
            for (const std::string key : {"piece_cid", "piece_cid_v2", "payload_size", "padded_size"})
                EXPECT_EQ(report["pieces"][0][key], commp[key]);
        }
    EXPECT_EQ(m_folder.list(), (Words{"snap.car", "store.car"}));
}

TEST_F(SnapshotExport, ANullRoundMeansTheTipsetBeforeIt) {
    const std::vector<RandomTipset> chain = line();
    for (std::size_t i = 1; i < chain.size(); ++i) {
        if (chain[i - 1].height == chain[i].height + 1) continue;
        const auto report = object_of(take({"--recent-stateroots", "3", "--skip-old-msgs", "--json", "--no-file",
                                            "--epoch", std::to_string(chain[i].height + 1)}));
        EXPECT_EQ(report["epoch"], chain[i].height);
        EXPECT_EQ(report["car_bytes"], expected(chain[i], 3, true).size());
        return;
    }
    FAIL() << "the chain has no null round";
}

TEST_F(SnapshotExport, PieceFilesAreThoseOfCarSplit) {
    const std::string whole = m_folder.path("whole.car");
    ASSERT_EQ(take({"--recent-stateroots", "50", "-o", whole}).code, 0);
    const Ended splitting =
        run({"car", "split", "--json", whole, "--piece-size", "64KiB", "-o", m_folder.path("split")});
    ASSERT_EQ(splitting.code, 0) << splitting.err;
    const auto split = object_of(splitting)["pieces"];
    ASSERT_GE(split.size(), 3U);
    const std::string stem = snapshot::file_stem("devnet", {m_head.height}, m_head.key);
    for (const std::string threads : {"1", "4"}) {
        const Ended taken = take({"--recent-stateroots", "50", "--piece-size", "64KiB", "--json", "--threads", threads,
                                  "-o", m_folder.path("pieces")});
        ASSERT_EQ(taken.code, 0) << taken.err;
        const auto pieces = object_of(taken)["pieces"];
        ASSERT_EQ(pieces.size(), split.size());
        for (std::size_t i = 0; i < split.size(); ++i) {
            const std::string name = snapshot::piece_file_name(stem, i + 1, split.size());
            EXPECT_EQ(pieces[i]["path"], m_folder.path("pieces/" + name));
            EXPECT_TRUE(m_folder.read("pieces/" + name) ==
                        m_folder.read("split/" + snapshot::piece_file_name("whole", i + 1, split.size())));
            for (const std::string key : {"piece_cid", "piece_cid_v2", "payload_size", "padded_size"})
                EXPECT_EQ(pieces[i][key], split[i][key]);
        }
    }
    EXPECT_EQ(m_folder.list().size(), 4 + 2 * split.size()) << "nothing but the pieces";
    const auto nowhere = object_of(take({"--recent-stateroots", "50", "--piece-size", "64KiB", "--json", "--no-file"}));
    ASSERT_EQ(nowhere["pieces"].size(), split.size());
    EXPECT_EQ(nowhere["pieces"][1]["path"], nullptr);
    EXPECT_EQ(nowhere["pieces"][1]["piece_cid"], split[1]["piece_cid"]);
    const auto named = object_of(take({"--recent-stateroots", "50", "--piece-size", "1MiB", "--json", "--network",
                                       "mynet", "-o", m_folder.path("named")}));
    EXPECT_NE(named["pieces"][0]["path"].get<std::string>().find("filfil_snapshot_mynet_"), std::string::npos);
}

TEST_F(SnapshotExport, CompressionChangesTheFileAndNotTheCarInside) {
    const std::string car = expected(m_head, 50, true);
    nlohmann::ordered_json pieces;
    for (const std::string kind : {"none", "zstd", "forest"}) {
        const std::string path = m_folder.path("snap." + kind);
        const Ended taken =
            take({"--recent-stateroots", "50", "--skip-old-msgs", "--compress", kind, "--json", "-o", path});
        ASSERT_EQ(taken.code, 0) << taken.err;
        if (kind == "none") pieces = object_of(taken)["pieces"];
        EXPECT_EQ(object_of(taken)["pieces"], pieces) << "pieces are never compressed";
        const auto inside = object_of(run({"car", "inspect", "--json", path}));
        EXPECT_EQ(inside["compression"], kind);
        EXPECT_EQ(inside["bytes"], car.size());
        EXPECT_EQ(run({"snapshot", "diff", m_store, path, "-o", m_folder.path("d")}).code, 0);
        EXPECT_EQ(run({"snapshot", "apply", m_store, m_folder.path("d"), "-o", m_folder.path("back")}).code, 0);
        EXPECT_TRUE(m_folder.read("back") == car);
        const auto again =
            object_of(take_from(path, {"--recent-stateroots", "50", "--skip-old-msgs", "--json", "--no-file"}));
        EXPECT_EQ(again["pieces"], pieces) << "it can be loaded again";
    }
    EXPECT_EQ(run({"car", "index", m_folder.path("snap.forest")}).code, 0) << "every block is found by its index";
}

TEST_F(SnapshotExport, GoesToStandardOutput) {
    const std::string car = expected(m_head, 50, true);
    const Ended taken = take({"--recent-stateroots", "50", "--skip-old-msgs", "-o", "-", "--json"});
    ASSERT_EQ(taken.code, 0) << taken.err;
    EXPECT_TRUE(taken.out == car);
    const auto report = nlohmann::ordered_json::parse(taken.err, nullptr, false);
    ASSERT_TRUE(report.is_object()) << taken.err;
    EXPECT_EQ(report["car_bytes"], car.size());
    const Ended failed = take({"--recent-stateroots", "50", "--epoch", "99999999", "-o", "-", "--json"});
    EXPECT_EQ(failed.code, 2);
    EXPECT_EQ(failed.out, "") << "no error among the bytes";

    Process::Options no_room;
    no_room.output_file = "/dev/full";
    const Ended full = run({"snapshot", "export", "--from", m_store, "-o", "-"}, no_room);
    EXPECT_EQ(full.code, 2);
    EXPECT_NE(full.err.find("standard output: cannot write: No space left"), std::string::npos) << full.err;

    Process unread({"snapshot", "export", "--from", m_store, "-o", "-"});
    unread.close_output();
    EXPECT_EQ(unread.wait().signal, SIGPIPE);
}

TEST_F(SnapshotExport, Version2HasItsMetadataBeforeTheSameSections) {
    const std::string v1 = expected(m_head, 50, true);
    const std::string sections = v1.substr(car::encode_header(m_head.key).size());
    const auto take_v2 = [&](const std::string& from, const std::string& to) {
        const Ended taken =
            take_from(from, {"--recent-stateroots", "50", "--skip-old-msgs", "--format", "v2", "--json", "-o", to});
        EXPECT_EQ(taken.code, 0) << taken.err;
        return object_of(taken);
    };
    const auto v2_of = [&](const std::string& certificates) {
        snapshot::SnapshotMetadata metadata{.head = m_head.key, .f3_data = std::nullopt};
        const ipld::Cid f3 = ipld::cid_of_block(ipld::Codec::raw, bytes_of(certificates));
        if (!certificates.empty()) metadata.f3_data = f3;
        const Bytes block = snapshot::encode(metadata).value();
        const ipld::Cid root = ipld::cid_of_block(ipld::Codec::dag_cbor, block);
        Bytes front = car::encode_header(std::span(&root, 1));
        car::append_section(front, root.bytes(), block);
        if (!certificates.empty()) car::append_section(front, f3.bytes(), bytes_of(certificates));
        return text_of(front) + sections;
    };
    const auto report = take_v2(m_store, m_folder.path("v2.car"));
    EXPECT_EQ(report["recipe"]["format"], "v2");
    EXPECT_EQ(report["root_cids"].size(), 1U);
    EXPECT_EQ(report["head"].size(), m_head.key.size());
    EXPECT_TRUE(m_folder.read("v2.car") == v2_of(""));

    // F3 data of the CAR that it is taken from is kept.
    const std::string bootstrap = m_folder.write("bootstrap.car", v2_of(std::string(300'000, 'c')));
    take_v2(bootstrap, m_folder.path("again.car"));
    EXPECT_TRUE(m_folder.read("again.car") == m_folder.read("bootstrap.car"));

    // A snapshot of version 2 is a chain like any other, by its head or by an epoch.
    for (const Words& choice : {Words{}, Words{"--epoch", std::to_string(m_head.height)}}) {
        Words words{"--recent-stateroots", "50", "--skip-old-msgs", "-o", m_folder.path("v1.car")};
        words.insert(words.end(), choice.begin(), choice.end());
        const Ended taken = take_from(bootstrap, words);
        ASSERT_EQ(taken.code, 0) << taken.err;
        EXPECT_TRUE(m_folder.read("v1.car") == v1);
    }
}

TEST_F(SnapshotExport, WhatCannotBeIsRefusedInOneSentence) {
    const std::string out = m_folder.path("out.car");
    expect_refusal(take({}), "nothing says where", "--no-file");
    expect_refusal(take({"-o", out, "--head", "x"}), "--head: 'x' is no CID", "commas");
    expect_refusal(take({"-o", out, "--head", m_head.key[0].text() + ","}), "--head: ''", "commas");
    expect_refusal(take({"-o", out, "--head", m_head.key[0].text(), "--epoch", "3"}), "--head and --epoch", "one");
    expect_refusal(take({"-o", out, "--epoch", "-3"}), "--epoch", "range");
    expect_refusal(take({"-o", out, "--recent-stateroots", "many"}), "--recent-stateroots: 'many'", "range");
    expect_refusal(take({"-o", out, "--skip-old-msgs", "--keep-all-messages"}), "contradict", "one");
    expect_refusal(take({"-o", out, "--format", "v3"}), "--format: 'v3'", "v2");
    expect_refusal(take({"-o", out, "--compress", "gzip"}), "--compress: 'gzip'", "forest");
    expect_refusal(take({"-o", out, "--piece-size", "30GiB"}), "piece size 32212254720", "32GiB");
    expect_refusal(take({"-o", out, "--piece-size", "x"}), "--piece-size: size 'x'", "32GiB");
    expect_refusal(take({"-o", out, "--piece-size", "1MiB", "--compress", "zstd"}), "contradict", "never compressed");
    expect_refusal(take({"-o", "-", "--piece-size", "1MiB"}), "contradict", "FOLDER");
    expect_refusal(take({"-o", out, "--no-file"}), "--no-file and -o", "one");
    expect_refusal(take({"--no-file", "--compress", "zstd"}), "--no-file and --compress", "one");
    expect_refusal(take({"-o", m_store}), "store.car: is the CAR that the snapshot is taken from", "another");
    expect_refusal(take({"-o", m_folder.path()}), "no regular file", "another");
    expect_refusal(take({"-o", m_folder.path("none/out.car")}), "none/out.car.part", "path");
    expect_refusal(take({"-o", m_folder.path("pieces"), "--piece-size", "256B"}), "too small", "larger piece size");
    expect_refusal(take_from(m_folder.path("no.car"), {"-o", out}), "no.car", "path");
    expect_refusal(take_from("-", {"-o", out}), "standard input", "file");
    expect_refusal(run({"snapshot", "export", "-o", out}), "--from", "--help");
    const Ended above = take({"-o", out, "--epoch", std::to_string(m_head.height + 1)});
    EXPECT_EQ(above.code, 2);
    EXPECT_NE(above.err.find("is above the head"), std::string::npos) << above.err;
    EXPECT_EQ(m_folder.list(), Words{"store.car"});
}

TEST_F(SnapshotExport, AMissingBlockIsNamedAndNothingIsLeft) {
    const ipld::Cid lost = m_head.key[0];
    write_store(lost);
    const Ended taken = take({"-o", m_folder.path("out.car"), "--json"});
    EXPECT_EQ(taken.code, 2);
    EXPECT_NE(taken.err.find(lost.text()), std::string::npos) << taken.err;
    EXPECT_EQ(object_of(taken)["error"]["code"], "not_found");
    EXPECT_EQ(m_folder.list(), Words{"store.car"});
}

/// Chain data that the project does not ship.
class SnapshotExportReal : public testing::Test {
protected:
    void SetUp() override {
        const char* set = std::getenv("FILFIL_INTEROP_DATA");
        m_data = set != nullptr ? set : FILFIL_SOURCE_DIR "/../shared/data";
        if (!std::filesystem::is_regular_file(path("synth_small/expected.json")))
            GTEST_SKIP() << "no chain data: " << m_data << " is absent (set FILFIL_INTEROP_DATA)";
    }
    [[nodiscard]] std::string path(const std::string& name) const { return m_data + '/' + name; }

    std::string m_data;
    TemporaryFolder m_folder;
};

TEST_F(SnapshotExportReal, ANodesExportComesOutAgainWhateverItWasPackedIn) {
    const auto load = [](const std::string& file) {
        std::ifstream in(file, std::ios::binary);
        return std::string(std::istreambuf_iterator<char>(in), {});
    };
    for (const std::string name : {"forest_chain4.car", "forest_export40.car", "forest_chain4.forest.car.zst"}) {
        const Ended taken = run({"snapshot", "export", "--from", path(name), "--recent-stateroots", "0",
                                 "--keep-all-messages", "-o", m_folder.path("out.car")});
        ASSERT_EQ(taken.code, 0) << taken.err;
        const std::string plain = name.substr(0, name.find('.')) + ".car";
        EXPECT_TRUE(m_folder.read("out.car") == load(path(plain))) << name;
    }
}

TEST_F(SnapshotExportReal, APrunedChainIsRefused) {
    const Ended taken = run(
        {"snapshot", "export", "--from", path("cpp_block_validator.car"), "--json", "-o", m_folder.path("out.car")});
    EXPECT_EQ(taken.code, 2);
    EXPECT_EQ(object_of(taken)["error"]["code"], "not_found") << taken.err;
    EXPECT_NE(taken.err.find("baf"), std::string::npos) << taken.err;
    EXPECT_TRUE(m_folder.list().empty());
}

TEST_F(SnapshotExportReal, EveryRowOfTheTableOfASyntheticChain) {
    std::ifstream in(path("synth_small/expected.json"));
    const auto table = nlohmann::json::parse(in);
    for (const auto& row : table["expected"]) {
        std::string head;
        for (const auto& cid : row["head"]) head += (head.empty() ? "" : ",") + cid.get<std::string>();
        Words words{"snapshot",
                    "export",
                    "--from",
                    path("synth_small/store.car"),
                    "--json",
                    "--no-file",
                    "--sha256",
                    "--head",
                    head,
                    "--recent-stateroots",
                    std::to_string(row["recent_roots"].get<std::int64_t>())};
        if (row["skip_old_msgs"].get<bool>()) words.emplace_back("--skip-old-msgs");
        const Ended taken = run(words);
        ASSERT_EQ(taken.code, 0) << taken.err;
        const auto report = object_of(taken);
        EXPECT_EQ(report["car_sha256"], row["lotus"]["car_sha256"]);
        EXPECT_EQ(report["blocks"], row["lotus"]["blocks"]);
        EXPECT_EQ(report["car_bytes"], row["lotus"]["bytes"]);
        EXPECT_EQ(report["epoch"], row["height"]);
    }
}

}    // namespace
}    // namespace filfil::e2e
