// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "car/zstd_source.hpp"

#include <zstd.h>
#include <zstd_errors.h>

#include <algorithm>
#include <functional>
#include <utility>

namespace filfil::car {
namespace {

constexpr std::size_t input_size = 256 * 1024;

/// Frames of a forest.car.zst have some 8 KiB; more is rarely of use.
constexpr std::size_t frame_input_size = 16 * 1024;

struct FreeStream {
    void operator()(ZSTD_DCtx* stream) const noexcept { ZSTD_freeDCtx(stream); }
};

/// Where compressed bytes come from: fills a buffer, short only at the end.
using Refill = std::function<Result<std::size_t>(ByteSpan)>;

class ZstdStream final : public FrameSource {
public:
    struct Settings {
        std::string name;
        Compression compression = Compression::zstd;
        std::uint64_t start = 0;    ///< of the first byte, in the file
        bool one_frame = false;
        std::size_t buffer_size = input_size;
    };

    ZstdStream(Settings settings, std::unique_ptr<ZSTD_DCtx, FreeStream> stream, Refill refill, ByteView head)
        : m_settings(std::move(settings)),
          m_stream(std::move(stream)),
          m_refill(std::move(refill)),
          m_position(m_settings.start) {
        m_buffer.resize(m_settings.buffer_size);
        std::copy(head.begin(), head.end(), m_buffer.begin());
        m_end = head.size();
    }

    [[nodiscard]] const std::string& name() const noexcept override { return m_settings.name; }
    [[nodiscard]] Compression compression() const noexcept override { return m_settings.compression; }
    [[nodiscard]] std::optional<std::uint64_t> size() const noexcept override { return std::nullopt; }
    [[nodiscard]] std::uint64_t position() const noexcept override { return m_position; }

    [[nodiscard]] Result<std::size_t> read(ByteSpan out) override {
        if (m_failure) return *m_failure;
        std::size_t given = 0;
        Result<void> status = decompress(out, given);
        if (status.ok()) return given;
        m_failure = std::move(status).error();
        // What came out before the fault is good and given first.
        if (given == 0) return *m_failure;
        return given;
    }

private:
    Result<void> decompress(ByteSpan out, std::size_t& given) {
        ZSTD_outBuffer output{out.data(), out.size(), 0};
        while (output.pos < output.size) {
            if (m_at_frame_end && m_settings.one_frame) break;
            if (m_begin == m_end && !m_file_ended) FILFIL_CHECK(refill());
            // Even with no input left, bytes may wait inside the decoder; it is asked until it gives nothing more.
            ZSTD_inBuffer input{m_buffer.data(), m_end, m_begin};
            const bool starved = m_begin == m_end;
            if (starved && m_at_frame_end) break;
            const std::size_t hint = ZSTD_decompressStream(m_stream.get(), &output, &input);
            const std::uint64_t consumed = input.pos - m_begin;
            const bool silent = output.pos == given;
            given = output.pos;
            m_begin = input.pos;
            m_position += consumed;
            if (ZSTD_isError(hint) != 0) return broken(hint);
            m_at_frame_end = hint == 0;
            if (m_at_frame_end) ++m_frames;
            if (starved && silent && !m_at_frame_end)
                return Error(ErrorCode::truncated,
                             name() + ": ends at byte " + std::to_string(m_position) + " inside zstd frame " +
                                 std::to_string(m_frames),
                             "the file is not whole: copy or download it again");
        }
        return {};
    }

    Result<void> refill() {
        FILFIL_TRY(m_end, m_refill(m_buffer));
        m_begin = 0;
        m_file_ended = m_end < m_buffer.size();
        return {};
    }

    Error broken(std::size_t result) const {
        const std::string where = name() + ": zstd frame " + std::to_string(m_frames) + " is broken before byte " +
                                  std::to_string(m_position + (m_end - m_begin > 0 ? 1U : 0U)) + " of the file: ";
        switch (ZSTD_getErrorCode(result)) {
            case ZSTD_error_frameParameter_windowTooLarge:
                return {ErrorCode::unsupported,
                        name() + ": zstd frame " + std::to_string(m_frames) + " needs a window of more than 128 MiB",
                        "compress it again without --long, or decompress it with 'zstd -d --long=31' first"};
            case ZSTD_error_prefix_unknown:
                return {ErrorCode::corrupt,
                        name() + ": what follows zstd frame " + std::to_string(m_frames) + " at byte " +
                            std::to_string(m_position) + " of the file is no zstd frame",
                        "bytes were appended to the file or it was damaged: copy or download it again"};
            case ZSTD_error_memory_allocation:
                return {ErrorCode::io, where + "not enough memory for its window", "free some memory"};
            default:
                return {ErrorCode::corrupt, where + ZSTD_getErrorName(result),
                        "the file was damaged: copy or download it again"};
        }
    }

    Settings m_settings;
    std::unique_ptr<ZSTD_DCtx, FreeStream> m_stream;
    Refill m_refill;
    Bytes m_buffer;
    std::size_t m_begin = 0;
    std::size_t m_end = 0;
    std::uint64_t m_position;      ///< bytes of the file that the decoder has taken
    std::uint64_t m_frames = 0;    ///< frames that ended, so the number of the current one
    bool m_file_ended = false;
    bool m_at_frame_end = false;
    std::optional<Error> m_failure;
};

Result<std::unique_ptr<ZSTD_DCtx, FreeStream>> make_stream(const std::string& name) {
    std::unique_ptr<ZSTD_DCtx, FreeStream> stream(ZSTD_createDCtx());
    if (stream == nullptr)
        return Error(ErrorCode::io, name + ": not enough memory to decompress it", "free some memory");
    return stream;
}

}    // namespace

Result<std::unique_ptr<ByteSource>> open_zstd_source(std::unique_ptr<ReadableFile> file, ByteView head,
                                                     Compression compression, Progress* progress) {
    FILFIL_TRY(auto stream, make_stream(file->name()));
    ZstdStream::Settings settings{.name = file->name(), .compression = compression};
    const std::shared_ptr<ReadableFile> shared = std::move(file);
    if (progress != nullptr) progress->advance(head.size());
    const Refill refill = [shared, progress](ByteSpan out) {
        Result<std::size_t> n = shared->read(out);
        if (n.ok() && progress != nullptr) progress->advance(*n);
        return n;
    };
    return std::unique_ptr<ByteSource>(
        std::make_unique<ZstdStream>(std::move(settings), std::move(stream), refill, head));
}

Result<std::unique_ptr<FrameSource>> open_zstd_frame(ReadableFile& file, std::uint64_t offset) {
    FILFIL_TRY(auto stream, make_stream(file.name()));
    ZstdStream::Settings settings{.name = file.name() + " (frame at byte " + std::to_string(offset) + ")",
                                  .compression = Compression::forest,
                                  .start = offset,
                                  .one_frame = true,
                                  .buffer_size = frame_input_size};
    const Refill refill = [&file, at = offset](ByteSpan out) mutable {
        Result<std::size_t> n = file.read_at(at, out);
        if (n.ok()) at += *n;
        return n;
    };
    return std::unique_ptr<FrameSource>(
        std::make_unique<ZstdStream>(std::move(settings), std::move(stream), refill, ByteView{}));
}

}    // namespace filfil::car
