// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "chaingen/block_batch.hpp"

namespace filfil::chaingen {

/// Makes blocks as a chain may hold them and hardly ever does (see Config::oddities), all of them new for each version.
/// @param version below 2^32
/// @param head gets the block that leads to them all
Result<void> make_oddities(std::uint32_t version, BlockBatch& batch, ipld::Digest256& head);

}    // namespace filfil::chaingen
