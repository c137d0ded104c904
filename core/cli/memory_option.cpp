// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cli/memory_option.hpp"

#include "base/units.hpp"

#include <charconv>
#include <limits>

namespace filfil::cli {

void add_memory_option(CLI::App* command, std::string& target) {
    add_text(command, "--memory-limit", target, "SIZE",
             "What the chain's blocks may take; by default nearly all that is available");
}

std::optional<std::uint64_t> available_memory(std::string_view meminfo) {
    constexpr std::string_view name = "MemAvailable:";
    const std::size_t at = meminfo.find(name);
    if (at == std::string_view::npos) return std::nullopt;
    meminfo.remove_prefix(at + name.size());
    const std::size_t digits = meminfo.find_first_not_of(' ');
    if (digits == std::string_view::npos) return std::nullopt;
    meminfo.remove_prefix(digits);
    std::uint64_t kib = 0;
    const auto read = std::from_chars(meminfo.data(), meminfo.data() + meminfo.size(), kib);
    if (read.ec != std::errc() || kib > std::numeric_limits<std::uint64_t>::max() / KiB) return std::nullopt;
    return kib * KiB;
}

Result<std::uint64_t> read_memory_option(Context& context, const std::string& text) {
    if (!text.empty()) {
        auto size = parse_size(text);
        if (!size.ok()) return std::move(size).error().in("--memory-limit");
        return *size;
    }
    constexpr std::uint64_t unlimited = std::numeric_limits<std::uint64_t>::max();
    const auto file = context.files.open("/proc/meminfo");
    if (!file.ok()) return unlimited;
    Bytes content(64 * KiB);
    const auto size = (*file)->read(content);
    if (!size.ok()) return unlimited;
    const auto available = available_memory(chars_of(ByteView(content).first(*size)));
    return available ? *available / 20 * 19 : unlimited;
}

}    // namespace filfil::cli
