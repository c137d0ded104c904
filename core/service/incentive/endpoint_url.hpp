// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/url.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace filfil::service {

/// What the contract takes of an announced URL: bytes, with its fragment.
inline constexpr std::size_t longest_endpoint = 128;

/// Where a provider serves its snapshots, as setEndpoint() announces it: the base of a daemon's retrieval server, with
/// a region in its fragment: "https://sp.example:5347#region=eu-west". A piece is at base + "/piece/" + its CID.
struct ServedEndpoint {
    std::string base;    ///< without a slash at its end, and without the fragment
    Url url;             ///< of the base
    std::optional<std::string> region{};
};

/// Letters, digits and hyphens, 1 to 32 of them.
bool is_region(std::string_view text) noexcept;

/// Reads what somebody announced: anything. @return nothing for what is no http or https URL without a query, or is too
/// long; a fragment that is no region is none
std::optional<ServedEndpoint> read_endpoint(std::string_view announced);

/// Checks a URL that shall be announced, with a region of its own or beside it.
/// @return the text to announce; Error::invalid_argument says what is wrong with it
Result<std::string> endpoint_to_announce(const std::string& url, const std::optional<std::string>& region);

/// Where a server at that base has something. @param path from its slash on: "/piece/baga…"
Url place_at(const ServedEndpoint& endpoint, const std::string& path);

}    // namespace filfil::service
