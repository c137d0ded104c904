// SPDX-License-Identifier: Apache-2.0 OR MIT
// Built in place of zstd_source.cpp, zstd_sink.cpp and forest_writer.cpp where there is no libzstd. What would compress
// or decompress cannot be opened, so the members of its objects are there for the linker alone.
#include "car/forest_writer.hpp"
#include "car/zstd_sink.hpp"
#include "car/zstd_source.hpp"

namespace filfil::car {
namespace {

Error cannot_decompress(const ReadableFile& file) {
    return {ErrorCode::unsupported,
            file.name() + ": cannot be decompressed, because this program was built without libzstd",
            "build it where libzstd-dev is installed, or decompress the file first with 'zstd -d'"};
}

Error cannot_compress() {
    return {ErrorCode::unsupported, "a CAR cannot be compressed, because this program was built without libzstd",
            "build it where libzstd-dev is installed, or leave the CAR uncompressed"};
}

}    // namespace

Result<std::unique_ptr<ByteSource>> open_zstd_source(std::unique_ptr<ReadableFile> file, ByteView, Compression,
                                                     Progress*) {
    return cannot_decompress(*file);
}

Result<std::unique_ptr<FrameSource>> open_zstd_frame(ReadableFile& file, std::uint64_t) {
    return cannot_decompress(file);
}

struct ZstdSink::State {};
ZstdSink::~ZstdSink() = default;

Result<std::unique_ptr<ZstdSink>> ZstdSink::open(ByteSink&, std::uint64_t, unsigned) { return cannot_compress(); }
Result<void> ZstdSink::write(ByteView) { return cannot_compress(); }
Result<std::uint64_t> ZstdSink::finish() { return cannot_compress(); }

struct ForestWriter::State {};
ForestWriter::ForestWriter(ForestWriter&&) noexcept = default;
ForestWriter& ForestWriter::operator=(ForestWriter&&) noexcept = default;
ForestWriter::~ForestWriter() = default;

Result<ForestWriter> ForestWriter::open(ByteSink&) { return cannot_compress(); }
Result<void> ForestWriter::header(ByteView) { return cannot_compress(); }
Result<void> ForestWriter::block(const Section&) { return cannot_compress(); }
Result<void> ForestWriter::cut() { return cannot_compress(); }
Result<void> ForestWriter::append(ForestWriter, ByteView) { return cannot_compress(); }
Result<ForestSummary> ForestWriter::finish() { return cannot_compress(); }

Result<ForestSummary> write_forest_car(Reader&, ByteSink&, std::stop_token) { return cannot_compress(); }

}    // namespace filfil::car
