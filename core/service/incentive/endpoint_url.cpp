// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/incentive/endpoint_url.hpp"

#include "service/config_values.hpp"

#include <algorithm>
#include <utility>

namespace filfil::service {
namespace {

constexpr std::string_view region_mark = "region=";
constexpr std::size_t longest_region = 32;

constexpr const char* example = "as https://sp.example:5347, or https://sp.example:5347#region=eu-west";

bool is_region_character(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
}

std::optional<std::string> region_of(std::string_view fragment) {
    if (!fragment.starts_with(region_mark)) return std::nullopt;
    fragment.remove_prefix(region_mark.size());
    return is_region(fragment) ? std::optional<std::string>(fragment) : std::nullopt;
}

/// What stands before the fragment, and the fragment where there is one.
std::pair<std::string_view, std::optional<std::string_view>> split(std::string_view text) {
    const std::size_t mark = text.find('#');
    if (mark == std::string_view::npos) return {text, std::nullopt};
    return {text.substr(0, mark), text.substr(mark + 1)};
}

Result<ServedEndpoint> read_base(std::string_view text) {
    while (text.ends_with('/')) text.remove_suffix(1);
    ServedEndpoint out{.base = std::string(text), .url = {}};
    FILFIL_TRY(out.url, parse_url(text));
    const bool web = out.url.scheme == Url::Scheme::http || out.url.scheme == Url::Scheme::https;
    if (!web)
        return Error(ErrorCode::invalid_argument, "'" + shown_text(text) + "' is no URL of http or https", example);
    if (text.find('?') != std::string_view::npos)
        return Error(ErrorCode::invalid_argument, "'" + shown_text(text) + "' has a query, behind which no path stands",
                     example);
    return out;
}

}    // namespace

bool is_region(std::string_view text) noexcept {
    return !text.empty() && text.size() <= longest_region && std::ranges::all_of(text, is_region_character);
}

std::optional<ServedEndpoint> read_endpoint(std::string_view announced) {
    if (announced.size() > longest_endpoint) return std::nullopt;
    const auto [base, fragment] = split(announced);
    auto read = read_base(base);
    if (!read.ok()) return std::nullopt;
    if (fragment) read->region = region_of(*fragment);
    return *std::move(read);
}

Result<std::string> endpoint_to_announce(const std::string& url, const std::optional<std::string>& region) {
    const auto [base, fragment] = split(url);
    FILFIL_TRY(ServedEndpoint read, read_base(base));
    if (fragment) {
        read.region = region_of(*fragment);
        if (!read.region)
            return Error(ErrorCode::invalid_argument,
                         "'#" + shown_text(*fragment) + "' names no region: letters, digits and hyphens, at most " +
                             std::to_string(longest_region),
                         example);
    }
    if (region) {
        if (!is_region(*region))
            return Error(ErrorCode::invalid_argument,
                         "'" + shown_text(*region) + "' is no region: letters, digits and hyphens, at most " +
                             std::to_string(longest_region),
                         "as eu-west");
        if (read.region && *read.region != *region)
            return Error(ErrorCode::invalid_argument,
                         "the URL names the region " + *read.region + ", and beside it stands " + *region,
                         "leave out one of the two");
        read.region = region;
    }
    std::string out = read.base;
    if (read.region) out += "#" + std::string(region_mark) + *read.region;
    if (out.size() > longest_endpoint)
        return Error(ErrorCode::invalid_argument,
                     "the URL has " + std::to_string(out.size()) + " bytes with its region; the contract takes " +
                         std::to_string(longest_endpoint),
                     "serve under a shorter name");
    return out;
}

Url place_at(const ServedEndpoint& endpoint, const std::string& path) {
    Url out = endpoint.url;
    out.target = out.target == "/" ? path : out.target + path;
    return out;
}

}    // namespace filfil::service
