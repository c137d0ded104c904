// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "batch/receipt.hpp"

#include <nlohmann/json.hpp>

namespace filfil::batch {

using ReceiptJson = nlohmann::ordered_json;

/// What stands in a receipt's field where it is not null.
enum class FieldKind { text, count, number, boolean };

/// @param field an index into receipt_fields
FieldKind kind_of_field(std::size_t field) noexcept;

/// All fields in order; those that are not known are null.
ReceiptJson receipt_to_json(const Receipt& receipt, bool sha256);

/// The checks of parse_receipt().
Result<Receipt> receipt_from_json(const ReceiptJson& object, bool sha256);

}    // namespace filfil::batch
