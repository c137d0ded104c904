// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "reference_blocks.hpp"
#include "snapshot/block_source.hpp"

#include <cstdint>
#include <limits>

namespace filfil::snapshot {

/// A node that has all blocks of a map, and fails one fetch when told to.
class MapSource final : public BlockSource {
public:
    enum class Fault {
        absent,     ///< it has no such block
        broken,     ///< the way to it failed
        other,      ///< it sends another block's bytes
        bit,        ///< one bit of the bytes is wrong
        longer,     ///< a byte too many
        nothing,    ///< no bytes
    };
    static constexpr int faults = 6;

    explicit MapSource(const reference::Blocks& blocks) : m_blocks(blocks) {}

    /// The block that is asked for after `after` others fails.
    void fail(std::uint64_t after, Fault fault) {
        m_fail_at = m_asked + after;
        m_fault = fault;
    }
    void heal() { m_fail_at = std::numeric_limits<std::uint64_t>::max(); }

    /// Whether the block that was to fail has been asked for.
    [[nodiscard]] bool failed() const { return m_asked > m_fail_at; }

    /// Blocks asked for so far.
    [[nodiscard]] std::uint64_t asked() const { return m_asked; }

    [[nodiscard]] std::vector<Result<Bytes>> fetch(std::span<const ipld::Cid> cids) override {
        std::vector<Result<Bytes>> out;
        for (const ipld::Cid& cid : cids) out.push_back(fetch_one(cid));
        return out;
    }

private:
    Result<Bytes> fetch_one(const ipld::Cid& cid) {
        const bool fails = m_asked++ == m_fail_at;
        const auto found = m_blocks.find(cid);
        if (found == m_blocks.end() || (fails && m_fault == Fault::absent))
            return Error(ErrorCode::not_found, "no block " + cid.text());
        Bytes data = found->second;
        if (!fails) return data;
        switch (m_fault) {
            case Fault::broken: return Error(ErrorCode::io, "the line is cut");
            case Fault::other: data = to_bytes(bytes_of("another block's bytes")); break;
            case Fault::bit: data.empty() ? data.push_back(std::byte{1}) : void(data.back() ^= std::byte{1}); break;
            case Fault::nothing: data.empty() ? data.push_back(std::byte{0}) : data.clear(); break;
            default: data.push_back(std::byte{0}); break;
        }
        return data;
    }

    const reference::Blocks& m_blocks;
    std::uint64_t m_asked = 0;
    std::uint64_t m_fail_at = std::numeric_limits<std::uint64_t>::max();
    Fault m_fault = Fault::absent;
};

}    // namespace filfil::snapshot
