// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "car/cut.hpp"
#include "chain/tipset.hpp"
#include "commp/piece.hpp"
#include "journal/journal.hpp"
#include "snapshot/recipe.hpp"

namespace filfil::service {

/// The description of one pure task, the commitment of a piece of a snapshot, as canonical DAG-CBOR: a map {"head":
/// CIDs, "task": "commp", "recipe": the recipe's DAG-CBOR, "version": 1, "range_end", "range_begin"}. The range is of
/// the CAR's body.
Result<Bytes> describe_commp(const chain::TipsetKey& head, const snapshot::Recipe& recipe, car::BodyRange range);

/// What makes such a receipt, and reads it back. @return Error::corrupt for one that is none
Result<journal::ReceiptRecord> commp_receipt(Bytes description, const commp::Piece& piece, std::string device,
                                             double seconds, Clock::Duration made_at);
Result<commp::Piece> piece_of_receipt(const journal::ReceiptRecord& receipt);

}    // namespace filfil::service
