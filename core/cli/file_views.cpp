// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cli/file_views.hpp"

#include "base/units.hpp"

#include <algorithm>
#include <utility>

namespace filfil::cli {
namespace {

class Part final : public ReadableFile {
public:
    Part(ReadableFile& file, std::uint64_t offset, std::uint64_t length)
        : m_file(file), m_offset(offset), m_length(length) {}

    [[nodiscard]] const std::string& name() const noexcept override { return m_file.name(); }
    [[nodiscard]] std::optional<std::uint64_t> size() const noexcept override { return m_length; }
    [[nodiscard]] Result<std::size_t> read(ByteSpan out) override {
        FILFIL_TRY(const std::size_t n, read_at(m_position, out));
        m_position += n;
        return n;
    }
    [[nodiscard]] Result<std::size_t> read_at(std::uint64_t offset, ByteSpan out) override {
        if (offset >= m_length) return std::size_t{0};
        return m_file.read_at(
            m_offset + offset,
            out.first(static_cast<std::size_t>(std::min<std::uint64_t>(out.size(), m_length - offset))));
    }

private:
    ReadableFile& m_file;
    std::uint64_t m_offset;
    std::uint64_t m_length;
    std::uint64_t m_position = 0;
};

class Stream final : public ReadableFile {
public:
    explicit Stream(std::unique_ptr<car::ByteSource> source) : m_source(std::move(source)) {}

    [[nodiscard]] const std::string& name() const noexcept override { return m_source->name(); }
    [[nodiscard]] std::optional<std::uint64_t> size() const noexcept override { return std::nullopt; }
    [[nodiscard]] Result<std::size_t> read(ByteSpan out) override {
        // A source may give less and have its reason ready for the next call; only nothing at all is the end.
        std::size_t done = 0;
        while (done < out.size()) {
            FILFIL_TRY(const std::size_t n, m_source->read(out.subspan(done)));
            if (n == 0) break;
            done += n;
        }
        return done;
    }
    [[nodiscard]] Result<std::size_t> read_at(std::uint64_t, ByteSpan) override {
        return Error(ErrorCode::unsupported, name() + ": a compressed stream cannot be read at an offset");
    }

private:
    std::unique_ptr<car::ByteSource> m_source;
};

class Borrowed final : public ReadableFile {
public:
    explicit Borrowed(ReadableFile& file) : m_file(file) {}

    [[nodiscard]] const std::string& name() const noexcept override { return m_file.name(); }
    [[nodiscard]] std::optional<std::uint64_t> size() const noexcept override { return m_file.size(); }
    [[nodiscard]] Result<std::size_t> read(ByteSpan out) override { return m_file.read(out); }
    [[nodiscard]] Result<std::size_t> read_at(std::uint64_t offset, ByteSpan out) override {
        return m_file.read_at(offset, out);
    }

private:
    ReadableFile& m_file;
};

}    // namespace

std::unique_ptr<ReadableFile> part_of(ReadableFile& file, std::uint64_t offset, std::uint64_t length) {
    return std::make_unique<Part>(file, offset, length);
}

std::unique_ptr<ReadableFile> stream_of(std::unique_ptr<car::ByteSource> source) {
    return std::make_unique<Stream>(std::move(source));
}

std::unique_ptr<ReadableFile> borrowed(ReadableFile& file) { return std::make_unique<Borrowed>(file); }

Result<std::uint64_t> trailing_zeros(ReadableFile& file) {
    const std::uint64_t size = file.size().value_or(0);
    Bytes buffer(static_cast<std::size_t>(std::min<std::uint64_t>(size, MiB)));
    for (std::uint64_t end = size; end != 0;) {
        const auto length = static_cast<std::size_t>(std::min<std::uint64_t>(end, buffer.size()));
        const ByteSpan block(buffer.data(), length);
        FILFIL_TRY(const std::size_t n, file.read_at(end - length, block));
        if (n < length)
            return Error(ErrorCode::truncated, file.name() + ": became shorter while it was read",
                         "let nothing write to the file meanwhile, then try again");
        const auto last = std::find_if(block.rbegin(), block.rend(), [](std::byte b) { return b != std::byte{0}; });
        if (last != block.rend()) return size - end + static_cast<std::uint64_t>(last - block.rbegin());
        end -= length;
    }
    return size;
}

}    // namespace filfil::cli
