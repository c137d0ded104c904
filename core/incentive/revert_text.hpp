// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/error.hpp"
#include "incentive/abi_entry.hpp"
#include "incentive/abi_value.hpp"

#include <span>
#include <string>
#include <string_view>

namespace filfil::incentive {

/// What people are told when the contract refuses with one of its errors. "{name}" stands for an argument, by its name
/// in the contract; "{name:form}" for one in words: fil, bytes, miner, slot, piece, field (of the parameters), term (of
/// a deal proposal), reason, remedy (what to do about that reason).
struct RevertText {
    std::string_view name;
    ErrorCode code;
    std::string_view sentence;
    std::string_view remedy;
};

/// One for each error of the contract.
std::span<const RevertText> revert_texts() noexcept;

/// Puts arguments into a text. A name or form that is not known stays as it is.
std::string fill_in(std::string_view text, std::span<const AbiParameter> parameters, const AbiValue::List& arguments);

/// Why a piece was not taken: the numbers of the contract's Refusal, also in its event PieceIgnored.
std::string refusal_sentence(std::uint64_t reason);
std::string refusal_remedy(std::uint64_t reason);

/// "slot 3 of round 2"
std::string slot_text(std::uint64_t slot);

/// "piece 3", "piece 3 of the alternative"
std::string piece_text(std::uint64_t piece);

/// "slotLength" for 0: a member of the contract's Params by its place, or "field N" beyond them.
std::string parameter_name(std::uint64_t place);

}    // namespace filfil::incentive
