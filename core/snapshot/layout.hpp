// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "snapshot/block_store.hpp"
#include "snapshot/chain_view.hpp"
#include "snapshot/section_source.hpp"
#include "snapshot/walk.hpp"

#include <functional>
#include <optional>

namespace filfil::snapshot {

struct LayoutOptions {
    std::int64_t recent_stateroots = 2000;    ///< N
    bool skip_old_msgs = true;
    Progress* progress = nullptr;    ///< told of the bytes of sections as they are found
    std::stop_token stop{};
};

/// The CAR of a snapshot without its bytes: which sections stand where. Its blocks stay in memory as long as it lives.
/// Immutable; all of it is thread-safe.
///
/// 8 bytes a section, and 16 for every 256 of them.
class Layout final : public SectionSource {
public:
    /// @param keep lets go of what keeps the sections when destroyed
    Layout(const BlockStore& store, chain::TipsetKey head, Epoch epoch, std::vector<SectionRef> sections,
           std::shared_ptr<void> keep);

    [[nodiscard]] const chain::TipsetKey& head() const noexcept { return m_head; }
    [[nodiscard]] Epoch epoch() const noexcept { return m_epoch; }

    [[nodiscard]] ByteView header() const noexcept override { return m_header; }
    [[nodiscard]] std::uint64_t body_size() const noexcept override { return m_body_size; }
    [[nodiscard]] std::uint64_t sections() const noexcept override { return m_sections.size(); }
    [[nodiscard]] Result<std::uint64_t> boundary_at(std::uint64_t offset) const override;
    [[nodiscard]] Result<void> read(std::uint64_t offset, ByteSpan out) const override;

    /// A section by its number.
    [[nodiscard]] SectionView section(std::uint64_t number) const noexcept { return m_store.at(m_sections[number]); }

    /// The number of the section that holds a byte of the body, and where that section begins.
    struct Place {
        std::uint64_t section = 0;
        std::uint64_t offset = 0;
    };
    [[nodiscard]] Place place_of(std::uint64_t offset) const noexcept;

private:
    static constexpr std::uint64_t stride = 256;    ///< sections between two places that are noted

    const BlockStore& m_store;
    chain::TipsetKey m_head;
    Epoch m_epoch;
    Bytes m_header;
    std::vector<SectionRef> m_sections;
    std::vector<std::uint64_t> m_offsets;    ///< of every section whose number is a multiple of stride
    std::uint64_t m_body_size = 0;
    std::shared_ptr<void> m_keep;
};

}    // namespace filfil::snapshot
