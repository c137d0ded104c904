// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/tokens.hpp"
#include "../base/scratch_folder.hpp"
#include "outside.hpp"

#include <gtest/gtest.h>

#include <filesystem>

namespace filfil::service {
namespace {

void put(CrashFiles& files, const std::string& path, std::string_view text) {
    const ByteView bytes = bytes_of(text);
    files.put(path, Bytes(bytes.begin(), bytes.end()));
}

TEST(Tokens, AreOf32RandomBytesAndDiffer) {
    SeededRandom random(7);
    const Tokens first = make_tokens(random);
    const Tokens second = make_tokens(random);
    EXPECT_EQ(first.read.size(), 64U);
    EXPECT_TRUE(from_hex(first.read).ok());
    EXPECT_NE(first.read, first.admin);
    EXPECT_NE(first.read, second.read);
    EXPECT_NE(first.admin, second.admin);
}

TEST(Tokens, AreMadeOnceForTheirOwnerOnly) {
    const ScratchFolder folder;
    SystemFiles files;
    RecordedLog log;
    const auto made = open_tokens(files, folder.path(), {"reader", "writer"}, log);
    ASSERT_TRUE(made.ok()) << made.error().text();
    EXPECT_EQ(made->read, "reader");
    EXPECT_EQ(made->admin, "writer");
    EXPECT_EQ(folder.get("token.read"), "reader\n");
    EXPECT_FALSE(files.info(folder / "token.read")->open_to_others);
    EXPECT_FALSE(files.info(folder / "token.admin")->open_to_others);

    const auto again = open_tokens(files, folder.path(), {"other", "third"}, log);
    ASSERT_TRUE(again.ok());
    EXPECT_EQ(again->read, "reader");
    EXPECT_EQ(again->admin, "writer");
    EXPECT_TRUE(log.lines().empty());

    std::filesystem::remove(folder / "token.admin");
    EXPECT_EQ(open_tokens(files, folder.path(), {"other", "third"}, log)->admin, "third");
}

TEST(Tokens, ThatOthersCanReadAreWarnedOf) {
    const ScratchFolder folder;
    SystemFiles files;
    RecordedLog log;
    folder.put("token.read", "secret\n");
    std::filesystem::permissions(folder / "token.read", std::filesystem::perms::others_read,
                                 std::filesystem::perm_options::add);
    ASSERT_TRUE(open_tokens(files, folder.path(), {"a", "b"}, log).ok());
    EXPECT_TRUE(log.has("token.read: other users", LogLevel::warning));
    EXPECT_FALSE(log.has("secret"));
}

TEST(Tokens, BothTheSameAreRefused) {
    CrashFiles files;
    RecordedLog log;
    put(files, "d/token.read", "one");
    put(files, "d/token.admin", "one\n");
    EXPECT_EQ(open_tokens(files, "d", {"a", "b"}, log).error().code, ErrorCode::invalid_argument);
}

TEST(Tokens, WhiteSpaceAroundOneIsLeftOut) {
    CrashFiles files;
    for (const std::string_view text : {"a.b-c_d~=", "  a.b-c_d~=\r\n", "\n\ta.b-c_d~=\n\n"}) {
        put(files, "t", text);
        const auto token = read_token(files, "t");
        ASSERT_TRUE(token.ok()) << token.error().text();
        EXPECT_EQ(*token, "a.b-c_d~=");
    }
}

TEST(Tokens, WhatIsNoneIsRefusedWithoutShowingIt) {
    CrashFiles files;
    RecordedLog log;
    for (const std::string& text :
         {std::string(), std::string("  \n"), std::string("secret\nsecret"), std::string("secret secret"),
          std::string("secret\x01"), std::string("secret\xc3\xa4"), std::string("secret\0x", 8),
          std::string("secret\x7f"), std::string(9000, 's')}) {
        put(files, "d/token.admin", text);
        const auto token = read_token(files, "d/token.admin");
        ASSERT_FALSE(token.ok());
        EXPECT_EQ(token.error().text().find("secret"), std::string::npos) << token.error().text();
        EXPECT_NE(token.error().message.find("d/token.admin"), std::string::npos);
        const auto own = open_tokens(files, "d", {"a", "b"}, log);
        ASSERT_FALSE(own.ok());
        EXPECT_NE(own.error().remedy.find("remove"), std::string::npos);
    }
    EXPECT_EQ(read_token(files, "nowhere").error().code, ErrorCode::not_found);
}

TEST(Tokens, AFullDiskLeavesNone) {
    CrashFiles files;
    RecordedLog log;
    files.fill_up_after(3);
    EXPECT_FALSE(open_tokens(files, "d", {"reader", "writer"}, log).ok());
    EXPECT_TRUE(files.paths().empty());
}

}    // namespace
}    // namespace filfil::service
