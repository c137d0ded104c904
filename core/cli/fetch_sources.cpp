// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cli/fetch_sources.hpp"

#include <algorithm>

namespace filfil::cli {
namespace {

constexpr std::uint64_t page = 256;
constexpr std::size_t most_pages = 64;
constexpr std::size_t key_characters = 8;

bool is_hex(const std::string& text) { return text.find_first_not_of("0123456789abcdef") == std::string::npos; }

/// The beginning of the tipset key's hash, "" where the daemon does not know it any more.
std::string key_of(DaemonLink& daemon, std::uint64_t slot) {
    const auto slots = daemon.call("FilFil.Slots", {{"limit", 64}});
    if (!slots.ok()) return {};
    const auto list = rpc::field(*slots, "slots");
    if (!list.ok() || !(*list)->is_array()) return {};
    for (const rpc::Json& one : **list) {
        const auto number = rpc::integer_field(one, "slot");
        const auto tipset = rpc::text_field(one, "tipset");
        if (number.ok() && tipset.ok() && static_cast<std::uint64_t>(*number) == slot) return *tipset;
    }
    return {};
}

}    // namespace

std::string snapshot_stem(const std::string& network, std::uint64_t epoch, const std::string& key) {
    std::string out = "filfil_snapshot_";
    for (const char c : network.substr(0, 64)) {
        const bool usual =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
        out.push_back(usual ? c : '-');
    }
    if (!network.empty()) out.push_back('_');
    out += std::to_string(epoch);
    if (key.size() >= key_characters && is_hex(key)) out += "_" + key.substr(0, key_characters);
    return out;
}

Result<FoundSnapshot> ask_daemon(Context& context, const DaemonOptions& options, std::uint64_t epoch) {
    FILFIL_TRY(const auto daemon, DaemonLink::open(context, options, false));
    FoundSnapshot out;
    std::uint64_t from = 0;
    for (std::size_t i = 0; i < most_pages; ++i) {
        const auto answer = daemon->call("FilFil.Holders", {{"epoch", epoch}, {"from", from}, {"limit", page}});
        if (!answer.ok()) return answer.error();
        FILFIL_TRY(retrieval::StagedSnapshot some, retrieval::read_holders_answer(*answer));
        const auto next = some.next;
        if (i == 0)
            out.staged = std::move(some);
        else
            out.staged.holders.insert(out.staged.holders.end(), some.holders.begin(), some.holders.end());
        if (!next || *next <= from) break;
        from = *next;
    }
    if (out.staged.epoch != epoch)
        return Error(ErrorCode::mismatch, "the daemon told of epoch " + std::to_string(out.staged.epoch) +
                                              " where it was asked for " + std::to_string(epoch));
    std::string network;
    if (const auto status = daemon->call("FilFil.Status"); status.ok())
        if (const auto name = rpc::text_field(*status, "network"); name.ok()) network = *name;
    out.stem = snapshot_stem(network, epoch, key_of(*daemon, out.staged.slot));
    return out;
}

}    // namespace filfil::cli
