// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/files.hpp"
#include "chain/tipset.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace filfil::snapshot {

/// The first block of a snapshot of version 2 (FRC-0108), to which the CAR's one root points.
struct SnapshotMetadata {
    std::uint64_t version = 2;
    chain::TipsetKey head;               ///< at least one CID
    std::optional<ipld::Cid> f3_data;    ///< the raw block of F3 certificates, which is then the second one
};

/// The block's data: DAG-CBOR of a map with the keys F3Data, Version, HeadTipsetKey in this order, which is both
/// DAG-CBOR's (by length) and that of cbor-gen (lotus chain/store/cbor_gen.go SnapshotMetadata; forest
/// src/db/car/forest.rs writes the same).
/// @return Error::invalid_argument for an empty head or an empty CID
Result<Bytes> encode(const SnapshotMetadata& metadata);

/// Reads metadata of any version. @return Error::corrupt, truncated or unsupported for what is none
Result<SnapshotMetadata> decode_metadata(ByteView block);

/// What a CAR has before the blocks of the chain.
struct SnapshotPrefix {
    std::optional<SnapshotMetadata> metadata;    ///< none in a snapshot of version 1
    Bytes f3_section;                            ///< the F3 block's whole section; empty where there is none
};

enum class F3Block { skip, keep };

/// Reads the first blocks of the CAR in `file`, plain or compressed. As the nodes do, a CAR with one root is one of
/// version 2 if its first block is that root's and reads as metadata, and else one of version 1. Both blocks are
/// hashed, the F3 block only where it is kept (it may be some 100 MiB, and at most 1 GiB here).
/// @return Error::mismatch for a block that has another hash than its CID, Error::corrupt where the metadata names an
/// F3 block and another one follows, Error::unsupported for metadata of another version than 2, else what car::Reader
/// gives
Result<SnapshotPrefix> read_prefix(std::unique_ptr<ReadableFile> file, F3Block f3 = F3Block::skip);

/// The head tipset that a snapshot's CAR names: its metadata's, or else its roots.
/// @param roots of the CAR's header
chain::TipsetKey head_of(const SnapshotPrefix& prefix, const std::vector<ipld::Cid>& roots);

}    // namespace filfil::snapshot
