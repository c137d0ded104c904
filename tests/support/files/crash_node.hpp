// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "crash_files.hpp"

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
};

}    // namespace filfil
