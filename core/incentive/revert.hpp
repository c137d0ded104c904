// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "incentive/abi_entry.hpp"
#include "incentive/abi_value.hpp"
#include "rpc/client.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace filfil::incentive {

/// What a call reverted with, in the contract's terms.
struct Revert {
    std::string name{};    ///< "NotYourSlot", Solidity's "Error" or "Panic"; "" where it is none that is known
    const AbiEntry* entry = nullptr;    ///< of the contract's errors
    AbiValue::List arguments{};
    Error error;    ///< as a sentence, with what can be done
};

/// Reads what a contract reverted with. Never fails: what cannot be read is told as it is. Thread-safe.
Revert read_revert(ByteView data);

/// The bytes that a node gives of a call or a gas estimate that reverted; none where it gives no bytes. Nothing where
/// the node's answer is about something else. Reads the error data of Ethereum's nodes, Lotus and Forest ("0x…", or an
/// object around it), and the texts of Lotus from before it had that ("… vm error=[0x…]", "RetCode=33").
std::optional<Bytes> revert_data_of(const rpc::RemoteError& error);

/// The error of a call that a node refused: what the contract said where it reverted, else nothing.
std::optional<Error> revert_error_of(const rpc::RemoteError& error);

}    // namespace filfil::incentive
