// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "ipld/link_scan.hpp"

#include "ipld/cid.hpp"

#include <array>
#include <cstring>

namespace filfil::ipld {
namespace detail {
namespace {

using CidPrefix = std::array<unsigned char, 6>;

// CIDv1, codec, blake2b-256, 32 bytes: how nearly every link of a chain starts.
constexpr CidPrefix dag_cbor_block = {0x01, 0x71, 0xa0, 0xe4, 0x02, 0x20};
constexpr CidPrefix raw_block = {0x01, 0x55, 0xa0, 0xe4, 0x02, 0x20};
constexpr std::size_t block_cid_size = 38;

}    // namespace

bool is_cid(ByteView bytes) noexcept {
    if (bytes.size() == block_cid_size && (std::memcmp(bytes.data(), dag_cbor_block.data(), sizeof(CidPrefix)) == 0 ||
                                           std::memcmp(bytes.data(), raw_block.data(), sizeof(CidPrefix)) == 0))
        return true;
    const auto length = cid_length(bytes);
    return length.ok() && *length == bytes.size();
}

}    // namespace detail

Result<void> scan_links(ByteView block, const std::function<void(ByteView)>& on_link) {
    const detail::ScanEnd end = detail::scan_links(block, on_link);
    if (end.fault != CborFault::none) return cbor_error(end.fault, end.at, block.size());
    return {};
}

}    // namespace filfil::ipld
