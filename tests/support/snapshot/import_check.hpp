// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/bytes.hpp"
#include "ipld/cid.hpp"

#include <cstdint>
#include <vector>

namespace filfil::reference {

/// What a node would have taken in.
struct Imported {
    unsigned version = 1;    ///< of the snapshot: 1, or 2 with a metadata block (FRC-0108)
    std::vector<ipld::Cid> head;
    std::int64_t head_height = 0;
    std::uint64_t blocks = 0;    ///< sections, those of the metadata and F3 data included
};

/// Reads a file as `lotus daemon --import-snapshot` does (lotus chain/store/snapshot.go Import): plain or zstd, CARv1
/// or CARv2; while the sections stream by, each header on the chain of first parents has to come after its child, down
/// to one of height 0 that names a parent; every block is hashed; sections have at most 8 MiB (but the block of F3
/// data), the header 32 MiB. In the end the tipsets of the last 1800 have to be there.
/// @return Error with the first rule that is broken
Result<Imported> lotus_import(ByteView file);

struct ForestRules {
    /// Over how many epochs below the head a link may not be dead: 2000 in `forest-tool snapshot validate`.
    std::int64_t check_links = 2000;
};

/// Looks at a file as `forest-tool snapshot validate` does by default: the blocks may stand in any order; all headers
/// down to height 0, the parent that this one names, and messages and states of the last epochs have to be there. For a
/// forest.car.zst every block is found through the index.
Result<Imported> forest_import(ByteView file, const ForestRules& rules = {});

}    // namespace filfil::reference
