// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "ipld/link_scan.hpp"

#include "ipld/cid.hpp"

#include <array>

namespace filfil::ipld {
namespace detail {
namespace {

using CidPrefix = std::array<unsigned char, 6>;

// CIDv1, codec, blake2b-256, 32 bytes: how nearly every link of a chain starts.
constexpr CidPrefix dag_cbor_block = {0x01, 0x71, 0xa0, 0xe4, 0x02, 0x20};
constexpr CidPrefix raw_block = {0x01, 0x55, 0xa0, 0xe4, 0x02, 0x20};
constexpr std::size_t block_cid_size = 38;

std::string_view reason(ScanFault fault) noexcept {
    switch (fault) {
        case ScanFault::none: return "nothing is wrong";
        case ScanFault::truncated: return "the block ends before what it announces";
        case ScanFault::reserved: return "an indefinite length or a reserved head, which chain data never has";
        case ScanFault::not_minimal: return "a number that is not written in its shortest form";
        case ScanFault::too_long: return "a string of 2 GiB or more";
        case ScanFault::link_type: return "a link (tag 42) that holds no byte string";
        case ScanFault::link_size: return "a link (tag 42) whose byte string is empty or over 100 bytes long";
        case ScanFault::link_cid: return "a link (tag 42) that holds no CID";
    }
    return "an unknown fault";
}

}    // namespace

bool is_cid(ByteView bytes) noexcept {
    if (bytes.size() == block_cid_size && (std::memcmp(bytes.data(), dag_cbor_block.data(), sizeof(CidPrefix)) == 0 ||
                                           std::memcmp(bytes.data(), raw_block.data(), sizeof(CidPrefix)) == 0))
        return true;
    const auto length = cid_length(bytes);
    return length.ok() && *length == bytes.size();
}

Error scan_error(ScanEnd end, ByteView block) {
    const ErrorCode code = end.fault == ScanFault::truncated ? ErrorCode::truncated : ErrorCode::corrupt;
    return {code, "DAG-CBOR block of " + std::to_string(block.size()) + " bytes, at byte " + std::to_string(end.at) +
                      ": " + std::string(reason(end.fault))};
}

}    // namespace detail

Result<void> scan_links(ByteView block, const std::function<void(ByteView)>& on_link) {
    const detail::ScanEnd end = detail::scan_links(block, on_link);
    if (end.fault != detail::ScanFault::none) return detail::scan_error(end, block);
    return {};
}

}    // namespace filfil::ipld
