// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "../ipld/require.hpp"
#include "chain/block_header.hpp"
#include "ipld/dag_cbor.hpp"
#include "ipld/link_scan.hpp"

#include <algorithm>

using namespace filfil;
using filfil::fuzz::require;

// Whatever is read as a header passes the nodes' link scan, and where the strict codec reads it too, both see the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView block = fuzz::input(data, size);
    const auto header = chain::decode_block_header(block);
    if (!header.ok()) {
        require(!header.error().message.empty(), "an error says why");
        return 0;
    }
    require(header->height.value >= 0, "an epoch is not negative");
    const auto value = ipld::decode_dag_cbor(block, {.check_utf8 = false});
    if (!value.ok()) return 0;
    const ipld::Value::List& fields = *value->as_list();
    require(fields.size() == 16, "a header has 16 fields");
    require(fields[7] == ipld::Value(header->height.value), "the reader and the codec see the same");
    require(*fields[8].as_link() == header->parent_state_root, "the reader and the codec see the same");
    require(*fields[9].as_link() == header->parent_message_receipts, "the reader and the codec see the same");
    require(*fields[10].as_link() == header->messages, "the reader and the codec see the same");
    require(fields[12] == ipld::Value(header->timestamp), "the reader and the codec see the same");
    require(fields[1].is_null() != header->ticket.has_value(), "the reader and the codec see the same");
    const ipld::Value::List& parents = *fields[5].as_list();
    require(std::ranges::equal(parents, header->parents, {}, [](const ipld::Value& link) { return *link.as_link(); }),
            "the reader and the codec see the same");
    return 0;
}
