// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "retrieval/fetch/plan.hpp"
#include "rpc/json.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace filfil::retrieval {

/// What was staged for an epoch and who holds it, from whatever told of it.
struct StagedSnapshot {
    /// Somebody who holds a piece, and where he serves it.
    struct Holder {
        std::size_t piece = 0;
        bool alternative = false;
        std::optional<std::string> endpoint{};
    };

    std::uint64_t epoch = 0;
    std::uint64_t slot = 0;
    std::vector<WantedPiece> pieces{};          ///< of the first staging; without sources
    std::vector<WantedPiece> alternatives{};    ///< of the other one; may be none
    std::vector<Holder> holders{};              ///< whose sectors are lost are left out
    std::optional<std::uint64_t> next{};        ///< there are more holders, from this one on
};

/// Reads an answer of FilFil.Holders. The pieces have to be whole: their numbers, CIDs and sizes agree.
/// @return Error::unsupported where it is of a daemon that does not tell of pieces; corrupt for what is malformed
Result<StagedSnapshot> read_holders_answer(const rpc::Json& answer);

/// What is to be fetched, and from whom: from those who hold it, and from servers that are said to have all of it. Of
/// two stagings the one for which there are sources, the first before the alternative.
/// @param more base URLs
/// @return Error::invalid_argument for a URL among `more` that is none; what FetchPlan::check() gives, above all
/// not_found where nobody serves a piece
Result<FetchPlan> make_plan(const StagedSnapshot& snapshot, const std::vector<std::string>& more);

}    // namespace filfil::retrieval
