// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "batch/sample_batch.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

namespace filfil::e2e {

ReceiptMap receipts_of(std::string_view jsonl) {
    ReceiptMap receipts;
    EXPECT_TRUE(jsonl.empty() || jsonl.ends_with('\n'));
    for (const std::string& line : whole_lines_of(jsonl)) {
        const nlohmann::json receipt = nlohmann::json::parse(line, nullptr, false);
        EXPECT_TRUE(receipt.is_object()) << line;
        if (receipt.is_object())
            EXPECT_TRUE(receipts.emplace(receipt.at("path"), receipt).second) << receipt.at("path") << " twice";
    }
    return receipts;
}

std::vector<std::string> whole_lines_of(std::string_view text) {
    std::vector<std::string> lines;
    for (std::size_t end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
        lines.emplace_back(text.substr(0, end));
        text.remove_prefix(end + 1);
    }
    return lines;
}

std::string read_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

SampleBatch::SampleBatch(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        std::size_t size = 65 + i * i * i % 16'000;
        if (i % 20 == 3) size = 65 + i * 7919 % 200'000;
        if (i % 125 == 7) size = 1'000'000 + i * 1'500;
        add("in/" + std::to_string(i % 10) + "/file-" + std::to_string(i), batch::sample_payload(i, size));
    }
}

std::string SampleBatch::add(const std::string& name, std::string payload) {
    std::string path = m_folder.write(name, payload);
    m_pieces[path] = {payload.size(), batch::reference_piece(payload)};
    return path;
}

void SampleBatch::expect_right(const nlohmann::json& receipt) const {
    const auto known = m_pieces.find(receipt.at("path"));
    ASSERT_NE(known, m_pieces.end()) << receipt;
    EXPECT_EQ(receipt.at("status"), "ok") << receipt;
    EXPECT_EQ(receipt.at("payload_size"), known->second.payload_size);
    EXPECT_EQ(receipt.at("padded_size"), known->second.piece.padded_size);
    EXPECT_EQ(receipt.at("piece_cid"), known->second.piece.piece_cid) << receipt;
    EXPECT_EQ(receipt.at("piece_cid_v2"), known->second.piece.piece_cid_v2);
}

std::set<std::string> SampleBatch::paths() const {
    std::set<std::string> paths;
    for (const auto& [path, known] : m_pieces) paths.insert(path);
    return paths;
}

}    // namespace filfil::e2e
