// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "ipld/dag_cbor.hpp"
#include "ipld/link_scan.hpp"
#include "ipld/utf8.hpp"
#include "require.hpp"

#include <cbor.h>

#include <algorithm>
#include <memory>

using namespace filfil;
using namespace filfil::ipld;
using filfil::fuzz::require;

// libcbor reads all of CBOR. The rules of DAG-CBOR are checked here on what it read, apart from the decoder under test;
// both must come to the same verdict and the same value.
namespace {

struct Release {
    void operator()(cbor_item_t* item) const { cbor_decref(&item); }
};
using Item = std::unique_ptr<cbor_item_t, Release>;

constexpr unsigned max_depth = 64;

std::uint64_t integer_of(const cbor_item_t* item) { return cbor_get_int(item); }

bool minimal(const cbor_item_t* item) {
    switch (cbor_int_get_width(item)) {
        case CBOR_INT_8: return true;    // libcbor's writer shortens these itself
        case CBOR_INT_16: return integer_of(item) > 0xff;
        case CBOR_INT_32: return integer_of(item) > 0xffff;
        case CBOR_INT_64: return integer_of(item) > 0xffffffff;
    }
    return false;
}

std::string text_of(const cbor_item_t* item) {
    return {reinterpret_cast<const char*>(cbor_string_handle(item)), cbor_string_length(item)};
}

Bytes bytes_in(const cbor_item_t* item) {
    const auto* from = reinterpret_cast<const std::byte*>(cbor_bytestring_handle(item));
    return {from, from + cbor_bytestring_length(item)};
}

bool ordered(const std::string& a, const std::string& b) {
    return a.size() < b.size() || (a.size() == b.size() && a.compare(b) < 0);
}

bool is_dag_cbor(cbor_item_t* item, unsigned depth) {
    switch (cbor_typeof(item)) {
        case CBOR_TYPE_UINT:
        case CBOR_TYPE_NEGINT: return minimal(item);
        case CBOR_TYPE_BYTESTRING: return cbor_bytestring_is_definite(item);
        case CBOR_TYPE_STRING: return cbor_string_is_definite(item) && is_utf8(text_of(item));
        case CBOR_TYPE_ARRAY: {
            if (!cbor_array_is_definite(item) || depth >= max_depth) return false;
            cbor_item_t** const items = cbor_array_handle(item);
            return std::all_of(items, items + cbor_array_size(item),
                               [&](cbor_item_t* inner) { return is_dag_cbor(inner, depth + 1); });
        }
        case CBOR_TYPE_MAP: {
            if (!cbor_map_is_definite(item) || depth >= max_depth) return false;
            const cbor_pair* const pairs = cbor_map_handle(item);
            for (std::size_t i = 0; i < cbor_map_size(item); ++i) {
                if (!cbor_isa_string(pairs[i].key) || !is_dag_cbor(pairs[i].key, depth + 1)) return false;
                if (i > 0 && !ordered(text_of(pairs[i - 1].key), text_of(pairs[i].key))) return false;
                if (!is_dag_cbor(pairs[i].value, depth + 1)) return false;
            }
            return true;
        }
        case CBOR_TYPE_TAG: {
            if (cbor_tag_value(item) != 42) return false;
            const Item inner(cbor_tag_item(item));
            if (!cbor_isa_bytestring(inner.get()) || !cbor_bytestring_is_definite(inner.get())) return false;
            const Bytes bytes = bytes_in(inner.get());
            return !bytes.empty() && bytes[0] == std::byte{0} && Cid::from_bytes(ByteView(bytes).subspan(1)).ok();
        }
        case CBOR_TYPE_FLOAT_CTRL: return cbor_float_ctrl_is_ctrl(item) && (cbor_is_bool(item) || cbor_is_null(item));
    }
    return false;
}

Value value_of(cbor_item_t* item) {
    switch (cbor_typeof(item)) {
        case CBOR_TYPE_UINT: return integer_of(item);
        case CBOR_TYPE_NEGINT: return Integer::minus_one_minus(integer_of(item));
        case CBOR_TYPE_BYTESTRING: return bytes_in(item);
        case CBOR_TYPE_STRING: return text_of(item);
        case CBOR_TYPE_ARRAY: {
            Value::List list;
            for (std::size_t i = 0; i < cbor_array_size(item); ++i)
                list.push_back(value_of(cbor_array_handle(item)[i]));
            return list;
        }
        case CBOR_TYPE_MAP: {
            Value::Map map;
            for (std::size_t i = 0; i < cbor_map_size(item); ++i)
                map.push_back({text_of(cbor_map_handle(item)[i].key), value_of(cbor_map_handle(item)[i].value)});
            return map;
        }
        case CBOR_TYPE_TAG: {
            const Item inner(cbor_tag_item(item));
            const Bytes bytes = bytes_in(inner.get());
            return Cid::from_bytes(ByteView(bytes).subspan(1)).value();
        }
        case CBOR_TYPE_FLOAT_CTRL: break;
    }
    return cbor_is_null(item) ? Value() : Value(cbor_get_bool(item));
}

/// libcbor keeps no lengths that are longer than need be, so what it writes tells whether there were any.
bool writes_back(const cbor_item_t* item, ByteView block) {
    Bytes out(block.size());
    const std::size_t size = cbor_serialize(item, reinterpret_cast<unsigned char*>(out.data()), out.size());
    return size == block.size() && std::ranges::equal(out, block);
}

}    // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0 || size > 4096) return 0;
    const ByteView block = fuzz::input(data, size);
    const auto strict = decode_dag_cbor(block, {.max_depth = max_depth});

    // libcbor allocates what a count announces; the scan refuses the counts that the block cannot hold. The decoder
    // does so too, and takes links of over 100 bytes besides.
    if (!strict.ok() && !scan_links(block, [](ByteView) {}).ok()) return 0;

    cbor_load_result loaded{};
    const Item item(cbor_load(data, size, &loaded));
    const bool oracle =
        item != nullptr && loaded.read == size && is_dag_cbor(item.get(), 0) && writes_back(item.get(), block);
    require(oracle == strict.ok(), "libcbor and the strict decoder come to one verdict");
    if (oracle) require(value_of(item.get()) == *strict, "libcbor and the strict decoder read one value");
    return 0;
}
