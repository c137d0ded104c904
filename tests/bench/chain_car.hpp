// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "car/header.hpp"
#include "car/writer.hpp"
#include "chain_blocks.hpp"

#include <algorithm>

namespace filfil::bench {

/// Writes a CAR of `blocks` made-up chain blocks with right CIDs. Its links lead nowhere. The same bytes on every
/// machine.
inline Result<void> write_chain_car(car::ByteSink& sink, std::size_t blocks) {
    car::Writer writer(sink);
    // A part at a time, so that memory does not grow with the file.
    constexpr std::size_t part = 4096;
    for (std::size_t done = 0; done < blocks; done += part) {
        for (const Bytes& block : chain_blocks(std::min(part, blocks - done), 6 + done)) {
            const ipld::Cid cid = ipld::cid_of_block(ipld::Codec::dag_cbor, block);
            if (writer.written() == 0) FILFIL_CHECK(writer.header({&cid, 1}));
            FILFIL_CHECK(writer.block(cid.bytes(), block));
        }
    }
    return writer.finish();
}

}    // namespace filfil::bench
