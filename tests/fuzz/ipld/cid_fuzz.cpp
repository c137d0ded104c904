// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "ipld/cid.hpp"
#include "ipld/link_scan.hpp"
#include "require.hpp"

#include <algorithm>

using namespace filfil;
using namespace filfil::ipld;
using filfil::fuzz::require;

namespace {

/// What must hold for every CID, wherever it came from.
void check(const Cid& cid) {
    const auto again = Cid::from_bytes(cid.bytes());
    require(again.ok() && *again == cid, "a CID's bytes read back as the CID");
    const auto parsed = Cid::parse(cid.text());
    require(parsed.ok() && *parsed == cid, "a CID's text reads back as the CID");
    require(detail::is_cid(cid.bytes()), "the link scan takes it for a CID");
    if (cid.version() == 1)
        require(Cid(cid.codec(), cid.hash()) == cid, "a CID is its codec and hash");
    else
        require(cid.codec() == Codec::dag_pb && cid.hash().code == HashCode::sha2_256, "version 0 is dag-pb, sha2-256");
}

}    // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView bytes = fuzz::input(data, size);
    const auto length = cid_length(bytes);
    const auto read = Cid::read(bytes);
    require(read.ok() == length.ok(), "cid_length and Cid::read agree");
    if (read.ok()) {
        require(read->bytes().size() == *length, "cid_length is the length that is read");
        require(std::ranges::equal(read->bytes(), bytes.first(*length)), "a CID keeps the bytes that were read");
        check(*read);
    }
    require(Cid::from_bytes(bytes).ok() == (read.ok() && *length == size), "from_bytes wants the whole");
    require(detail::is_cid(bytes) == (read.ok() && *length == size), "is_cid wants the whole");

    const auto parsed = Cid::parse(chars_of(bytes));
    if (parsed.ok()) check(*parsed);
    return 0;
}
