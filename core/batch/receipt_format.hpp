// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "batch/receipt.hpp"

#include <string>
#include <string_view>

namespace filfil::batch {

enum class ReceiptFormat {
    jsonl,    ///< one JSON object a line; what is not known is null
    csv,      ///< a header, then RFC 4180 fields, but lines end in LF; what is not known is empty
};

/// Reads "jsonl" or "csv". @return Error::invalid_argument
Result<ReceiptFormat> parse_receipt_format(std::string_view text);

/// One receipt, line end included. Bytes that are not UTF-8 become U+FFFD.
/// @param sha256 whether there is a field for it
std::string format_receipt(const Receipt& receipt, ReceiptFormat format, bool sha256);

/// What stands before the first receipt: "" for jsonl, the line of column names for csv.
std::string receipt_header(ReceiptFormat format, bool sha256);

/// Reads a receipt that format_receipt() wrote, without its line end. Nothing that is not one is taken for one: fields
/// missing, doubled or unknown, of a wrong type, or an "ok" without a commitment.
/// @return Error::corrupt with the field
Result<Receipt> parse_receipt(std::string_view text, ReceiptFormat format, bool sha256);

}    // namespace filfil::batch
