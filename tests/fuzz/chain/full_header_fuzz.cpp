// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "../ipld/require.hpp"
#include "chain/block_header.hpp"
#include "chain/encode_header.hpp"

using namespace filfil;
using filfil::fuzz::require;

// Whatever is read as a whole header is written again byte for byte, and the reader of some fields sees the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView block = fuzz::input(data, size);
    const auto header = chain::decode_full_header(block);
    if (!header.ok()) {
        require(!header.error().message.empty(), "an error says why");
        return 0;
    }
    const auto again = chain::encode_block_header(*header);
    require(again.ok() && *again == to_bytes(block), "a header is written as it was read");
    const auto brief = chain::decode_block_header(block);
    require(brief.ok(), "what the strict reader reads the other reads too");
    require(brief->height == header->height && brief->parents == header->parents && brief->ticket == header->ticket &&
                brief->messages == header->messages && brief->timestamp == header->timestamp &&
                brief->parent_state_root == header->parent_state_root &&
                brief->parent_message_receipts == header->parent_message_receipts,
            "both readers see the same");
    return 0;
}
