// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "ipld/value.hpp"

namespace filfil::ipld {

/// How strict the DAG-CBOR codec is where the chain itself is not of one mind.
struct DagCborOptions {
    /// Text must be UTF-8, as CBOR says. Turn it off for chain data: until FIP-0027 (network version 16) the market
    /// took deal labels of any bytes as text strings, and state of those epochs keeps them; the HAMTs of early test
    /// networks have raw addresses as text keys.
    bool check_utf8 = true;

    /// How many lists and maps may stand inside one another, 0 to 1024 (more counts as 1024). It bounds the stack that
    /// decoding, encoding, copying and destroying a value takes.
    unsigned max_depth = 128;
};

/// Decodes one block of DAG-CBOR that fills `block` whole, and accepts exactly one encoding of each value: numbers and
/// lengths in their shortest form; no indefinite lengths; map keys are text, unique, sorted by length and then by
/// bytes; the only tag is 42 over a byte string of 0x00 and a CID; the only simple values are false, true and null. So
/// encoding what was decoded gives the same bytes. Floats, which DAG-CBOR allows in 64 bits, are Error::unsupported: no
/// Filecoin chain data has them. Source: ipld.io specs, codecs/dag-cbor. Thread-safe.
/// @return Error::truncated, corrupt, too_large (depth) or unsupported with the byte offset
Result<Value> decode_dag_cbor(ByteView block, const DagCborOptions& options = {});

/// The one encoding of `value`. Thread-safe.
/// @return Error::invalid_argument for a map with two equal keys, an empty CID, or text that is no UTF-8 (where that is
/// checked); Error::too_large where it is nested deeper than `options` allow
Result<Bytes> encode_dag_cbor(const Value& value, const DagCborOptions& options = {});

}    // namespace filfil::ipld
