// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "incentive/model/outside.hpp"

namespace filfil::incentive::model {

/// The bytes of an f0 address.
Bytes id_address(std::uint64_t id);

/// The number in the bytes of an f0 address in its shortest form.
std::optional<std::uint64_t> id_of_address(ByteView address);

/// The bytes of an f410 address.
Bytes delegated_address(const EthAddress& who);

/// The bytes of a caller's address: f0 for an actor without an address of Ethereum's kind, else f410.
Bytes caller_address(const EthAddress& who);

/// Whether the bytes are an address of `who`: its f410, or the f0 of the actor that has this f410.
bool is_address_of(ByteView address, const EthAddress& who, Outside& outside);

}    // namespace filfil::incentive::model
