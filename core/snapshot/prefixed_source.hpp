// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "snapshot/frc0108.hpp"
#include "snapshot/section_source.hpp"

#include <memory>
#include <vector>

namespace filfil::snapshot {

/// Another CAR's sections under a header of its own, with more sections before them.
class PrefixedSource final : public SectionSource {
public:
    /// @param body must outlive this
    /// @param header a CARv1 header, varint included
    /// @param prefix whole sections
    PrefixedSource(const SectionSource& body, Bytes header, std::vector<Bytes> prefix);

    [[nodiscard]] ByteView header() const noexcept override { return m_header; }
    [[nodiscard]] std::uint64_t body_size() const noexcept override { return m_prefix.size() + m_body.body_size(); }
    [[nodiscard]] std::uint64_t sections() const noexcept override { return m_ends.size() + m_body.sections(); }
    [[nodiscard]] Result<std::uint64_t> boundary_at(std::uint64_t offset) const override;
    [[nodiscard]] Result<void> read(std::uint64_t offset, ByteSpan out) const override;

private:
    const SectionSource& m_body;
    Bytes m_header;
    Bytes m_prefix;
    std::vector<std::uint64_t> m_ends;    ///< of its sections
};

/// A snapshot of version 2 (FRC-0108) made of one of version 1: a header whose root is the metadata block, that block,
/// the F3 block where there is one, then the sections of `body`.
/// @param body must outlive the source
/// @param f3_section the whole section of the F3 block (SnapshotPrefix::f3_section); empty for none
/// @return Error::invalid_argument for an empty head, or where `f3_section` is no section
Result<std::unique_ptr<PrefixedSource>> as_version_2(const SectionSource& body, const chain::TipsetKey& head,
                                                     Bytes f3_section);

}    // namespace filfil::snapshot
