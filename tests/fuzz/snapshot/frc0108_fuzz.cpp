// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "../car/require.hpp"
#include "car/header.hpp"
#include "car/writer.hpp"
#include "snapshot/frc0108.hpp"
#include "snapshot/recipe.hpp"

using namespace filfil;
using namespace filfil::snapshot;
using filfil::fuzz::require;

/// Any bytes as a snapshot, as its first block, as a recipe: what is read is written back as it was.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView bytes = fuzz::input(data, size);
    if (const auto metadata = decode_metadata(bytes); metadata.ok()) {
        require(!metadata->head.empty(), "metadata has a head");
        const auto again = encode(*metadata);
        require(again.ok(), "metadata that was read can be written");
        const auto back = decode_metadata(*again);
        require(back.ok() && back->head == metadata->head && back->f3_data == metadata->f3_data, "it reads back");
    }
    if (const auto recipe = decode_recipe(bytes); recipe.ok())
        require(encode(*recipe) == to_bytes(bytes), "a recipe has one encoding");
    if (const auto recipe = parse_recipe(chars_of(bytes)); recipe.ok())
        require(parse_recipe(text_of(*recipe)).ok(), "a recipe's text reads back");

    if (const auto prefix = read_prefix(memory_file("fuzz", bytes), F3Block::keep); prefix.ok())
        require(prefix->metadata || prefix->f3_section.empty(), "only version 2 has F3 data");
    // The same bytes as the first block of a CAR that is otherwise right.
    const ipld::Cid root = ipld::cid_of_block(ipld::Codec::dag_cbor, bytes);
    Bytes car = car::encode_header(std::span(&root, 1));
    car::append_section(car, root.bytes(), bytes);
    const auto prefix = read_prefix(memory_file("fuzz", car), F3Block::skip);
    if (prefix.ok()) require(prefix->metadata.has_value() == decode_metadata(bytes).ok(), "metadata is found");
    return 0;
}
