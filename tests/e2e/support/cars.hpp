// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "car/header.hpp"
#include "car/writer.hpp"
#include "ipld/cid.hpp"

#include <cstdint>
#include <string>

namespace filfil::e2e {

/// A CARv1 of `blocks` raw blocks of a few hundred bytes each, the first its root. Below 128 KiB up to 200 blocks.
inline std::string small_car(unsigned blocks) {
    Bytes sections;
    ipld::Cid root;
    for (unsigned i = 0; i < blocks; ++i) {
        const std::string data = "block " + std::to_string(i) + std::string(200 + i, static_cast<char>('a' + i % 26));
        const ipld::Cid cid = ipld::cid_of_block(ipld::Codec::raw, bytes_of(data));
        if (i == 0) root = cid;
        car::append_section(sections, cid.bytes(), bytes_of(data));
    }
    const Bytes header = car::encode_header(std::span(&root, 1));
    return std::string(chars_of(header)) + std::string(chars_of(sections));
}

/// A zstd frame that holds `bytes` (below 128 KiB) as they are (RFC 8878: single segment, one raw block).
inline std::string zstd_frame(const std::string& bytes) {
    const auto size = static_cast<std::uint32_t>(bytes.size());
    const std::uint32_t block = size << 3 | 1;
    std::string out = "\x28\xb5\x2f\xfd\xa0";
    for (int shift = 0; shift < 32; shift += 8) out += static_cast<char>(size >> shift & 0xff);
    for (int shift = 0; shift < 24; shift += 8) out += static_cast<char>(block >> shift & 0xff);
    return out + bytes;
}

/// A CARv2 without an index around a CARv1.
inline std::string wrapped_car(const std::string& car_v1) {
    car::HeaderV2 header;
    header.data_offset = car::v2_pragma_size + car::v2_header_size;
    header.data_size = car_v1.size();
    const auto bytes = car::encode_header_v2(header);
    return std::string(chars_of(bytes)) + car_v1;
}

}    // namespace filfil::e2e
