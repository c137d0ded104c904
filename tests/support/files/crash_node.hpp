// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "crash_files.hpp"

#include <algorithm>
#include <cstddef>
#include <map>
#include <vector>

namespace filfil {

struct CrashFiles::Node {
    /// What was done through a RandomAccessFile, and may be lost alone.
    struct Change {
        std::uint64_t offset = 0;    ///< or the new size
        Bytes bytes;
        bool truncation = false;
    };

    Bytes bytes;      ///< as processes see it
    Bytes durable;    ///< at the last sync
    std::vector<Change> unsynced;
    std::map<const void*, RandomAccessFile::Lock> locks;    ///< whose, by handle

    void set_durable() {
        durable = bytes;
        unsynced.clear();
    }

    /// The same for a file of which nothing but its changes is not durable: what is synced often is not copied whole.
    void sync_changes() {
        for (const Change& change : unsynced) {
            const auto offset = static_cast<std::size_t>(change.offset);
            if (change.truncation) {
                durable.resize(offset);
                continue;
            }
            durable.resize(std::max(durable.size(), offset + change.bytes.size()));
            std::ranges::copy(change.bytes, durable.begin() + static_cast<std::ptrdiff_t>(offset));
        }
        if (durable.size() != bytes.size()) durable = bytes;
        unsynced.clear();
    }
};

}    // namespace filfil
