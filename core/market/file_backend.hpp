// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/world.hpp"
#include "market/deal_backend.hpp"

#include <memory>
#include <string>

namespace filfil::market {

struct FileOptions {
    std::string folder{};    ///< where manifests go: FOLDER/deal-ID.json
    std::string pieces{};    ///< the URL where the daemon serves pieces by their CID; "": nowhere
    char letter = chain::mainnet_letter;
};

/// A market that is a person: a manifest a deal, with every field that has to be typed into a market by hand, written
/// whole or not at all. What becomes of the deal shows on chain only. Files are touched on world's workers.
std::unique_ptr<DealBackend> make_file_backend(World& world, FileOptions options);

/// The manifest: one JSON object, the same for the same order.
/// @return Error::invalid_argument for an order that cannot be
Result<std::string> deal_manifest(const DealOrder& order, const FileOptions& options);

}    // namespace filfil::market
