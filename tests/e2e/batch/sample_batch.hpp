// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "reference_piece.hpp"
#include "support/temporary_folder.hpp"

#include <nlohmann/json.hpp>

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace filfil::e2e {

/// Receipts by path; a path that has two is a failure of the test.
using ReceiptMap = std::map<std::string, nlohmann::json>;

/// The receipts of a JSON lines text. Every line must be whole.
ReceiptMap receipts_of(std::string_view jsonl);

/// The lines of a text that end in a line end.
std::vector<std::string> whole_lines_of(std::string_view text);

/// All that a file holds; "" where there is none.
std::string read_file(const std::string& path);

/// A folder of files, and what the reference says of each.
class SampleBatch {
public:
    /// @param count files of 65 bytes to 200 KB, most of them small, every 125th some MB
    explicit SampleBatch(std::size_t count);

    /// Writes one more file. @return its path
    std::string add(const std::string& name, std::string payload);

    /// Expects that a receipt says what the reference says.
    void expect_right(const nlohmann::json& receipt) const;

    [[nodiscard]] const std::string& folder() const noexcept { return m_folder.path(); }
    [[nodiscard]] std::string path(const std::string& name) const { return m_folder.path(name); }
    [[nodiscard]] std::set<std::string> paths() const;
    [[nodiscard]] std::size_t size() const noexcept { return m_pieces.size(); }

private:
    struct Known {
        std::size_t payload_size = 0;
        batch::ReferencePiece piece;
    };

    TemporaryFolder m_folder;
    std::map<std::string, Known> m_pieces;
};

}    // namespace filfil::e2e
