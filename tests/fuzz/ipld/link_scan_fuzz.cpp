// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "ipld/dag_cbor.hpp"
#include "ipld/link_scan.hpp"
#include "require.hpp"

#include <algorithm>

using namespace filfil;
using namespace filfil::ipld;
using filfil::fuzz::require;

namespace {

/// The scan written down once more, recursively and without care for speed: what the fast one is held against.
class Reference {
public:
    explicit Reference(ByteView block) : m_block(block) {}

    std::vector<Bytes> links;

    bool item() {
        unsigned major = 0;
        std::uint64_t argument = 0;
        if (!head(major, argument)) return false;
        if (major == 2 || major == 3) return argument <= 0x7fffffff && skip(argument);
        if (major == 4) return items(argument);
        if (major == 5) return argument < (std::uint64_t{1} << 62) && items(argument * 2);
        if (major != 6) return true;
        if (argument != 42) return item();
        if (!head(major, argument) || major != 2 || argument == 0 || argument > 100) return false;
        const std::size_t start = m_at;
        if (!skip(argument)) return false;
        const ByteView cid = m_block.subspan(start + 1, m_at - start - 1);
        if (!Cid::from_bytes(cid).ok()) return false;
        links.push_back(to_bytes(cid));
        return true;
    }

private:
    bool items(std::uint64_t count) {
        for (; count > 0; --count)
            if (!item()) return false;
        return true;
    }

    bool skip(std::uint64_t count) {
        if (count > m_block.size() - m_at) return false;
        m_at += count;
        return true;
    }

    bool head(unsigned& major, std::uint64_t& argument) {
        if (m_at == m_block.size()) return false;
        const auto first = std::to_integer<unsigned>(m_block[m_at++]);
        major = first / 32;
        argument = first % 32;
        if (argument < 24) return true;
        if (argument > 27) return false;
        const std::size_t width = argument == 24 ? 1 : argument == 25 ? 2 : argument == 26 ? 4 : 8;
        const std::size_t start = m_at;
        if (!skip(width)) return false;
        argument = 0;
        for (const std::byte b : m_block.subspan(start, width))
            argument = argument * 256 + std::to_integer<unsigned>(b);
        if (width == 1) return argument >= 24;
        if (width == 2) return argument > 0xff;
        if (width == 4) return argument > 0xffff;
        return argument > 0xffffffff;
    }

    ByteView m_block;
    std::size_t m_at = 0;
};

void collect(const Value& value, std::vector<Bytes>& links) {
    if (const Cid* cid = value.as_link()) links.push_back(to_bytes(cid->bytes()));
    if (const Value::List* list = value.as_list())
        for (const Value& inner : *list) collect(inner, links);
    if (const Value::Map* map = value.as_map())
        for (const MapEntry& entry : *map) collect(entry.value, links);
}

}    // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size > 4096) return 0;    // the reference recurses
    const ByteView block = fuzz::input(data, size);

    std::vector<Bytes> links;
    const auto scanned = scan_links(block, [&](ByteView cid) { links.push_back(to_bytes(cid)); });
    Reference reference(block);
    const bool valid = reference.item();
    require(scanned.ok() == valid, "the scan accepts what the reference accepts");
    if (valid) require(links == reference.links, "the scan finds the links of the reference");
    if (!valid)
        require(
            links.size() <= reference.links.size() && std::equal(links.begin(), links.end(), reference.links.begin()),
            "a scan that fails reported links that are there");

    const auto value = decode_dag_cbor(block, {.check_utf8 = false, .max_depth = 1024});
    if (value.ok()) {
        std::vector<Bytes> strict;
        collect(*value, strict);
        const bool long_link = std::ranges::any_of(strict, [](const Bytes& cid) { return cid.size() >= 100; });
        require(scanned.ok() != long_link, "the scan accepts what the decoder accepts, but for long links");
        if (!long_link) require(links == strict, "the scan finds the links of the decoded value");
    }
    return 0;
}
