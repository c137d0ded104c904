// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include <cstdint>
#include <memory>
#include <string>

namespace filfil::batch {

/// What a manifest asks of one file beside its commitment.
struct Ask {
    std::string id;              ///< the user's own name for the piece, given back in the receipt; "" is none
    std::string expected;        ///< text of the piece CID it must have, already checked to be one; "" is none
    std::uint64_t pad_to = 0;    ///< padded bytes of the wanted piece; 0 is the run's own setting

    /// Why this entry names no file that could be read (a pattern without a match, a folder that cannot be listed):
    /// becomes the receipt's error. "" is none.
    std::string problem;

    bool operator==(const Ask&) const = default;
};

/// One file of a batch. Kept small: a batch may list a million of them.
struct Entry {
    std::string path;    ///< opens the file from the current folder, tidied by tidy_path(); after merge_entries() UTF-8
    std::shared_ptr<const Ask> ask;    ///< nothing for a plain path
    std::uint32_t line = 0;            ///< of the manifest, from 1; 0 where there is none

    [[nodiscard]] const Ask& asked() const noexcept {
        static const Ask nothing;
        return ask ? *ask : nothing;
    }
};

}    // namespace filfil::batch
