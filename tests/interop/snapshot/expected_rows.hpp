// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "chain/head_change.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace filfil::snapshot {

/// What a snapshot of the synthetic chain has to be.
struct ExpectedRow {
    std::vector<ipld::Cid> head;
    std::int64_t height = 0;
    std::int64_t recent_roots = 0;
    bool skip_old_messages = false;
    bool forest = false;    ///< by Forest's rules, not Lotus's
    std::uint64_t blocks = 0;
    std::uint64_t bytes = 0;
    std::string car_sha256;
    std::string set_sha256;

    [[nodiscard]] std::string name() const;
};

/// The rows of an expected.json, one for each of the rules. Throws where the file is none.
std::vector<ExpectedRow> expected_rows(const std::string& path);

/// Head changes, one array of them a line, as a node tells them.
std::vector<std::vector<chain::HeadChange>> head_changes(const std::string& path);

/// The state roots that a closed_states.json lists.
std::vector<ipld::Cid> state_roots(const std::string& path);

}    // namespace filfil::snapshot
