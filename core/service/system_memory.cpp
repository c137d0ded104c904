// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/system_memory.hpp"

#include "base/units.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>

namespace filfil::service {
namespace {

std::string read_text(Files& files, const std::string& path) {
    const auto file = files.open(path);
    if (!file.ok()) return {};
    const auto bytes = read_all(**file, MiB);
    return bytes.ok() ? std::string(chars_of(*bytes)) : std::string();
}

/// The number that follows `before` and spaces; nothing for "max".
std::optional<std::uint64_t> number_after(std::string_view text, std::string_view before) {
    const std::size_t at = text.find(before);
    if (at == std::string_view::npos) return std::nullopt;
    text.remove_prefix(at + before.size());
    text.remove_prefix(std::min(text.size(), text.find_first_not_of(" \t")));
    std::uint64_t out = 0;
    const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (status != std::errc{}) return std::nullopt;
    return out;
}

/// What the process's own control group leaves; those above it may be tighter.
void narrow(MemoryReading& reading, Files& files, const std::string& root) {
    std::string group = read_text(files, root + "/proc/self/cgroup");
    const std::size_t at = group.find("0::/");
    if (at == std::string::npos || (at != 0 && group[at - 1] != '\n')) return;
    group = group.substr(at + 3, group.find('\n', at) - at - 3);
    for (;;) {
        const std::string folder = root + "/sys/fs/cgroup" + (group == "/" ? "" : group);
        const auto most = number_after(read_text(files, folder + "/memory.max"), "");
        const auto current = number_after(read_text(files, folder + "/memory.current"), "");
        if (most && current) {
            // Files of the group that are only cached go when memory is needed.
            const std::uint64_t cached =
                number_after(read_text(files, folder + "/memory.stat"), "inactive_file").value_or(0);
            const std::uint64_t used = *current - std::min(*current, cached);
            reading.total = reading.total == 0 ? *most : std::min(reading.total, *most);
            reading.available = std::min(reading.available, *most - std::min(*most, used));
        }
        if (group.size() < 2) return;
        group.resize(std::max<std::size_t>(group.rfind('/'), 1));
    }
}

}    // namespace

MemoryReading read_system_memory(Files& files, const std::string& root) {
    MemoryReading out;
    const std::string memory = read_text(files, root + "/proc/meminfo");
    out.total = number_after(memory, "MemTotal:").value_or(0) * KiB;
    out.available = number_after(memory, "MemAvailable:").value_or(0) * KiB;
    out.rss = number_after(read_text(files, root + "/proc/self/status"), "VmRSS:").value_or(0) * KiB;
    narrow(out, files, root);
    return out;
}

}    // namespace filfil::service
