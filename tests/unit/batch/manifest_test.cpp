// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "batch/manifest.hpp"

#include "../base/scratch_folder.hpp"
#include "batch/merge.hpp"
#include "batch/read_manifest.hpp"
#include "reference_piece.hpp"

#include <gtest/gtest.h>

namespace filfil::batch {
namespace {

namespace fs = std::filesystem;

const std::string v1 = reference_piece("x").piece_cid;
const std::string v2 = reference_piece("x").piece_cid_v2;

ManifestLine line_of(std::string_view text) {
    auto line = parse_manifest_line(text);
    EXPECT_TRUE(line.ok()) << text << ": " << line.error().text();
    if (!line.ok() || !*line) return {};
    return **line;
}

std::string refusal_of(std::string_view text) {
    auto line = parse_manifest_line(text);
    EXPECT_FALSE(line.ok()) << text;
    return line.ok() ? "" : line.error().message;
}

TEST(ManifestLine, APathIsTakenAsWritten) {
    EXPECT_EQ(line_of("a.car").path, "a.car");
    EXPECT_EQ(line_of("  two words.car \t").path, "two words.car");
    EXPECT_EQ(line_of("ü/*.car").path, "ü/*.car");
    EXPECT_FALSE(line_of("*.car").literal);
    EXPECT_FALSE(line_of("a.car").ask.has_value());
    EXPECT_EQ(line_of("./#odd").path, "./#odd");
}

TEST(ManifestLine, BlankLinesAndCommentsSayNothing) {
    for (const char* text : {"", " ", "\t", "\r", "# comment", "  # comment {"}) {
        const auto line = parse_manifest_line(text);
        ASSERT_TRUE(line.ok());
        EXPECT_FALSE(line->has_value()) << text;
    }
}

TEST(ManifestLine, ReadsAllFields) {
    const ManifestLine line =
        line_of(R"({"path": "d/a [1].car", "piece_cid": ")" + v1 + R"(", "pad_to": "32GiB", "id": "deal 7"})");
    EXPECT_EQ(line.path, "d/a [1].car");
    EXPECT_TRUE(line.literal);
    EXPECT_EQ(line.ask, (Ask{"deal 7", v1, std::uint64_t{32} << 30, ""}));
    EXPECT_EQ(line_of(R"({"path":"a","pad_to":256,"id":17})").ask, (Ask{"17", "", 256, ""}));
    EXPECT_EQ(line_of(R"({"path":"a","piece_cid":")" + v2 + R"("})").ask, (Ask{"", v2, 0, ""}));
    EXPECT_FALSE(line_of(R"({"path":"a","piece_cid":null,"pad_to":null,"id":null})").ask.has_value());
    EXPECT_EQ(line_of(R"({"path":" \u00fc\n"})").path, " ü\n");
}

TEST(ManifestLine, ReceiptsServeAsManifest) {
    const ManifestLine line = line_of(R"({"path":"a","payload_size":1,"piece_cid":")" + v1 +
                                      R"(","seconds":1.5,"status":"ok","error":null,"mtime_ns":5})");
    EXPECT_EQ(line.ask, (Ask{"", v1, 0, ""}));
}

TEST(ManifestLine, RefusesWhatItCannotMean) {
    EXPECT_NE(refusal_of("{").find("broken JSON"), std::string::npos);
    EXPECT_NE(refusal_of(R"({"path":"a"} x)").find("broken JSON"), std::string::npos);
    EXPECT_NE(refusal_of("{}").find("'path' is missing"), std::string::npos);
    EXPECT_NE(refusal_of(R"({"path":null})").find("no string"), std::string::npos);
    EXPECT_NE(refusal_of(R"({"path":7})").find("no string"), std::string::npos);
    EXPECT_NE(refusal_of(R"({"path":""})").find("empty"), std::string::npos);
    EXPECT_NE(refusal_of(R"({"path":"a\u0000b"})").find("zero byte"), std::string::npos);
    EXPECT_NE(refusal_of(R"({"path":"a","piececid":"x"})").find("unknown field 'piececid'"), std::string::npos);
    EXPECT_NE(refusal_of(R"({"path":"a","path":"b"})").find("twice"), std::string::npos);
    EXPECT_NE(refusal_of(R"({"path":"a","id":1.5})").find("'id'"), std::string::npos);
    EXPECT_NE(refusal_of(R"({"path":"a","id":{"a":{}}})").find("'id'"), std::string::npos);
    EXPECT_NE(refusal_of(R"({"path":"a","pad_to":"33GiB"})").find("power of two"), std::string::npos);
    EXPECT_NE(refusal_of(R"({"path":"a","pad_to":64})").find("power of two"), std::string::npos);
    EXPECT_NE(refusal_of(R"({"path":"a","pad_to":-128})").find("'pad_to'"), std::string::npos);
    EXPECT_NE(refusal_of(R"({"path":"a","pad_to":"much"})").find("much"), std::string::npos);
    EXPECT_NE(refusal_of(R"({"path":"a","piece_cid":"no cid"})").find("'piece_cid'"), std::string::npos);
    EXPECT_NE(refusal_of(R"({"path":"a","piece_cid":"bafkqaaa"})").find("'piece_cid'"), std::string::npos);
    EXPECT_NE(refusal_of("a\x01.car").find("control character"), std::string::npos);
    EXPECT_NE(refusal_of(std::string("a\0b", 3)).find("control character"), std::string::npos);
    EXPECT_NE(refusal_of("\xff\xfe").find("UTF-8"), std::string::npos);
    EXPECT_NE(refusal_of(std::string(5000, 'a')).find("longer"), std::string::npos);
    EXPECT_NE(refusal_of("{\"path\":\"a\",\"id\":" + std::string(20000, '[')).find("broken JSON"), std::string::npos);
}

TEST(ManifestLine, EveryTruncationIsRefusedOrSaysNothing) {
    const std::string whole = R"({"path":"a","piece_cid":")" + v2 + R"(","pad_to":"1MiB","id":"7"})";
    for (std::size_t n = 1; n < whole.size(); ++n) EXPECT_FALSE(parse_manifest_line(whole.substr(0, n)).ok()) << n;
}

class ManifestFile : public testing::Test {
protected:
    Result<std::vector<Entry>> read(std::string_view text, const LeftOut& left_out = {}) {
        const auto file = memory_file("list.txt", bytes_of(text));
        return read_manifest(files, *file, folder.path(), left_out);
    }
    std::vector<std::string> names(std::string_view text, const LeftOut& left_out = {}) {
        auto entries = read(text, left_out);
        EXPECT_TRUE(entries.ok()) << entries.error().text();
        std::vector<std::string> out;
        if (entries.ok())
            for (const Entry& entry : *entries) out.push_back(entry.path.substr(folder.path().size() + 1));
        return out;
    }

    ScratchFolder folder;
    SystemFiles files;
};

using Names = std::vector<std::string>;

TEST_F(ManifestFile, TakesAnyLineEndAndAByteOrderMark) {
    EXPECT_EQ(names("\xef\xbb\xbf"
                    "a\r\nb\n\r\n# c\n./d//e\nf"),
              (Names{"a", "b", "d/e", "f"}));
    EXPECT_EQ(names(""), Names{});
}

TEST_F(ManifestFile, APathThatIsThereIsNoPattern) {
    folder.put("a[1].car", "x");
    folder.put("a1.car", "x");
    folder.put("b1.car", "x");
    EXPECT_EQ(names("a[1].car"), Names{"a[1].car"});
    EXPECT_EQ(names("b[1].car"), Names{"b1.car"});
    EXPECT_EQ(names(R"({"path":"b[1].car"})"), Names{"b[1].car"});
    EXPECT_EQ(names("?1.car\n"), (Names{"a1.car", "b1.car"}));
}

TEST_F(ManifestFile, APatternWithoutAMatchIsAnEntryWithThatProblem) {
    const auto entries = read("*.zip\n");
    ASSERT_TRUE(entries.ok());
    ASSERT_EQ(entries->size(), 1U);
    EXPECT_NE((*entries)[0].asked().problem.find("matches no file"), std::string::npos);
}

TEST_F(ManifestFile, PatternsLeaveOutTheBatchsOwnFiles) {
    folder.put("a.car", "x");
    folder.put("out.jsonl", "x");
    LeftOut left_out;
    left_out.add(files, folder.path() + "/./out.jsonl");
    left_out.add(files, folder / "is not there");
    EXPECT_EQ(names("*", left_out), Names{"a.car"});
    EXPECT_EQ(names("out.jsonl", left_out), Names{"out.jsonl"});
}

TEST_F(ManifestFile, ErrorsNameManifestAndLine) {
    const auto entries = read("a\n\n{\"path\":1}\n");
    ASSERT_FALSE(entries.ok());
    EXPECT_NE(entries.error().message.find("list.txt, line 3: "), std::string::npos) << entries.error().message;
    EXPECT_FALSE(entries.error().remedy.empty());
}

TEST_F(ManifestFile, AnEndlessLineIsRefused) {
    const auto entries = read(std::string(3 << 20, 'a'));
    ASSERT_FALSE(entries.ok());
    EXPECT_EQ(entries.error().code, ErrorCode::too_large);
}

TEST(MergeEntries, OnePathIsOneEntryWithAllThatWasAsked) {
    std::vector<Entry> entries{{"b", nullptr, 1},
                               {"a", std::make_shared<Ask>(Ask{"7", "", 0, ""}), 2},
                               {"a", std::make_shared<Ask>(Ask{"", v1, 256, ""}), 3},
                               {"a", nullptr, 4}};
    const auto merged = merge_entries(entries);
    ASSERT_TRUE(merged.ok());
    ASSERT_EQ(merged->size(), 2U);
    EXPECT_EQ((*merged)[0].path, "a");
    EXPECT_EQ((*merged)[0].asked(), (Ask{"7", v1, 256, ""}));
    EXPECT_EQ((*merged)[1].path, "b");
}

TEST(MergeEntries, ContradictionsNameBothLines) {
    const auto conflict = [](const Ask& first, const Ask& second) {
        const auto merged =
            merge_entries({{"a", std::make_shared<Ask>(first), 3}, {"a", std::make_shared<Ask>(second), 9}});
        EXPECT_FALSE(merged.ok());
        return merged.ok() ? "" : merged.error().message;
    };
    EXPECT_EQ(conflict({"", v1, 0, ""}, {"", v2, 0, ""}), "line 9: asks another piece_cid of 'a' than line 3");
    EXPECT_EQ(conflict({"", "", 256, ""}, {"", "", 512, ""}), "line 9: asks another pad_to of 'a' than line 3");
    EXPECT_EQ(conflict({"1", "", 0, ""}, {"2", "", 0, ""}), "line 9: asks another id of 'a' than line 3");
}

TEST(MergeEntries, NamesThatNoReceiptCanHoldAreProblems) {
    const auto merged = merge_entries({{"a\xff", nullptr, 1}});
    ASSERT_TRUE(merged.ok());
    EXPECT_EQ((*merged)[0].path, "a\\xff");
    EXPECT_NE((*merged)[0].asked().problem.find("not UTF-8"), std::string::npos);
}

TEST(MergeEntries, NoneIsNone) { EXPECT_EQ(merge_entries({})->size(), 0U); }

}    // namespace
}    // namespace filfil::batch
