// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "retrieval/fetch/fetch_target.hpp"

#include <algorithm>

namespace filfil::retrieval {
namespace {

std::string part_name(const std::string& path) { return path + ".part"; }

}    // namespace

JoinedTarget::JoinedTarget(PatchFiles& files, std::string path, const FetchPlan& plan)
    : m_files(files), m_path(std::move(path)) {
    for (const WantedPiece& piece : plan.pieces) m_sizes.push_back(piece.payload_size);
}

Result<std::unique_ptr<JoinedTarget>> JoinedTarget::open(PatchFiles& files, std::string path, const FetchPlan& plan) {
    std::unique_ptr<JoinedTarget> out(new JoinedTarget(files, std::move(path), plan));
    FILFIL_TRY(out->m_file, files.open_patch(part_name(out->m_path)));
    return out;
}

void JoinedTarget::set_header(ByteView header) {
    const std::lock_guard lock(m_mutex);
    m_header = std::make_shared<const Bytes>(to_bytes(header));
}

std::shared_ptr<const Bytes> JoinedTarget::header() const {
    const std::lock_guard lock(m_mutex);
    return m_header;
}

std::uint64_t JoinedTarget::base_of(std::size_t piece, std::uint64_t header) const noexcept {
    std::uint64_t out = 0;
    for (std::size_t i = 0; i < piece; ++i) out += m_sizes[i] - std::min(header, m_sizes[i]);
    return out;
}

std::uint64_t JoinedTarget::size() const {
    const std::uint64_t front = header()->size();
    return front + base_of(m_sizes.size(), front);
}

Result<void> JoinedTarget::write(std::size_t piece, std::uint64_t offset, ByteView bytes) {
    const std::uint64_t end = header()->size();
    // The header stands once, and all pieces have the same.
    if (offset < end) {
        const auto front = static_cast<std::size_t>(std::min<std::uint64_t>(end - offset, bytes.size()));
        FILFIL_CHECK(m_file->write_at(offset, bytes.first(front)));
        bytes = bytes.subspan(front);
        offset += front;
    }
    if (bytes.empty()) return {};
    return m_file->write_at(base_of(piece, end) + offset, bytes);
}

Result<std::size_t> JoinedTarget::read(std::size_t piece, std::uint64_t offset, ByteSpan out) {
    const std::shared_ptr<const Bytes> front = header();
    std::size_t given = 0;
    if (offset < front->size()) {
        given = static_cast<std::size_t>(std::min<std::uint64_t>(front->size() - offset, out.size()));
        std::ranges::copy(ByteView(*front).subspan(static_cast<std::size_t>(offset), given), out.begin());
    }
    if (given == out.size()) return given;
    const std::uint64_t place = base_of(piece, front->size()) + offset + given;
    FILFIL_TRY(const std::size_t rest, m_file->read_at(place, out.subspan(given)));
    return given + rest;
}

Result<void> JoinedTarget::finish() {
    FILFIL_CHECK(m_file->truncate(size()));
    FILFIL_CHECK(m_file->sync());
    return m_files.publish(part_name(m_path), m_path);
}

Result<std::unique_ptr<PieceFilesTarget>> PieceFilesTarget::open(PatchFiles& files, std::vector<std::string> paths,
                                                                 const FetchPlan& plan) {
    std::unique_ptr<PieceFilesTarget> out(new PieceFilesTarget(files, std::move(paths)));
    for (const WantedPiece& piece : plan.pieces) out->m_sizes.push_back(piece.payload_size);
    for (const std::string& path : out->m_paths) {
        FILFIL_TRY(auto file, files.open_patch(part_name(path)));
        out->m_files.push_back(std::move(file));
    }
    return out;
}

Result<void> PieceFilesTarget::write(std::size_t piece, std::uint64_t offset, ByteView bytes) {
    return m_files[piece]->write_at(offset, bytes);
}

Result<std::size_t> PieceFilesTarget::read(std::size_t piece, std::uint64_t offset, ByteSpan out) {
    return m_files[piece]->read_at(offset, out);
}

Result<void> PieceFilesTarget::finish() {
    for (std::size_t i = 0; i < m_files.size(); ++i) {
        FILFIL_CHECK(m_files[i]->truncate(m_sizes[i]));
        FILFIL_CHECK(m_files[i]->sync());
    }
    for (const std::string& path : m_paths) FILFIL_CHECK(m_patches.publish(part_name(path), path));
    return {};
}

}    // namespace filfil::retrieval
