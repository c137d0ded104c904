// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "batch/manifest.hpp"
#include "batch/merge.hpp"
#include "batch/read_manifest.hpp"
#include "memory_files.hpp"

#include <algorithm>
#include <bit>

using namespace filfil;
using namespace filfil::batch;

/// Any bytes as a manifest: a line is refused with a reason, or gives a path that can be opened; what comes out of the
/// whole is sorted and has each path once.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (const auto line = parse_manifest_line(text.substr(0, text.find('\n'))); !line.ok()) {
        require(!line.error().message.empty());
    } else if (*line) {
        require(!(*line)->path.empty() && (*line)->path.find('\0') == std::string::npos);
        if ((*line)->ask) require((*line)->ask->pad_to == 0 || std::has_single_bit((*line)->ask->pad_to));
    }

    MemoryFiles files;
    files.files = {
        {"in/a.car", ""}, {"in/b[1].car", ""}, {"in/sub/c.car", ""}, {"in/sub/deep/d.car", ""}, {"in/.e", ""}};
    const auto manifest = memory_file("in/list", bytes_of(text));
    auto entries = read_manifest(files, *manifest, "in", {});
    if (!entries.ok()) {
        require(entries.error().message.starts_with("in/list"));
        return 0;
    }
    const auto merged = merge_entries(std::move(*entries));
    if (!merged.ok()) return 0;
    const auto not_in_order = [](const Entry& a, const Entry& b) { return a.path >= b.path; };
    require(std::adjacent_find(merged->begin(), merged->end(), not_in_order) == merged->end());
    return 0;
}
