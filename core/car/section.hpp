// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/bytes.hpp"
#include "ipld/cid.hpp"
#include "ipld/multihash.hpp"

#include <cstdint>

namespace filfil::car {

/// One block as it stands in a CAR: `varint(length of CID and data) | CID | data`. Does not own its bytes.
struct Section {
    std::uint64_t number = 0;    ///< 0 for the first section after the header
    std::uint64_t offset = 0;    ///< of the varint, bytes from the start of the uncompressed file
    ByteView bytes;              ///< the whole section, varint included
    ByteView cid;                ///< binary form
    ipld::Codec codec{};
    ipld::MultihashView hash;
    ByteView data;

    /// The CID as an object of its own.
    [[nodiscard]] ipld::Cid cid_copy() const;
};

/// A CID's parts, not copied.
struct CidView {
    ByteView bytes;
    ipld::Codec codec{};
    ipld::MultihashView hash;
};

/// Reads the CID at the front of `bytes`, version 0 or 1.
/// @return Error::truncated, corrupt, unsupported or too_large, with the offset inside `bytes`
Result<CidView> read_cid_view(ByteView bytes);

}    // namespace filfil::car
