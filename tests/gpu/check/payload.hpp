// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/bytes.hpp"
#include "check/check.hpp"
#include "commp/piece.hpp"

#include <cstdint>

namespace filfil::check {

/// Bytes from a seed, the same on every machine.
Bytes random_bytes(std::size_t size, std::uint64_t seed);

/// The piece of a payload of any length, hashed as `fil-fil commp` does.
Result<commp::Piece> hash(const Context& context, commp::Backend& backend, ByteView payload);

/// Hashes on both. @return Error::mismatch naming `what` where the card's piece is another, and Error::device where the
/// CPU had to go on for it
Result<void> same_as_on_cpu(const Context& context, commp::Backend& card, ByteView payload, const std::string& what);

/// Whether a backend still hashes on its card alone.
Result<void> still_on_card(const commp::Backend& backend);

}    // namespace filfil::check
