// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "car/reader.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace filfil::car::samples {

struct Block {
    ipld::Cid cid;
    Bytes data;
    bool operator==(const Block&) const = default;
};

/// A raw block with the BLAKE2b-256 CID of `text`.
Block raw_block(std::string_view text);

/// `count` raw blocks of random bytes, each of `least` to `most` bytes.
std::vector<Block> random_blocks(std::uint64_t seed, std::size_t count, std::size_t least, std::size_t most);

/// A CARv1 whose roots are the first block's CID (none where there are no blocks).
Bytes car_of(const std::vector<Block>& blocks);
Bytes car_of(const std::vector<ipld::Cid>& roots, const std::vector<Block>& blocks);

/// A CARv2 around a CARv1, with `gap` bytes before the data and `index` behind it.
Bytes v2_of(ByteView v1, std::size_t gap = 0, std::string_view index = {});

/// One zstd frame.
Bytes zstd_of(ByteView bytes, int level = 3);

/// A skippable zstd frame.
Bytes skippable_of(ByteView bytes);

Bytes concat(std::initializer_list<ByteView> parts);

/// A file in memory that owns its bytes.
std::unique_ptr<ReadableFile> file_of(Bytes bytes, std::string name = "sample.car");

/// The same without a size and without random access, as a pipe.
std::unique_ptr<ReadableFile> pipe_of(Bytes bytes, std::string name = "pipe");

/// Files in memory, which cost no disk and no fsync. Not thread-safe.
class MemoryFiles final : public Files {
public:
    [[nodiscard]] Result<std::unique_ptr<ReadableFile>> open(const std::string& path) override;
    [[nodiscard]] Result<std::unique_ptr<ReadableFile>> open_standard_input() override;
    [[nodiscard]] Result<std::unique_ptr<OutputFile>> create(const std::string& path) override;
    [[nodiscard]] Result<std::unique_ptr<AppendFile>> open_append(const std::string& path) override;
    [[nodiscard]] Result<FileInfo> info(const std::string& path) override;
    [[nodiscard]] Result<std::vector<std::string>> list(const std::string& folder) override;
    [[nodiscard]] Result<void> make_folders(const std::string&) override { return {}; }
    [[nodiscard]] Result<void> remove(const std::string& path) override;

    /// What is stored, by path.
    std::map<std::string, Bytes> stored;
};

/// A path for a test's own file or folder that no other test process uses.
std::string scratch_path(std::string_view name);

/// What a reader gives until its end or its first error.
struct Outcome {
    std::optional<Header> header;
    std::vector<Block> blocks;
    std::vector<std::uint64_t> offsets;
    std::optional<Error> error;
    Damage damage = Damage::none;
    std::uint64_t good_bytes = 0;
};

Outcome read_car(std::unique_ptr<ReadableFile> file, const ReaderOptions& options = {});
inline Outcome read_car(Bytes bytes, const ReaderOptions& options = {}) {
    return read_car(file_of(std::move(bytes)), options);
}

}    // namespace filfil::car::samples
