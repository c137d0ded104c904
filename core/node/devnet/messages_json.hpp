// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "node/devnet/chain.hpp"
#include "rpc/json.hpp"

namespace filfil::node {

/// The messages of a block as Filecoin.ChainGetBlockMessages has them: {"BlsMessages", "SecpkMessages", "Cids"}, in
/// their order, those of BLS keys first. Source: lotus chain/types/message.go, signedmessage.go,
/// chain/store/messages.go.
/// @param messages the block's `Messages`
/// @return Error::not_found where a part of them is missing, corrupt where it is none
Result<rpc::Json> block_messages_json(DevnetChain& chain, const ipld::Cid& messages);

}    // namespace filfil::node
