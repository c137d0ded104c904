// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "chaingen/common_blocks.hpp"

#include "chaingen/links.hpp"
#include "chaingen/sectors.hpp"
#include "ipld/amt.hpp"
#include "ipld/hamt.hpp"

namespace filfil::chaingen {
namespace {

constexpr std::uint64_t for_code = 0x65766d;

void put_empty_list(ipld::CborWriter& out, ipld::AmtShape shape) {
    ipld::put_amt_root_head(out, shape, 0, 0);
    ipld::put_amt_node_head(out, shape.bit_width, {});
    out.list(0);
    out.list(0);
}

}    // namespace

Result<void> CommonBlocks::make(BlockBatch& batch, std::uint64_t seed, std::size_t evm_code_bytes) {
    constexpr ipld::Codec dag_cbor = ipld::Codec::dag_cbor;
    batch.begin().list(0);
    FILFIL_CHECK(batch.end(dag_cbor, state_info));
    ipld::put_hamt_node_head(batch.begin(), {});
    FILFIL_CHECK(batch.end(dag_cbor, empty_map));
    put_empty_list(batch.begin(), {.bit_width = sectors_width});
    FILFIL_CHECK(batch.end(dag_cbor, empty_list));
    put_empty_list(batch.begin(), ipld::message_amt);
    FILFIL_CHECK(batch.end(dag_cbor, empty_messages));
    batch.begin().string(Bytes(2, std::byte{0x0c}));
    FILFIL_CHECK(batch.end(dag_cbor, bit_field));

    Draws draws(seed, for_code);
    const ByteSpan code = batch.begin().grow(evm_code_bytes);
    draws.fill(code);
    constexpr auto magic = detail::byte_array(0x00, 'a', 's', 'm', 0x01, 0x00, 0x00, 0x00);
    std::memcpy(code.data(), magic.data(), magic.size());
    FILFIL_CHECK(batch.end(ipld::Codec::raw, evm_code));
    FILFIL_CHECK(batch.flush());

    put_deadline(batch.begin(), *this, empty_list, 0, 0);
    FILFIL_CHECK(batch.end(dag_cbor, empty_deadline));
    ipld::CborWriter& out = batch.begin();
    out.list(2);
    put_link(out, empty_messages);
    put_link(out, empty_messages);
    FILFIL_CHECK(batch.end(dag_cbor, no_messages));
    return batch.flush();
}

void put_deadline(ipld::CborWriter& out, const CommonBlocks& common, const ipld::Digest256& sectors,
                  std::uint64_t live_sectors, std::uint64_t version) {
    Draws draws(version);
    out.list(13);
    put_link(out, common.empty_list);    // partitions
    put_link(out, common.empty_list);    // expirations
    out.string({});                      // partitions that were proven
    out.number(version);                 // early terminations
    out.number(live_sectors);
    out.number(live_sectors);
    for (int i = 0; i < 2; ++i) {    // the power that is faulty, and later that which lives: raw and adjusted
        if (i == 1) {
            put_link(out, common.empty_list);    // optimistic proofs
            put_link(out, sectors);              // sectors when the deadline was last challenged
            put_link(out, common.empty_list);
            put_link(out, common.empty_list);
        }
        out.list(2);
        put_amount(out, draws, 7);
        put_amount(out, draws, 7);
    }
    put_amount(out, draws, 8);
}

}    // namespace filfil::chaingen
