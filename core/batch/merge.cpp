// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "batch/merge.hpp"

#include "batch/text.hpp"

#include <algorithm>

namespace filfil::batch {
namespace {

/// Takes `other` into `mine` where one of the two is empty; false where they differ.
template <class T>
bool take(T& mine, const T& other) {
    if (other == T{} || mine == other) return true;
    if (mine != T{}) return false;
    mine = other;
    return true;
}

}    // namespace

Result<std::vector<Entry>> merge_entries(std::vector<Entry> entries) {
    for (Entry& entry : entries) {
        if (find_invalid_utf8(entry.path) == std::string_view::npos) continue;
        entry.path = printable(entry.path);
        entry.ask = std::make_shared<Ask>(
            Ask{{}, {}, 0, entry.path + ": its name is not UTF-8, so no receipt could name it; rename the file"});
    }
    std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
        const int order = a.path.compare(b.path);
        return order != 0 ? order < 0 : a.line < b.line;
    });
    std::size_t kept = 0;
    for (std::size_t i = 1; i < entries.size(); ++i) {
        Entry& mine = entries[kept];
        Entry& other = entries[i];
        if (other.path != mine.path) {
            if (++kept != i) entries[kept] = std::move(other);
            continue;
        }
        if (!other.ask) continue;
        Ask both = mine.asked();
        const char* field = !take(both.expected, other.ask->expected) ? "piece_cid"
                            : !take(both.pad_to, other.ask->pad_to)   ? "pad_to"
                            : !take(both.id, other.ask->id)           ? "id"
                                                                      : nullptr;
        if (field != nullptr)
            return Error(ErrorCode::invalid_argument,
                         "line " + std::to_string(other.line) + ": asks another " + field + " of '" + other.path +
                             "' than line " + std::to_string(mine.line),
                         "leave one of the two lines");
        mine.ask = std::make_shared<Ask>(std::move(both));
    }
    if (!entries.empty()) entries.resize(kept + 1);
    return entries;
}

}    // namespace filfil::batch
