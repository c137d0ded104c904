// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "batch/shard.hpp"

#include <charconv>
#include <optional>

namespace filfil::batch {
namespace {

std::optional<std::uint64_t> whole_number(std::string_view text) {
    std::uint64_t value = 0;
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (code != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

}    // namespace

Result<Shard> parse_shard(std::string_view text) {
    const auto refuse = [&](const char* why) {
        return Error(ErrorCode::invalid_argument, "shard '" + std::string(text) + "' " + why,
                     "give the shard as I/N, counted from 0: 0/3, 1/3 and 2/3 are a whole batch");
    };
    const std::size_t slash = text.find('/');
    if (slash == std::string_view::npos) return refuse("has no slash");
    const auto index = whole_number(text.substr(0, slash));
    const auto count = whole_number(text.substr(slash + 1));
    if (!index || !count) return refuse("is not two whole numbers");
    if (*count == 0) return refuse("divides the batch into no parts");
    if (*index >= *count) return refuse("lies past the last part");
    return Shard{*index, *count};
}

void take_shard(std::vector<Entry>& entries, const Shard& shard) {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        if (i % shard.count != shard.index) continue;
        if (kept != i) entries[kept] = std::move(entries[i]);
        ++kept;
    }
    entries.resize(kept);
}

}    // namespace filfil::batch
