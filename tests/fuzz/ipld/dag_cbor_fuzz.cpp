// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "ipld/dag_cbor.hpp"
#include "require.hpp"

#include <algorithm>

using namespace filfil;
using namespace filfil::ipld;
using filfil::fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView block = fuzz::input(data, size);
    const auto strict = decode_dag_cbor(block);
    const auto any_text = decode_dag_cbor(block, {.check_utf8 = false});
    if (strict.ok()) require(any_text.ok() && *any_text == *strict, "the UTF-8 check only refuses");
    if (!any_text.ok()) return 0;
    const auto back = encode_dag_cbor(*any_text, {.check_utf8 = false});
    require(back.ok() && std::ranges::equal(*back, block), "a value has one encoding, the one that was decoded");
    require(encode_dag_cbor(*any_text).ok() == strict.ok(), "encoding refuses the text that decoding refuses");
    const Value copy = *any_text;
    require(copy == *any_text, "a copy is equal");
    return 0;
}
