// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "samples.hpp"

#include "base/random.hpp"
#include "car/forest_footer.hpp"
#include "car/writer.hpp"

#include <unistd.h>
#include <zstd.h>

#include <algorithm>
#include <filesystem>

namespace filfil::car::samples {
namespace {

class OwningFile final : public ReadableFile {
public:
    OwningFile(Bytes bytes, std::string name, bool seekable)
        : m_bytes(std::move(bytes)), m_inner(memory_file(std::move(name), m_bytes)), m_seekable(seekable) {}
    [[nodiscard]] const std::string& name() const noexcept override { return m_inner->name(); }
    [[nodiscard]] std::optional<std::uint64_t> size() const noexcept override {
        return m_seekable ? m_inner->size() : std::nullopt;
    }
    [[nodiscard]] Result<std::size_t> read(ByteSpan out) override { return m_inner->read(out); }
    [[nodiscard]] Result<std::size_t> read_at(std::uint64_t offset, ByteSpan out) override {
        if (!m_seekable) return Error(ErrorCode::unsupported, "a pipe has no offsets");
        return m_inner->read_at(offset, out);
    }

private:
    Bytes m_bytes;
    std::unique_ptr<ReadableFile> m_inner;
    bool m_seekable;
};

class MemoryOutput final : public OutputFile {
public:
    MemoryOutput(std::map<std::string, Bytes>& stored, std::string path) : m_stored(stored), m_path(std::move(path)) {}
    [[nodiscard]] Result<void> write(ByteView bytes) override {
        m_bytes.insert(m_bytes.end(), bytes.begin(), bytes.end());
        return {};
    }
    [[nodiscard]] Result<void> write_at(std::uint64_t offset, ByteView bytes) override {
        std::ranges::copy(bytes, m_bytes.begin() + static_cast<std::ptrdiff_t>(offset));
        return {};
    }
    [[nodiscard]] Result<void> commit() override {
        m_stored[m_path] = std::move(m_bytes);
        return {};
    }

private:
    std::map<std::string, Bytes>& m_stored;
    std::string m_path;
    Bytes m_bytes;
};

Error absent(const std::string& path) { return {ErrorCode::not_found, path + ": is not there"}; }

}    // namespace

Result<std::unique_ptr<ReadableFile>> MemoryFiles::open(const std::string& path) {
    const auto found = stored.find(path);
    if (found == stored.end()) return absent(path);
    return file_of(found->second, path);
}

Result<std::unique_ptr<ReadableFile>> MemoryFiles::open_standard_input() { return absent("standard input"); }

Result<std::unique_ptr<OutputFile>> MemoryFiles::create(const std::string& path) {
    return std::unique_ptr<OutputFile>(std::make_unique<MemoryOutput>(stored, path));
}

Result<std::unique_ptr<AppendFile>> MemoryFiles::open_append(const std::string& path) { return absent(path); }

Result<FileInfo> MemoryFiles::info(const std::string& path) {
    const auto found = stored.find(path);
    if (found == stored.end()) return absent(path);
    FileInfo info;
    info.kind = FileInfo::Kind::file;
    info.size = found->second.size();
    return info;
}

Result<std::vector<std::string>> MemoryFiles::list(const std::string& folder) {
    std::vector<std::string> out;
    for (const auto& [path, bytes] : stored)
        if (path.starts_with(folder + "/")) out.push_back(path.substr(folder.size() + 1));
    return out;
}

Result<void> MemoryFiles::remove(const std::string& path) {
    return stored.erase(path) != 0 ? Result<void>() : absent(path);
}

Block raw_block(std::string_view text) {
    return {ipld::cid_of_block(ipld::Codec::raw, bytes_of(text)), to_bytes(bytes_of(text))};
}

std::vector<Block> random_blocks(std::uint64_t seed, std::size_t count, std::size_t least, std::size_t most) {
    SeededRandom random(seed);
    std::vector<Block> out;
    for (std::size_t i = 0; i < count; ++i) {
        Bytes data(least + static_cast<std::size_t>(random.below(most - least + 1)));
        random.fill(data);
        ipld::Cid cid = ipld::cid_of_block(ipld::Codec::raw, data);
        out.push_back({std::move(cid), std::move(data)});
    }
    return out;
}

Bytes car_of(const std::vector<Block>& blocks) {
    return car_of(blocks.empty() ? std::vector<ipld::Cid>{} : std::vector{blocks[0].cid}, blocks);
}

Bytes car_of(const std::vector<ipld::Cid>& roots, const std::vector<Block>& blocks) {
    Bytes out = encode_header(roots);
    for (const Block& block : blocks) append_section(out, block.cid.bytes(), block.data);
    return out;
}

Bytes v2_of(ByteView v1, std::size_t gap, std::string_view index) {
    HeaderV2 header;
    header.data_offset = v2_pragma_size + v2_header_size + gap;
    header.data_size = v1.size();
    header.index_offset = index.empty() ? 0 : header.data_offset + header.data_size;
    return concat({encode_header_v2(header), Bytes(gap), v1, bytes_of(index)});
}

Bytes zstd_of(ByteView bytes, int level) {
    Bytes out(ZSTD_compressBound(bytes.size()));
    out.resize(ZSTD_compress(out.data(), out.size(), bytes.data(), bytes.size(), level));
    return out;
}

Bytes skippable_of(ByteView bytes) {
    return concat({skippable_header(static_cast<std::uint32_t>(bytes.size())), bytes});
}

Bytes concat(std::initializer_list<ByteView> parts) {
    Bytes out;
    for (const ByteView part : parts) out.insert(out.end(), part.begin(), part.end());
    return out;
}

std::unique_ptr<ReadableFile> file_of(Bytes bytes, std::string name) {
    return std::make_unique<OwningFile>(std::move(bytes), std::move(name), true);
}

std::unique_ptr<ReadableFile> pipe_of(Bytes bytes, std::string name) {
    return std::make_unique<OwningFile>(std::move(bytes), std::move(name), false);
}

std::string scratch_path(std::string_view name) {
    return join_path(std::filesystem::temp_directory_path().string(),
                     "filfil_" + std::to_string(::getpid()) + "_" + std::string(name));
}

Outcome read_car(std::unique_ptr<ReadableFile> file, const ReaderOptions& options) {
    Outcome out;
    auto reader = Reader::open(std::move(file), options);
    if (!reader.ok()) {
        out.error = reader.error();
        return out;
    }
    out.header = reader->header();
    Batch batch;
    for (;;) {
        auto more = reader->read(batch);
        if (!more.ok()) out.error = more.error();
        if (!more.ok() || !*more) break;
        for (const Section& section : batch.sections()) {
            out.blocks.push_back({section.cid_copy(), to_bytes(section.data)});
            out.offsets.push_back(section.offset);
        }
    }
    out.damage = reader->damage();
    out.good_bytes = reader->good_bytes();
    return out;
}

}    // namespace filfil::car::samples
