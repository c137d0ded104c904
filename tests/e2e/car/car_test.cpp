// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "support/cars.hpp"
#include "support/said.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

namespace filfil::e2e {
namespace {

using Words = std::vector<std::string>;

class CarCommands : public testing::Test {
protected:
    const std::string m_car = small_car(150);
    TemporaryFolder m_folder;
};

TEST_F(CarCommands, InspectSaysWhatIsInside) {
    const auto plain = object_of(run({"car", "inspect", "--json", m_folder.write("a.car", m_car)}));
    EXPECT_EQ(keys_of(plain), (Words{"version", "roots", "blocks", "bytes", "codecs", "compression"}));
    EXPECT_EQ(plain["version"], 1);
    EXPECT_EQ(plain["roots"].size(), 1U);
    EXPECT_EQ(plain["blocks"], 150);
    EXPECT_EQ(plain["bytes"], m_car.size());
    EXPECT_EQ(plain["codecs"], nlohmann::ordered_json({{"raw", 150}}));
    EXPECT_EQ(plain["compression"], "none");
    const auto packed = object_of(run({"car", "inspect", "--json", "-"}, zstd_frame(wrapped_car(m_car))));
    EXPECT_EQ(packed["version"], 2);
    EXPECT_EQ(packed["compression"], "zstd");
    EXPECT_EQ(packed["bytes"], m_car.size());
    const Ended text = run({"car", "inspect", m_folder.path("a.car")});
    EXPECT_EQ(text.code, 0);
    EXPECT_NE(text.out.find(plain["roots"][0].get<std::string>()), std::string::npos) << text.out;
}

TEST_F(CarCommands, VerifyTellsGoodFromBadFromCut) {
    const Ended good = run({"car", "verify", "--json", m_folder.write("good.car", m_car)});
    EXPECT_EQ(good.code, 0) << good.err;
    EXPECT_EQ(keys_of(object_of(good)), (Words{"blocks", "bytes", "bad_blocks", "missing_links"}));
    EXPECT_EQ(object_of(good)["missing_links"], nullptr);
    const auto links = object_of(run({"car", "verify", "--links", "--json", m_folder.path("good.car")}));
    EXPECT_EQ(links["missing_links"], 0);

    std::string changed = m_car;
    changed.back() ^= 1;
    const Ended bad = run({"car", "verify", "--json", "-"}, changed);
    EXPECT_EQ(bad.code, 1) << bad.err;
    const auto report = object_of(bad);
    EXPECT_EQ(report["blocks"], 150);
    EXPECT_EQ(report["bad_blocks"], 1);
    EXPECT_EQ(report["bad"][0]["section"], 149);
    const Ended bad_text = run({"car", "verify", "-"}, changed);
    EXPECT_EQ(bad_text.code, 1);
    EXPECT_NE(bad_text.out.find(": BAD"), std::string::npos) << bad_text.out;

    const std::string cut = m_car.substr(0, m_car.size() - 1);
    const Ended cut_json = run({"car", "verify", "--json", "-"}, cut);
    EXPECT_EQ(cut_json.code, 2);
    EXPECT_EQ(object_of(cut_json)["error"]["code"], "truncated");
    EXPECT_EQ(object_of(cut_json)["blocks"], 149);
    const Ended padded = run({"car", "verify", "-"}, m_car + std::string(100, '\0'));
    EXPECT_EQ(padded.code, 2);
    EXPECT_NE(padded.err.find("ends at byte " + std::to_string(m_car.size())), std::string::npos) << padded.err;
}

TEST_F(CarCommands, SplitNamesPiecesThatCommpAndJoinAgreeWith) {
    const std::string path = m_folder.write("in/snap.car.zst", zstd_frame(m_car));
    const Ended split =
        run({"car", "split", "--json", path, "--piece-size", "16KiB", "-o", m_folder.path("out/pieces")});
    ASSERT_EQ(split.code, 0) << split.err;
    const auto pieces = object_of(split)["pieces"];
    ASSERT_GE(pieces.size(), 3U);
    Words join{"car", "join", "-o", m_folder.path("back.car")};
    for (std::size_t i = pieces.size(); i-- > 0;) {
        const auto& piece = pieces[i];
        EXPECT_EQ(keys_of(piece), (Words{"path", "piece_cid", "piece_cid_v2", "payload_size", "padded_size"}));
        EXPECT_EQ(piece["path"], m_folder.path("out/pieces/snap.p" + std::to_string(i + 1) + "of" +
                                               std::to_string(pieces.size()) + ".car"));
        const auto commp = object_of(run({"commp", "--json", piece["path"].get<std::string>()}));
        for (const std::string key : {"piece_cid", "piece_cid_v2", "payload_size", "padded_size"})
            EXPECT_EQ(piece[key], commp[key]);
        join.push_back(piece["path"].get<std::string>());
    }
    for (const std::string threads : {"1", "4"}) {
        const Ended again = run({"car", "split", "--json", "--threads", threads, path, "--piece-size", "16KiB", "-o",
                                 m_folder.path("out/pieces")});
        EXPECT_EQ(object_of(again)["pieces"], pieces);
    }
    const Ended joined = run(join);
    EXPECT_EQ(joined.code, 0) << joined.err;
    EXPECT_EQ(m_folder.read("back.car"), m_car);

    join.pop_back();
    join[3] = m_folder.path("other.car");
    expect_refusal(run(join), "part 1 of " + std::to_string(pieces.size()) + " is missing", "all parts");
    EXPECT_EQ(m_folder.read("other.car"), "");
}

TEST_F(CarCommands, IndexMakesAForestCarAndChecksIt) {
    const std::string path = m_folder.write("snap.car", m_car);
    const Ended made = run({"car", "index", "--json", path});
    ASSERT_EQ(made.code, 0) << made.err;
    EXPECT_EQ(object_of(made)["path"], m_folder.path("snap.forest.car.zst"));
    EXPECT_EQ(object_of(run({"car", "inspect", "--json", m_folder.path("snap.forest.car.zst")}))["compression"],
              "forest");
    const Ended checked = run({"car", "index", "--json", m_folder.path("snap.forest.car.zst")});
    EXPECT_EQ(checked.code, 0) << checked.err;
    EXPECT_EQ(object_of(checked)["blocks"], 150);
    EXPECT_EQ(object_of(checked)["unresolved"], 0);

    // A hash in the index that no CID has: its block is not found any more.
    std::string wrong = m_folder.read("snap.forest.car.zst");
    std::size_t slot = wrong.find(std::string("\xf0\xbe\xad\xde\0\0\0\0", 8)) + 32;
    while (wrong.substr(slot, 16) == std::string(16, '\xff')) slot += 16;
    wrong[slot] = static_cast<char>(wrong[slot] ^ 1);
    const Ended bad = run({"car", "index", "--json", m_folder.write("wrong.forest.car.zst", wrong)});
    EXPECT_EQ(bad.code, 1) << bad.err;
    EXPECT_EQ(object_of(bad)["unresolved"], 1);
    EXPECT_EQ(
        run({"car", "index", m_folder.path("wrong.forest.car.zst"), "-o", m_folder.path("mended.forest.car.zst")}).code,
        0);
    EXPECT_EQ(m_folder.read("mended.forest.car.zst"), m_folder.read("snap.forest.car.zst"));
}

TEST_F(CarCommands, BadInputIsRefusedInOneSentence) {
    const std::string path = m_folder.write("a.car", m_car);
    const std::string none = m_folder.write("none.car", "no car at all");
    const std::string out = m_folder.path("out");
    expect_refusal(run({"car", "inspect", none}), "none.car: is no CAR", "CARv1 or CARv2");
    expect_refusal(run({"car", "verify", m_folder.path("missing.car")}), "missing.car", "path");
    expect_refusal(run({"car", "verify", m_folder.path()}), "folder", "file");
    expect_refusal(run({"car", "verify", "--links", "-"}), "--links", "file");
    expect_refusal(run({"car", "split", path, "--piece-size", "1000", "-o", out}), "power of two", "32GiB");
    expect_refusal(run({"car", "split", path, "--piece-size", "many", "-o", out}), "--piece-size: size 'many'",
                   "32GiB");
    expect_refusal(run({"car", "split", path, "--piece-size", "256B", "-o", out}), "too small", "larger piece size");
    expect_refusal(run({"car", "split", "-", "--piece-size", "1MiB", "-o", out}), "standard input", "file");
    expect_refusal(run({"car", "split", path, "-o", out}), "--piece-size", "--help");
    expect_refusal(run({"car", "join", path, path, "-o", path}), "one of the parts", "another output");
    expect_refusal(run({"car", "index", "-"}), "standard input", "file");
    expect_refusal(run({"car"}), "no command", "inspect");
    EXPECT_EQ(m_folder.list().size(), 2U);
}

TEST_F(CarCommands, EachHasHelpWithAnExample) {
    for (const std::string name : {"inspect", "verify", "split", "join", "index"}) {
        const Ended help = run({"car", name, "--help"});
        EXPECT_EQ(help.code, 0);
        EXPECT_NE(help.out.find("\n  fil-fil car " + name + " "), std::string::npos) << help.out;
    }
}

}    // namespace
}    // namespace filfil::e2e
