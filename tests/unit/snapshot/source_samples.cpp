// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "source_samples.hpp"

#include "car/header.hpp"
#include "car/writer.hpp"

#include <algorithm>

namespace filfil::snapshot::samples {

MemorySource::MemorySource(const std::vector<ipld::Cid>& roots, const std::vector<Block>& blocks)
    : m_header(car::encode_header(roots)) {
    for (const Block& block : blocks) {
        car::append_section(m_body, block.cid.bytes(), block.data);
        m_ends.push_back(m_body.size());
    }
}

Result<std::uint64_t> MemorySource::boundary_at(std::uint64_t offset) const {
    if (offset == 0) return std::uint64_t{0};
    return *std::ranges::lower_bound(m_ends, offset);
}

Result<void> MemorySource::read(std::uint64_t offset, ByteSpan out) const {
    if (on_read) FILFIL_CHECK(on_read(offset));
    if (offset > m_body.size() || out.size() > m_body.size() - offset)
        return Error(ErrorCode::internal, "read outside of the body");
    std::copy_n(m_body.begin() + static_cast<std::ptrdiff_t>(offset), out.size(), out.begin());
    return {};
}

std::unique_ptr<MemorySource> random_source(std::uint64_t seed, std::size_t blocks) {
    const std::vector<Block> made = car::samples::random_blocks(seed, blocks, 0, 400);
    return std::make_unique<MemorySource>(std::vector{made.at(0).cid}, made);
}

Bytes car_of(const SectionSource& source) {
    Bytes out = to_bytes(source.header());
    out.resize(out.size() + source.body_size());
    EXPECT_TRUE(source.read(0, ByteSpan(out).subspan(source.header().size())).ok());
    return out;
}

class SmallDiskOutput final : public OutputFile {
public:
    SmallDiskOutput(SmallDisk& disk, std::string path, std::unique_ptr<OutputFile> inner)
        : m_disk(disk), m_path(std::move(path)), m_inner(std::move(inner)) {}
    [[nodiscard]] Result<void> write(ByteView bytes) override {
        if (bytes.size() > m_disk.m_room)
            return Error(ErrorCode::io, m_path + ".part: cannot write: No space left on device", "free some space");
        m_disk.m_room -= bytes.size();
        return m_inner->write(bytes);
    }
    [[nodiscard]] Result<void> write_at(std::uint64_t offset, ByteView bytes) override {
        return m_inner->write_at(offset, bytes);
    }
    [[nodiscard]] Result<void> commit() override {
        if (m_disk.fail_commit_at && m_disk.m_commits++ >= *m_disk.fail_commit_at)
            return Error(ErrorCode::io, m_path + ".part: cannot sync: Input/output error", "check the disk");
        return m_inner->commit();
    }

private:
    SmallDisk& m_disk;
    std::string m_path;
    std::unique_ptr<OutputFile> m_inner;
};

Result<std::unique_ptr<OutputFile>> SmallDisk::create(const std::string& path) {
    FILFIL_TRY(auto inner, memory.create(path));
    return std::unique_ptr<OutputFile>(std::make_unique<SmallDiskOutput>(*this, path, std::move(inner)));
}

}    // namespace filfil::snapshot::samples
