// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "incentive/wallet.hpp"

#include <memory>
#include <optional>
#include <string>

namespace filfil::incentive {

struct NodeWalletOptions {
    std::string from;    ///< an address of the node's wallet: f0, f1, f3 or f410

    /// The same as the EVM sees it; nothing: asked of the node.
    std::optional<EthAddress> eth_address{};
    std::uint64_t chain_id = 0;
    FeeLimits limits{};
};

/// The node's own wallet signs and numbers the messages (Filecoin.MpoolPushMessage with InvokeEVM), so that this
/// program holds no key, and other programs may use the wallet as well.
///
/// The node is told a UUID that is the draft's own, by which Lotus answers the same message when it is asked twice;
/// Forest does not look at it. So every call has a tag of 16 bytes behind its data, too, by which it is found in the
/// node's pool and in the blocks after a crash; only where it is in neither is it pushed once more.
///
/// @param node must outlive it; its token needs the permission to sign
std::unique_ptr<Wallet> make_node_wallet(EthNode& node, NodeWalletOptions options);

}    // namespace filfil::incentive
