// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "batch/read_manifest.hpp"

#include "batch/glob.hpp"
#include "batch/manifest.hpp"
#include "batch/paths.hpp"
#include "batch/record_reader.hpp"

namespace filfil::batch {
Result<std::vector<Entry>> read_manifest(Files& files, ReadableFile& manifest, const std::string& folder,
                                         const LeftOut& left_out) {
    std::vector<Entry> entries;
    RecordReader reader(manifest, false);
    for (;;) {
        FILFIL_TRY(const std::optional<Record> record, reader.next());
        if (!record) return entries;
        std::string_view text = record->text;
        if (record->number == 1 && text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
        const std::string place = manifest.name() + ", line " + std::to_string(record->number);
        auto parsed = parse_manifest_line(text);
        if (!parsed.ok()) return std::move(parsed).error().in(place);
        if (!*parsed) continue;
        ManifestLine& line = **parsed;

        const auto number = static_cast<std::uint32_t>(record->number);
        const std::string path = tidy_path(join_path(folder, line.path));
        if (line.literal || !is_pattern(line.path) || files.info(path).ok()) {
            entries.push_back({path, line.ask ? std::make_shared<Ask>(*std::move(line.ask)) : nullptr, number});
            continue;
        }
        // The folder's own name is no pattern, whatever characters it has.
        auto found = line.path.starts_with('/') ? expand_pattern(files, "", line.path)
                                                : expand_pattern(files, folder, line.path);
        if (!found.ok()) return std::move(found).error().in(place);
        if (found->empty()) {
            entries.push_back({path, std::make_shared<Ask>(Ask{{}, {}, 0, path + ": matches no file"}), number});
            continue;
        }
        for (const std::string& one : *found)
            if (!left_out.has(files, one)) entries.push_back({tidy_path(one), nullptr, number});
    }
}

}    // namespace filfil::batch
