// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "snapshot/range_file.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace filfil::snapshot {
namespace {

class RangeFile final : public ReadableFile {
public:
    RangeFile(const SectionSource& source, car::BodyRange range, std::string name)
        : m_source(source), m_range(range), m_name(std::move(name)) {}

    [[nodiscard]] const std::string& name() const noexcept override { return m_name; }
    [[nodiscard]] std::optional<std::uint64_t> size() const noexcept override {
        return m_source.header().size() + (m_range.end - m_range.begin);
    }

    [[nodiscard]] Result<std::size_t> read(ByteSpan out) override {
        FILFIL_TRY(const std::size_t n, read_at(m_position, out));
        m_position += n;
        return n;
    }

    [[nodiscard]] Result<std::size_t> read_at(std::uint64_t offset, ByteSpan out) override {
        const ByteView header = m_source.header();
        const std::uint64_t whole = header.size() + (m_range.end - m_range.begin);
        if (offset >= whole) return std::size_t{0};
        const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(out.size(), whole - offset));
        std::size_t done = 0;
        if (offset < header.size()) {
            const ByteView rest = header.subspan(static_cast<std::size_t>(offset));
            done = std::min(size, rest.size());
            if (done != 0) std::memcpy(out.data(), rest.data(), done);
        }
        if (done < size)
            FILFIL_CHECK(
                m_source.read(m_range.begin + (offset + done - header.size()), out.subspan(done, size - done)));
        return size;
    }

private:
    const SectionSource& m_source;
    car::BodyRange m_range;
    std::string m_name;
    std::uint64_t m_position = 0;
};

}    // namespace

std::unique_ptr<ReadableFile> range_file(const SectionSource& source, car::BodyRange range, std::string name) {
    return std::make_unique<RangeFile>(source, range, std::move(name));
}

std::unique_ptr<ReadableFile> whole_file(const SectionSource& source, std::string name) {
    return range_file(source, {0, source.body_size()}, std::move(name));
}

}    // namespace filfil::snapshot
