// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "incentive/wallet.hpp"

#include <memory>

namespace filfil::incentive {

/// Signs with a key of its own (a key file's). For chains without a Filecoin wallet, and for who wants to keep the key
/// away from the node. No other program may send with the same key at the same time: its transactions and ours would
/// take each other's nonces. (Where one does it all the same, nothing is sent twice; one of the two waits.)
///
/// @param node must outlive it
std::unique_ptr<Wallet> make_local_key_wallet(EthNode& node, SecretKey key, std::uint64_t chain_id, FeeLimits limits);

}    // namespace filfil::incentive
