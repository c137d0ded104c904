// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "car/byte_source.hpp"

#include "car/forest_footer.hpp"
#include "car/zstd_source.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

namespace filfil::car {
namespace {

class PlainSource final : public ByteSource {
public:
    PlainSource(std::unique_ptr<ReadableFile> file, ByteView head, Progress* progress)
        : m_file(std::move(file)), m_progress(progress), m_head_size(head.size()) {
        std::copy(head.begin(), head.end(), m_head.begin());
    }

    [[nodiscard]] const std::string& name() const noexcept override { return m_file->name(); }
    [[nodiscard]] Compression compression() const noexcept override { return Compression::none; }
    [[nodiscard]] std::optional<std::uint64_t> size() const noexcept override { return m_file->size(); }

    [[nodiscard]] Result<std::size_t> read(ByteSpan out) override {
        const std::size_t from_head = std::min(out.size(), m_head_size - m_head_used);
        std::copy_n(m_head.begin() + static_cast<std::ptrdiff_t>(m_head_used), from_head, out.begin());
        m_head_used += from_head;
        FILFIL_TRY(const std::size_t from_file, m_file->read(out.subspan(from_head)));
        if (m_progress != nullptr) m_progress->advance(from_head + from_file);
        return from_head + from_file;
    }

private:
    std::unique_ptr<ReadableFile> m_file;
    Progress* m_progress;
    std::array<std::byte, 4> m_head{};
    std::size_t m_head_size;
    std::size_t m_head_used = 0;
};

}    // namespace

std::string_view name_of(Compression compression) noexcept {
    switch (compression) {
        case Compression::none: return "none";
        case Compression::zstd: return "zstd";
        case Compression::forest: return "forest";
    }
    return "none";
}

Result<std::unique_ptr<ByteSource>> open_source(std::unique_ptr<ReadableFile> file, Progress* progress) {
    std::array<std::byte, 4> head{};
    FILFIL_TRY(const std::size_t n, file->read(head));
    const ByteView seen = ByteView(head).first(n);
    if (!begins_zstd(seen))
        return std::unique_ptr<ByteSource>(std::make_unique<PlainSource>(std::move(file), seen, progress));
    FILFIL_TRY(const auto footer, read_forest_footer(*file));
    return open_zstd_source(std::move(file), seen, footer ? Compression::forest : Compression::zstd, progress);
}

}    // namespace filfil::car
