// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "cli/context.hpp"
#include "cli/daemon_link.hpp"
#include "retrieval/fetch/holders_answer.hpp"

#include <string>

namespace filfil::cli {

/// A snapshot that can be fetched, and what its file is called.
struct FoundSnapshot {
    retrieval::StagedSnapshot staged;
    std::string stem;    ///< "filfil_snapshot_<network>_<epoch>_<key>"
};

/// Asks a daemon. @return its errors; Error::unsupported where it is too old
Result<FoundSnapshot> ask_daemon(Context& context, const DaemonOptions& options, std::uint64_t epoch);

/// Where the contract is, for those who have no daemon.
struct ContractPlace {
    std::string eth;         ///< URL of a node's Ethereum API
    std::string contract;    ///< 0x…
};

/// Asks the contract itself, and the announcements of endpoints among its events as far back as the node tells.
/// @return Error::not_found where no snapshot of the epoch is among the last that were staged
Result<FoundSnapshot> ask_contract(Context& context, const ContractPlace& place, std::uint64_t epoch);

/// @param network, key may be ""
std::string snapshot_stem(const std::string& network, std::uint64_t epoch, const std::string& key);

}    // namespace filfil::cli
