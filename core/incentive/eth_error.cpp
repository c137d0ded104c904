// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "incentive/eth_error.hpp"

#include "incentive/revert.hpp"
#include "rpc/excerpt.hpp"

#include <algorithm>
#include <cctype>
#include <initializer_list>

namespace filfil::incentive {
namespace {

constexpr std::int64_t method_not_found = -32601;

/// EIP-1474: "limit exceeded".
constexpr std::int64_t limit_exceeded = -32005;

/// Lotus api/api_errors.go ENullRound.
constexpr std::int64_t null_round = 12;

constexpr std::string_view switch_on =
    "use a node with Ethereum's API: in Lotus set EnableEthRPC = true under [Fevm] and EnableIndexer = true under "
    "[ChainIndexer], and start it again";
constexpr std::string_view index_on =
    "in Lotus set EnableIndexer = true under [ChainIndexer] and start it again, or fill its index up with lotus index "
    "validate-backfill; or use a node that keeps events for longer";

/// Whether one of `parts` stands in a node's message, in whatever case.
bool says(std::string_view message, std::initializer_list<std::string_view> parts) {
    std::string lower(message);
    std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return std::ranges::any_of(parts, [&](std::string_view part) { return lower.find(part) != std::string::npos; });
}

Error refused(const rpc::RemoteError& error, const std::string& method) {
    const std::string words = method + ": the node says: " + rpc::excerpt(error.message, 200);
    const std::string_view message = error.message;
    if (says(message, {"enableethrpc", "module disabled", "eth rpc is disabled", "ethereum rpc is disabled"}))
        return {ErrorCode::unsupported, method + ": the node has Ethereum's API switched off", std::string(switch_on)};
    if (says(message, {"indexer is disabled", "chainindexer", "index is disabled", "index not enabled", "not indexed",
                       "historic filter", "events are disabled"}))
        return {ErrorCode::unsupported, words, std::string(index_on)};
    if (error.code == method_not_found || says(message, {"method not found", "unsupported method", "not supported"}))
        return {ErrorCode::unsupported, "the node has no " + method, std::string(switch_on)};
    if (says(message, {"missing permission", "unauthorized", "invalid token"}))
        return {ErrorCode::denied, words, "give the node's token with --node-token-file"};
    if (error.code == null_round || says(message, {"null round"}))
        return {ErrorCode::not_found, words, "ask of the epoch before it"};
    if (error.code == limit_exceeded ||
        says(message, {"block range", "epoch range", "range too", "too many", "limit exceeded", "limited to",
                       "is too large", "exceeds maximum", "query returned more than", "response size"}))
        return {ErrorCode::too_large, words,
                "ask of fewer epochs at once, or use a node of your own, where the limit is yours to set"};
    if (says(message, {"missing trie node", "state not found", "failed to load state tree", "pruned", "no state",
                       "historical state"}))
        return {ErrorCode::unsupported, words,
                "the node does not keep so old a state: ask of a later epoch, or use an archive node"};
    if (says(message, {"unknown block", "header not found", "blockoutofrange", "block not found", "future",
                       "requested a future epoch"}))
        return {ErrorCode::not_found, words, "see whether the node is in step with the network, and try again"};
    return {ErrorCode::internal, words, "the node's log says more; where it goes on, use another node"};
}

}    // namespace

Result<rpc::Json> eth_result_of(rpc::Answer answer, const std::string& method) {
    if (answer.result) return std::move(*answer.result);
    if (answer.error) {
        if (auto reverted = revert_error_of(*answer.error)) return std::move(*reverted);
        return refused(*answer.error, method);
    }
    auto result = std::move(answer).to_result(method);
    if (result.ok() || result.error().code != ErrorCode::denied || !result.error().remedy.empty()) return result;
    Error error = std::move(result).error();
    error.remedy = "give the node's token with --node-token-file";
    return error;
}

}    // namespace filfil::incentive
