// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "incentive/abi_entry.hpp"
#include "incentive/eth_address.hpp"
#include "rpc/json.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace filfil::incentive {

// Blocks and logs as Ethereum's JSON-RPC has them. Nothing of it is trusted: whatever is not of the right form is
// Error::corrupt with the field's name.

/// A number below 2^64: "0x1f".
Result<std::uint64_t> read_hex_quantity(const rpc::Json& json);
Result<Bytes> read_hex_bytes(const rpc::Json& json);
Result<Word> read_hex_word(const rpc::Json& json);
std::string hex_of(std::uint64_t value);
std::string hex_of(const Word& word);

/// Where a block stands in its chain. On Filecoin its number is an epoch, and epochs without blocks have none.
struct BlockRef {
    std::uint64_t number = 0;
    Word hash{};
    Word parent{};

    bool operator==(const BlockRef&) const = default;
};

Result<BlockRef> read_block_ref(const rpc::Json& json);

struct EthLog {
    EthAddress address{};
    std::vector<Word> topics{};
    Bytes data{};
    std::uint64_t block = 0;
    Word block_hash{};
    Word transaction{};
    std::uint64_t index = 0;    ///< in its block
    bool removed = false;       ///< told by a subscription: the block is not in the chain any more

    bool operator==(const EthLog&) const = default;
};

Result<EthLog> read_eth_log(const rpc::Json& json);

}    // namespace filfil::incentive
