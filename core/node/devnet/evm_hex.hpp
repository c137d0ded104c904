// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "rpc/json.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace filfil::node {

// Ethereum's JSON as EVM nodes have it.

/// "0x1f"
std::string hex_number(std::uint64_t value);

/// @return nothing where it is no number of this kind below 2^63
std::optional<std::int64_t> read_hex_number(const rpc::Json& json);

/// @return Error::corrupt where it is no text that begins with 0x
Result<Bytes> read_hex(const rpc::Json& json);

}    // namespace filfil::node
