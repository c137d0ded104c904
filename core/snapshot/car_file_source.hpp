// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/files.hpp"
#include "base/progress.hpp"
#include "car/boundary_map.hpp"
#include "ipld/cid.hpp"
#include "snapshot/section_source.hpp"

#include <memory>
#include <stop_token>
#include <string>
#include <vector>

namespace filfil::snapshot {

/// The CARv1 in an uncompressed file, or the one inside a CARv2. Keeps some two bytes a section in memory.
class CarFileSource final : public SectionSource {
public:
    /// Reads the file once from front to back for its section boundaries.
    /// @param progress told of the bytes of that reading; may be null
    /// @return Error::unsupported for a compressed file or a pipe, Error::cancelled, else what car::Reader gives
    static Result<std::unique_ptr<CarFileSource>> open(Files& files, const std::string& path,
                                                       Progress* progress = nullptr, const std::stop_token& stop = {});

    [[nodiscard]] ByteView header() const noexcept override { return m_header; }
    [[nodiscard]] std::uint64_t body_size() const noexcept override { return m_boundaries.total(); }
    [[nodiscard]] std::uint64_t sections() const noexcept override { return m_sections; }
    [[nodiscard]] Result<std::uint64_t> boundary_at(std::uint64_t offset) const override {
        return m_boundaries.first_at(offset);
    }
    [[nodiscard]] Result<void> read(std::uint64_t offset, ByteSpan out) const override;

    [[nodiscard]] const std::vector<ipld::Cid>& roots() const noexcept { return m_roots; }

private:
    CarFileSource() = default;

    std::unique_ptr<ReadableFile> m_file;
    Bytes m_header;
    std::vector<ipld::Cid> m_roots;
    std::uint64_t m_body_offset = 0;    ///< in the file
    std::uint64_t m_sections = 0;
    car::BoundaryMap m_boundaries;
};

}    // namespace filfil::snapshot
