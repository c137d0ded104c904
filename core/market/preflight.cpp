// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "market/preflight.hpp"

#include "ipld/piece_cid.hpp"

namespace filfil::market {

std::string_view name_of(PreflightRow::State state) noexcept {
    switch (state) {
        case PreflightRow::State::good: return "good";
        case PreflightRow::State::unknown: return "unknown";
        case PreflightRow::State::warning: return "warning";
        case PreflightRow::State::bad: return "bad";
    }
    return "unknown";
}

rpc::Json json_of(const Preflight& rows) {
    rpc::Json out = rpc::Json::array();
    for (const PreflightRow& row : rows)
        out.push_back({{"what", row.what},
                       {"state", name_of(row.state)},
                       {"found", row.found},
                       {"why", row.why},
                       {"fix", row.fix}});
    return out;
}

PreflightRow compare_roots(const std::optional<ipld::Digest256>& own, const std::optional<ipld::Digest256>& staged) {
    PreflightRow out{.what = "own piece is the one that was staged",
                     .why = "the contract pays for the staged commitment only"};
    if (!staged) {
        out.found = "nothing is staged yet";
        out.fix = "wait for the operator to stage the snapshot";
    } else if (!own) {
        out.found = "the snapshot has not been taken here yet";
        out.fix = "let the daemon take it, or run fil-fil take-snapshot";
    } else if (*own == *staged) {
        out.state = PreflightRow::State::good;
        out.found = ipld::piece_cid_v1(*own).text();
    } else {
        out.state = PreflightRow::State::bad;
        out.found = "own " + ipld::piece_cid_v1(*own).text() + ", staged " + ipld::piece_cid_v1(*staged).text();
        out.fix =
            "take the snapshot again with the contract's recipe from a node of the same network; fil-fil snapshot "
            "diff shows the first difference";
    }
    return out;
}

}    // namespace filfil::market
