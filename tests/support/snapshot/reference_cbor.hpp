// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/bytes.hpp"
#include "ipld/cid.hpp"

#include <cstdint>
#include <vector>

namespace filfil::reference {

/// All links of a DAG-CBOR block in the order of its bytes, by the tolerant rules of cbor-gen's ScanForLinks. A second
/// implementation beside core/ipld's scan, written for being plain.
Result<std::vector<ipld::Cid>> links_of(ByteView block);

/// The fields of a block header that a snapshot goes by.
struct HeaderLinks {
    std::vector<ipld::Cid> parents;
    std::int64_t height = 0;
    ipld::Cid state_root;
    ipld::Cid receipts;
    ipld::Cid messages;
};

/// Reads a header by its list of 16 fields, each of which is found by going over those before it.
Result<HeaderLinks> read_header(ByteView block);

}    // namespace filfil::reference
