// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "ipld/digest.hpp"

#include <cstdint>
#include <utility>
#include <vector>

namespace filfil::chaingen {

/// What an epoch changed in a table, so that it can be taken back.
template <class Value>
using Changes = std::vector<std::pair<std::uint32_t, Value>>;

/// A table whose changes can be noted and taken back. Copies of nothing but what changes are kept.
template <class Value>
class Slots {
public:
    [[nodiscard]] std::uint32_t size() const noexcept { return static_cast<std::uint32_t>(m_values.size()); }
    [[nodiscard]] const Value& operator[](std::uint32_t i) const noexcept { return m_values[i]; }

    /// Adds `count` slots. @return the index of the first; references to slots are gone
    std::uint32_t add(std::size_t count) {
        const std::uint32_t first = size();
        m_values.resize(m_values.size() + count);
        return first;
    }

    /// A slot that is about to change: what it holds is noted where notes are taken.
    Value& change(std::uint32_t i) {
        if (m_notes != nullptr) m_notes->emplace_back(i, m_values[i]);
        return m_values[i];
    }

    /// From now on changes are noted in `notes`, or nowhere where it is null.
    void note(Changes<Value>* notes) noexcept { m_notes = notes; }

    /// Takes changes back, the latest first.
    void undo(const Changes<Value>& notes) {
        for (auto at = notes.rbegin(); at != notes.rend(); ++at) m_values[at->first] = at->second;
    }

private:
    std::vector<Value> m_values;
    Changes<Value>* m_notes = nullptr;
};

/// What an actor has: changes with every message that it sends or gets.
struct Purse {
    std::uint32_t nonce = 0;
    std::uint64_t balance = 0;
};

/// All that is kept of a state: a digest for each block, and what blocks are drawn from.
struct Tables {
    Slots<ipld::Digest256> digests;

    /// When a part of the state was last written: the number of the write; 0: at genesis. What a part holds is drawn
    /// from it.
    Slots<std::uint32_t> versions;

    /// One an actor.
    Slots<Purse> purses;

    /// Writes so far. Never taken back, so that no two writes have the same number, on whatever fork, and every write
    /// gives a block that there was not.
    std::uint32_t writes = 0;

    /// What one tipset's messages changed.
    struct Undo {
        Changes<ipld::Digest256> digests;
        Changes<std::uint32_t> versions;
        Changes<Purse> purses;
    };

    void note(Undo* undo) noexcept {
        digests.note(undo == nullptr ? nullptr : &undo->digests);
        versions.note(undo == nullptr ? nullptr : &undo->versions);
        purses.note(undo == nullptr ? nullptr : &undo->purses);
    }

    void take_back(const Undo& undo) {
        digests.undo(undo.digests);
        versions.undo(undo.versions);
        purses.undo(undo.purses);
    }

    /// A part is written anew. @return its version
    std::uint32_t write(std::uint32_t slot) { return versions.change(slot) = ++writes; }
};

}    // namespace filfil::chaingen
