// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "car/link_ledger.hpp"

#include "ipld/link_scan.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace filfil::car {
namespace {

/// Below this many links sorting them is not worth the time.
constexpr std::size_t least_to_sort = std::size_t{1} << 16;

void sort_unique(std::vector<Word128>& words) {
    std::sort(words.begin(), words.end());
    words.erase(std::unique(words.begin(), words.end()), words.end());
}

/// One DAG-CBOR block's own links: `visit` gets those to blocks, `inlined` the content of identity DAG-CBOR ones.
template <class Visit>
bool scan_one(ByteView data, std::vector<Bytes>& inlined, const Visit& visit) {
    return ipld::scan_links(data,
                            [&](ByteView link) {
                                const auto cid = read_cid_view(link);
                                if (!cid.ok()) return;    // scan_links() has checked it
                                if (cid->codec == ipld::Codec::fil_commitment_unsealed ||
                                    cid->codec == ipld::Codec::fil_commitment_sealed)
                                    return;
                                if (cid->hash.code != ipld::HashCode::identity)
                                    visit(link);
                                else if (cid->codec == ipld::Codec::dag_cbor)
                                    inlined.push_back(to_bytes(cid->hash.digest));
                            })
        .ok();
}

template <class Visit>
bool scan_all(ipld::Codec codec, ByteView data, std::vector<Bytes>& inlined, const Visit& visit) {
    if (codec != ipld::Codec::dag_cbor) return true;
    bool whole = scan_one(data, inlined, visit);
    // An inline block is shorter than the link that holds it, so this ends.
    while (!inlined.empty()) {
        const Bytes block = std::move(inlined.back());
        inlined.pop_back();
        whole = scan_one(block, inlined, visit) && whole;
    }
    return whole;
}

}    // namespace

bool LinkLedger::link(ipld::Codec codec, ByteView data) {
    return scan_all(codec, data, m_inline, [this](ByteView cid) { want(cid); });
}

void LinkLedger::want(ByteView cid) {
    if (m_wanted.size() >= std::max(least_to_sort, 2 * m_unique)) {
        sort_unique(m_wanted);
        m_unique = m_wanted.size();
    }
    m_wanted.push_back(siphash_128(m_key, cid));
}

void LinkLedger::take(LinkLedger& other) {
    sort_unique(other.m_wanted);
    m_held.insert(m_held.end(), other.m_held.begin(), other.m_held.end());
    m_wanted.insert(m_wanted.end(), other.m_wanted.begin(), other.m_wanted.end());
    std::exchange(other.m_held, {});
    std::exchange(other.m_wanted, {});
    other.m_unique = 0;
}

std::vector<Word128> LinkLedger::missing() {
    std::sort(m_held.begin(), m_held.end());
    sort_unique(m_wanted);
    std::vector<Word128> out;
    std::set_difference(m_wanted.begin(), m_wanted.end(), m_held.begin(), m_held.end(), std::back_inserter(out));
    std::exchange(m_held, {});
    std::exchange(m_wanted, {});
    m_unique = 0;
    return out;
}

bool for_each_block_link(ipld::Codec codec, ByteView data, const std::function<void(ByteView)>& visit) {
    std::vector<Bytes> inlined;
    return scan_all(codec, data, inlined, visit);
}

}    // namespace filfil::car
