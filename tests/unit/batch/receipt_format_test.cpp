// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "batch/receipt_format.hpp"

#include "batch/receipt_csv.hpp"
#include "sample_receipt.hpp"

#include <gtest/gtest.h>

namespace filfil::batch {
namespace {

TEST(ReceiptFormat, JsonHasTheAgreedFieldsInOrder) {
    const Receipt receipt = ok_receipt("a.car", "payload");
    const auto& computed = *receipt.computed;
    EXPECT_EQ(
        format_receipt(receipt, ReceiptFormat::jsonl, false),
        R"({"path":"a.car","payload_size":7,"padded_size":128,"piece_cid":")" + computed.piece_cid +
            R"(","piece_cid_v2":")" + computed.piece_cid_v2 +
            R"(","device":"cpu:test","seconds":0.25,"payload_gib_per_s":1.5,"id":null,"status":"ok","error":null,)"
            R"("expected":null,"match":null,"mtime_ns":1700000000123456789})"
            "\n");
    const Receipt failed = error_receipt("b", "gone");
    EXPECT_EQ(
        format_receipt(failed, ReceiptFormat::jsonl, true),
        R"({"path":"b","payload_size":null,"padded_size":null,"piece_cid":null,"piece_cid_v2":null,"device":null,)"
        R"("seconds":null,"payload_gib_per_s":null,"id":null,"status":"error","error":"gone","expected":null,)"
        R"("match":null,"mtime_ns":null,"sha256":null})"
        "\n");
}

TEST(ReceiptFormat, CsvHasAHeaderAndQuotesByRfc4180) {
    EXPECT_EQ(receipt_header(ReceiptFormat::csv, false),
              "path,payload_size,padded_size,piece_cid,piece_cid_v2,device,seconds,payload_gib_per_s,id,status,error,"
              "expected,"
              "match,mtime_ns\n");
    EXPECT_TRUE(receipt_header(ReceiptFormat::csv, true).ends_with(",mtime_ns,sha256\n"));
    EXPECT_EQ(receipt_header(ReceiptFormat::jsonl, true), "");
    EXPECT_EQ(format_receipt(error_receipt("a,\"b\"\nc", "x"), ReceiptFormat::csv, false),
              "\"a,\"\"b\"\"\nc\",,,,,,,,,error,x,,,\n");
}

std::vector<Receipt> samples() {
    std::vector<Receipt> receipts{ok_receipt("a.car", "payload"), error_receipt("b", "gone"),
                                  ok_receipt("ü,\"q\"\r\n ", "x")};
    receipts.push_back(ok_receipt("c", std::string(200, 'c')));
    receipts.back().id = "deal 7";
    receipts.back().expected = receipts.back().computed->piece_cid;
    receipts.back().match = true;
    receipts.push_back(receipts.back());
    receipts.back().match = false;
    receipts.back().error = "another";
    receipts.push_back(error_receipt("d", "e"));
    receipts.back().mtime_ns = -5;
    return receipts;
}

TEST(ReceiptFormat, ReadsWhatItWrites) {
    for (const ReceiptFormat format : {ReceiptFormat::jsonl, ReceiptFormat::csv})
        for (const bool sha256 : {false, true})
            for (Receipt receipt : samples()) {
                if (sha256 && receipt.computed) receipt.computed->sha256 = std::string(64, 'a');
                std::string line = format_receipt(receipt, format, sha256);
                ASSERT_TRUE(line.ends_with("\n"));
                line.pop_back();
                const auto back = parse_receipt(line, format, sha256);
                ASSERT_TRUE(back.ok()) << line << back.error().text();
                EXPECT_EQ(*back, receipt) << line;
            }
}

TEST(ReceiptFormat, NoTruncationIsAReceipt) {
    for (const ReceiptFormat format : {ReceiptFormat::jsonl, ReceiptFormat::csv})
        for (const Receipt& receipt : samples()) {
            std::string line = format_receipt(receipt, format, false);
            line.pop_back();
            // In CSV the last field may be cut short without a trace; the line end that is missing tells.
            const std::size_t last = format == ReceiptFormat::csv ? line.rfind(',') : line.size();
            for (std::size_t n = 0; n < last; ++n)
                EXPECT_FALSE(parse_receipt(line.substr(0, n), format, false).ok()) << line.substr(0, n);
        }
}

TEST(ReceiptFormat, RefusesWhatIsNoReceipt) {
    const std::string good = format_receipt(ok_receipt("a", "payload"), ReceiptFormat::jsonl, false);
    const auto with = [&](const std::string& from, const std::string& to) {
        std::string line = good;
        const std::size_t at = line.find(from);
        EXPECT_NE(at, std::string::npos) << from;
        line.replace(at, from.size(), to);
        return parse_receipt(line, ReceiptFormat::jsonl, false);
    };
    EXPECT_TRUE(with("0.25", "0.5").ok());
    EXPECT_FALSE(with("\"payload_size\":7", "\"payload_size\":8").ok());
    EXPECT_FALSE(with("\"payload_size\":7", "\"payload_size\":-7").ok());
    EXPECT_FALSE(with("\"payload_size\":7", "\"payload_size\":7.0").ok());
    EXPECT_FALSE(with("\"payload_size\":7", "\"payload_size\":\"7\"").ok());
    EXPECT_FALSE(with("\"payload_size\":7", "\"payload_size\":null").ok());
    EXPECT_FALSE(with("\"padded_size\":128", "\"padded_size\":256").ok());
    EXPECT_FALSE(with("0.25", "-1.5").ok());
    EXPECT_FALSE(with("0.25", "1e999").ok());
    EXPECT_FALSE(with("\"status\":\"ok\"", "\"status\":\"error\"").ok());
    EXPECT_FALSE(with("\"status\":\"ok\"", "\"status\":\"fine\"").ok());
    EXPECT_FALSE(with("\"error\":null", "\"error\":\"x\"").ok());
    EXPECT_FALSE(with("\"match\":null", "\"match\":false").ok());
    EXPECT_FALSE(with("\"match\":null", "\"match\":0").ok());
    EXPECT_FALSE(with("1700000000123456789", "null").ok());
    EXPECT_FALSE(with("\"path\":\"a\"", "\"path\":\"\"").ok());
    EXPECT_FALSE(with("\"path\":\"a\"", "\"path\":\"a\",\"more\":1").ok());
    EXPECT_FALSE(with("\"path\":\"a\",", "").ok());
    EXPECT_FALSE(with("baga", "bafa").ok());
    const std::string other = ok_receipt("a", "another").computed->piece_cid;
    EXPECT_FALSE(with(ok_receipt("a", "payload").computed->piece_cid, other).ok());
    for (const char* text : {"", "null", "[]", "1", "{}", "{\"path\":\"a\"}", "\xff"})
        EXPECT_FALSE(parse_receipt(text, ReceiptFormat::jsonl, false).ok()) << text;
    EXPECT_FALSE(parse_receipt(std::string(100'000, '['), ReceiptFormat::jsonl, false).ok());
}

TEST(ReceiptFormat, BytesThatAreNotUtf8DoNotBreakTheLine) {
    const std::string line = format_receipt(error_receipt("a", "x\xff"), ReceiptFormat::jsonl, false);
    EXPECT_NE(line.find("x\xef\xbf\xbd"), std::string::npos);
}

TEST(ReceiptFormat, Names) {
    EXPECT_EQ(*parse_receipt_format("jsonl"), ReceiptFormat::jsonl);
    EXPECT_EQ(*parse_receipt_format("csv"), ReceiptFormat::csv);
    EXPECT_FALSE(parse_receipt_format("xml").ok());
}

TEST(CsvRecord, SplitsByRfc4180) {
    using Fields = std::vector<std::string>;
    EXPECT_EQ(*split_csv_record(""), Fields{""});
    EXPECT_EQ(*split_csv_record("a,b"), (Fields{"a", "b"}));
    EXPECT_EQ(*split_csv_record(","), (Fields{"", ""}));
    EXPECT_EQ(*split_csv_record("\"\""), Fields{""});
    EXPECT_EQ(*split_csv_record("\"a\"\"b\",\"c,\n\""), (Fields{"a\"b", "c,\n"}));
    EXPECT_EQ(*split_csv_record("\"\"\"\""), Fields{"\""});
    for (const char* text : {"\"", "\"a", "a\"b", "\"a\"b", "\"a\"\"", "a,\""})
        EXPECT_FALSE(split_csv_record(text).ok()) << text;
}

}    // namespace
}    // namespace filfil::batch
