// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "retrieval/cid_set.hpp"

#include "ipld/digest.hpp"

#include <cstring>

namespace filfil::retrieval {
namespace {

constexpr std::size_t first_places = 64;

}    // namespace

bool CidSet::insert(ByteView cid) {
    const ipld::Digest256 digest = ipld::blake2b_256(cid);
    Key key;
    std::memcpy(key.data(), digest.data(), sizeof(key));
    if (key == Key{}) key[1] = 1;
    if (m_size >= m_places.size() / 4 * 3) grow();
    const bool is_new = place(key);
    m_size += is_new ? 1 : 0;
    return is_new;
}

bool CidSet::place(const Key& key) noexcept {
    const std::size_t mask = m_places.size() - 1;
    for (std::size_t i = key[0] & mask;; i = (i + 1) & mask) {
        if (m_places[i] == key) return false;
        if (m_places[i] != Key{}) continue;
        m_places[i] = key;
        return true;
    }
}

void CidSet::grow() {
    std::vector<Key> old(m_places.empty() ? first_places : m_places.size() * 2);
    old.swap(m_places);
    for (const Key& key : old)
        if (key != Key{}) place(key);
}

}    // namespace filfil::retrieval
