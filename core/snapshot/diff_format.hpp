// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "ipld/cid.hpp"
#include "ipld/digest.hpp"

#include <cstdint>
#include <optional>
#include <vector>

// The difference between two CARs, the base and the target, is a CARv1 itself:
//
//   header      one root: the manifest
//   manifest    DAG-CBOR, see DiffManifest
//   run lists   DAG-CBOR, at most 1 MiB each: in the target's order, stretches of the base and of new sections
//   sections    those of the target that the base does not have, in the target's order, byte for byte
//
// The target is its header, then the stretches. Both CARs are known by the SHA-256 of their uncompressed CARv1, so a
// diff is applied to the right base only, and gives the target or nothing.
namespace filfil::snapshot {

/// One CARv1 as a whole, header included.
struct CarIdentity {
    std::uint64_t bytes = 0;
    std::uint64_t blocks = 0;
    ipld::Digest256 sha256{};

    bool operator==(const CarIdentity&) const = default;
};

struct DiffManifest {
    CarIdentity base;
    CarIdentity target;
    Bytes target_header;                 ///< varint included
    std::uint64_t added_blocks = 0;      ///< sections of the target that the base does not have
    std::uint64_t added_bytes = 0;       ///< of these sections
    std::uint64_t removed_blocks = 0;    ///< different sections of the base that the target does not have
    std::vector<ipld::Cid> run_lists;    ///< CIDs of the run lists, in order
};

/// {"base": {"bytes", "blocks", "sha256"}, "added": {"bytes", "blocks"}, "target": {the same and "header"}, "removed",
/// "car_diff": 1, "run_lists": [CID, …]}; "car_diff" is the format's version.
Result<Bytes> encode(const DiffManifest& manifest);

/// @return Error::unsupported for a newer version, Error::corrupt for what is no manifest or contradicts itself
Result<DiffManifest> decode_manifest(ByteView block);

/// A stretch of the target's body.
struct Run {
    std::uint64_t bytes = 0;                ///< at least 1
    std::optional<std::uint64_t> base{};    ///< where it stands in the base's body; nothing: new sections

    bool operator==(const Run&) const = default;
};

inline constexpr std::size_t largest_run_list = std::size_t{1} << 20;
inline constexpr std::size_t largest_manifest = std::size_t{64} << 20;

/// Joins stretches that follow each other and packs them into run lists. Not thread-safe.
class RunPacker {
public:
    /// The next section of the target.
    [[nodiscard]] Result<void> add(const Run& section);

    /// The lists, [[bytes] or [bytes, base], …] in DAG-CBOR; once, last.
    [[nodiscard]] Result<std::vector<Bytes>> finish();

private:
    [[nodiscard]] Result<void> close_list();

    std::optional<Run> m_current;
    std::vector<Run> m_runs;
    std::vector<Bytes> m_lists;
};

/// @return Error::corrupt for what is no run list, has an empty run, or one that should be joined with the one before
Result<std::vector<Run>> decode_run_list(ByteView block);

}    // namespace filfil::snapshot
