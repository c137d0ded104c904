// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "snapshot/diff.hpp"

#include "base/units.hpp"
#include "car/reader.hpp"
#include "car/writer.hpp"
#include "ipld/multihash.hpp"
#include "snapshot/body_stream.hpp"
#include "snapshot/diff_format.hpp"

#include <algorithm>
#include <memory>
#include <utility>

namespace filfil::snapshot {
namespace {

constexpr std::string_view no_diff = "give a file that `fil-fil snapshot diff` wrote";
constexpr std::string_view damaged = "the diff is damaged or was not made by fil-fil: copy or make it again";
constexpr std::size_t copy_size = 1 * MiB;

/// Everything of a diff before its new sections.
struct Front {
    DiffManifest manifest;
    std::vector<Bytes> run_lists;
};

Error with_remedy(Error error, std::string_view path, std::string_view remedy) {
    Error out = std::move(error).in(path);
    if (out.remedy.empty()) out.remedy = remedy;
    return out;
}

/// The next block of the diff, which has to have this CID and its hash.
Result<Bytes> read_block(BodyStream& body, const std::string& path, const ipld::Cid& cid, std::size_t limit,
                         std::string_view what) {
    FILFIL_TRY(const auto section, body.next());
    if (!section) return Error(ErrorCode::truncated, path + ": ends before " + std::string(what), std::string(damaged));
    const std::string at = path + " at byte " + std::to_string(section->offset) + ": ";
    if (!std::ranges::equal(section->cid, cid.bytes()))
        return Error(ErrorCode::corrupt, at + "the block is not " + std::string(what), std::string(no_diff));
    if (section->data.size() > limit)
        return Error(ErrorCode::too_large,
                     at + std::string(what) + " has " + std::to_string(section->data.size()) + " bytes, more than " +
                         format_size(limit),
                     std::string(damaged));
    const auto same = ipld::matches(section->hash, section->data);
    if (!same.ok() || !*same)
        return Error(ErrorCode::mismatch, at + std::string(what) + " has another hash than its CID",
                     std::string(damaged));
    return to_bytes(section->data);
}

/// Whether the runs together make the target of the base.
Result<void> check_runs(const Front& front) {
    const DiffManifest& manifest = front.manifest;
    const std::uint64_t body = manifest.target.bytes - manifest.target_header.size();
    std::uint64_t total = 0;
    std::uint64_t added = 0;
    for (const Bytes& list : front.run_lists) {
        FILFIL_TRY(const std::vector<Run> runs, decode_run_list(list));
        for (const Run& run : runs) {
            if (run.bytes > body - total) return Error(ErrorCode::corrupt, "its runs are longer than the target");
            total += run.bytes;
            if (!run.base) added += run.bytes;
        }
    }
    if (total != body) return Error(ErrorCode::corrupt, "its runs are shorter than the target");
    if (added != manifest.added_bytes)
        return Error(ErrorCode::corrupt, "its runs and its manifest differ in the number of new bytes");
    return {};
}

Result<Front> read_front(const car::Reader& reader, BodyStream& body) {
    const std::string& path = reader.name();
    if (reader.header().roots.size() != 1)
        return Error(ErrorCode::corrupt,
                     path + ": is no diff: it has " + std::to_string(reader.header().roots.size()) + " roots, not 1",
                     std::string(no_diff));
    FILFIL_TRY(const Bytes block, read_block(body, path, reader.header().roots[0], largest_manifest, "its manifest"));
    auto manifest = decode_manifest(block);
    if (!manifest.ok()) return with_remedy(std::move(manifest).error(), path, no_diff);
    Front front{*std::move(manifest), {}};
    for (const ipld::Cid& cid : front.manifest.run_lists) {
        FILFIL_TRY(Bytes list, read_block(body, path, cid, largest_run_list, "its next run list"));
        front.run_lists.push_back(std::move(list));
    }
    if (auto status = check_runs(front); !status.ok()) return with_remedy(std::move(status).error(), path, damaged);
    return front;
}

/// The base's CARv1 where bytes can be had from any place of it.
class Base {
public:
    explicit Base(Files& files) : m_files(files) {}

    /// Reads it whole, so that the diff is applied to no other, and unpacks it if it is compressed.
    Result<void> open(const std::string& path, const std::string& unpacked, const CarIdentity& expected,
                      const DiffOptions& options) {
        car::ReaderOptions reading;
        reading.progress = options.progress;
        FILFIL_TRY(car::Reader reader, car::Reader::open(m_files, path, reading));
        const Bytes& header = reader.header().bytes;
        m_body = header.size();
        std::unique_ptr<OutputFile> copy;
        if (reader.header().compression != car::Compression::none) {
            if (m_files.info(unpacked).ok())
                return Error(ErrorCode::invalid_argument,
                             unpacked + ": is in the way: the compressed base is unpacked there meanwhile",
                             "remove it, or choose another output path");
            FILFIL_TRY(copy, m_files.create(unpacked));
            FILFIL_CHECK(copy->write(header));
        } else {
            m_body += reader.header().payload_offset;
        }
        ipld::Sha256Stream sha256;
        sha256.update(header);
        BodyStream body(reader, options.stop);
        for (;;) {
            FILFIL_TRY(const ByteView next, body.take(~std::uint64_t{0}));
            if (next.empty()) break;
            sha256.update(next);
            if (copy != nullptr) FILFIL_CHECK(copy->write(next));
            m_body_size += next.size();
        }
        if (CarIdentity{header.size() + m_body_size, reader.sections(), sha256.finish()} != expected)
            return Error(ErrorCode::mismatch, path + ": is not the CAR that the diff was made from",
                         "give the base of the diff: its SHA-256, uncompressed, is " + to_hex(expected.sha256));
        if (copy == nullptr) {
            FILFIL_TRY(m_file, m_files.open(path));
            return {};
        }
        // Open and without a name: it goes away with this, whatever happens.
        FILFIL_CHECK(copy->commit());
        auto file = m_files.open(unpacked);
        const auto removed = m_files.remove(unpacked);
        if (!file.ok()) return std::move(file).error();
        m_file = *std::move(file);
        return removed;
    }

    /// Bytes of the body.
    Result<void> read(std::uint64_t offset, ByteSpan out) const {
        if (offset > m_body_size || out.size() > m_body_size - offset)
            return Error(ErrorCode::corrupt, "the diff takes bytes from behind the end of its base",
                         std::string(damaged));
        FILFIL_TRY(const std::size_t n, m_file->read_at(m_body + offset, out));
        if (n == out.size()) return {};
        return Error(ErrorCode::truncated, m_file->name() + ": became shorter while it was read",
                     "let nothing write to the base, then try again");
    }

private:
    Files& m_files;
    std::unique_ptr<ReadableFile> m_file;
    std::uint64_t m_body = 0;    ///< where the body begins in the file
    std::uint64_t m_body_size = 0;
};

/// Writes the target and sums it up on the way.
class TargetWriter {
public:
    explicit TargetWriter(OutputFile& file) : m_sink(file), m_writer(m_sink) {}
    Result<void> write(ByteView bytes) {
        m_sha256.update(bytes);
        return m_writer.raw(bytes);
    }
    Result<ipld::Digest256> finish() {
        FILFIL_CHECK(m_writer.finish());
        return m_sha256.finish();
    }

private:
    car::FileSink m_sink;
    car::Writer m_writer;
    ipld::Sha256Stream m_sha256;
};

Result<void> write_target(const Front& front, const Base& base, BodyStream& added, const std::string& path,
                          TargetWriter& target, const std::stop_token& stop) {
    FILFIL_CHECK(target.write(front.manifest.target_header));
    Bytes buffer(copy_size);
    for (const Bytes& list : front.run_lists) {
        FILFIL_TRY(const std::vector<Run> runs, decode_run_list(list));
        for (const Run& run : runs)
            for (std::uint64_t done = 0; done < run.bytes;) {
                if (stop.stop_requested())
                    return Error(ErrorCode::cancelled, path + ": stopped before all of it was applied");
                const std::uint64_t left = run.bytes - done;
                ByteView bytes =
                    ByteView(buffer).first(static_cast<std::size_t>(std::min<std::uint64_t>(left, copy_size)));
                if (run.base) {
                    FILFIL_CHECK(base.read(*run.base + done, ByteSpan(buffer).first(bytes.size())));
                } else {
                    FILFIL_TRY(bytes, added.take(left));
                    if (bytes.empty())
                        return Error(ErrorCode::truncated, path + ": ends before its last new section",
                                     std::string(damaged));
                }
                FILFIL_CHECK(target.write(bytes));
                done += bytes.size();
            }
    }
    FILFIL_TRY(const ByteView beyond, added.take(1));
    if (!beyond.empty())
        return Error(ErrorCode::corrupt, path + ": has more new sections than its runs take", std::string(damaged));
    return {};
}

}    // namespace

Result<ApplyReport> apply_diff(Files& files, const std::string& base, const std::string& diff,
                               const std::string& output, const DiffOptions& options) {
    car::ReaderOptions reading;
    reading.progress = options.progress;
    // A new F3 block of the target is a section like any other here.
    reading.limits.section = reading.limits.f3_section;
    FILFIL_TRY(car::Reader reader, car::Reader::open(files, diff, reading));
    BodyStream body(reader, options.stop);
    FILFIL_TRY(const Front front, read_front(reader, body));
    const DiffManifest& manifest = front.manifest;

    // Before the base is read, which takes long: it may be a place where nothing can be written.
    FILFIL_TRY(const auto file, files.create(output));
    Base from(files);
    FILFIL_CHECK(from.open(base, output + ".base", manifest.base, options));
    TargetWriter target(*file);
    FILFIL_CHECK(write_target(front, from, body, diff, target, options.stop));
    FILFIL_TRY(const ipld::Digest256 sha256, target.finish());
    if (sha256 != manifest.target.sha256)
        return Error(ErrorCode::mismatch, diff + ": what it makes is not the CAR that it was made from",
                     std::string(damaged));
    FILFIL_CHECK(file->commit());
    return ApplyReport{manifest.added_blocks, manifest.removed_blocks, manifest.target.bytes};
}

}    // namespace filfil::snapshot
