// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "ipld/link_scan.hpp"

#include "ipld/cid.hpp"

namespace filfil::ipld {
namespace detail {
namespace {

/// Reads a varint of at most 4 bytes at `at` and steps over it; longer ones are left to read_varint.
bool take_varint(ByteView bytes, std::size_t& at, std::uint64_t& value) noexcept {
    value = 0;
    for (unsigned shift = 0; shift < 28 && at < bytes.size(); shift += 7) {
        const auto byte = std::to_integer<std::uint64_t>(bytes[at++]);
        value |= (byte & 0x7f) << shift;
        if (byte < 0x80) return byte != 0 || shift == 0;
    }
    return false;
}

}    // namespace

bool is_other_cid(ByteView bytes) noexcept {
    if (bytes.size() > 3 && bytes[0] == std::byte{1}) {
        // Version 1 in full, but without the words for what is wrong: sealed sectors and built-in actors are many.
        std::size_t at = 1;
        std::uint64_t length = 0;
        if (take_varint(bytes, at, length) && take_varint(bytes, at, length) && take_varint(bytes, at, length))
            return length == bytes.size() - at && length <= 128;
    }
    const auto length = cid_length(bytes);
    return length.ok() && *length == bytes.size();
}

}    // namespace detail

Result<void> scan_links(ByteView block, const std::function<void(ByteView)>& on_link) {
    const detail::ScanEnd end = detail::Scan(block).run(on_link);
    if (end.fault != CborFault::none) return cbor_error(end.fault, end.at, block.size());
    return {};
}

}    // namespace filfil::ipld
