// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "car/block_checker.hpp"

#include <algorithm>

namespace filfil::car {

std::span<const Verdict> BlockChecker::check(std::span<const Section> sections) {
    m_verdicts.assign(sections.size(), Verdict::right);
    m_blake2b.clear();
    m_data.clear();
    for (std::size_t i = 0; i < sections.size(); ++i) {
        const Section& section = sections[i];
        if (section.hash.code == ipld::HashCode::blake2b_256 && section.hash.digest.size() == sizeof(ipld::Digest256)) {
            m_blake2b.push_back(i);
            m_data.push_back(section.data);
            continue;
        }
        const auto same = ipld::matches(section.hash, section.data);
        if (!same.ok())
            m_verdicts[i] = Verdict::unknown;
        else if (!*same)
            m_verdicts[i] = Verdict::wrong;
    }
    m_digests.resize(m_data.size());
    ipld::blake2b_256_many(m_data, m_digests);
    for (std::size_t k = 0; k < m_blake2b.size(); ++k)
        if (!std::ranges::equal(m_digests[k], sections[m_blake2b[k]].hash.digest))
            m_verdicts[m_blake2b[k]] = Verdict::wrong;
    return m_verdicts;
}

}    // namespace filfil::car
