// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "snapshot/diff.hpp"

#include "car/reader.hpp"
#include "car/writer.hpp"
#include "ipld/digest.hpp"
#include "ipld/varint.hpp"
#include "snapshot/body_stream.hpp"
#include "snapshot/diff_format.hpp"
#include "snapshot/section_index.hpp"

#include <memory>
#include <utility>

namespace filfil::snapshot {
namespace {

Error changed(const std::string& path) {
    return {ErrorCode::mismatch, path + ": changed while it was compared",
            "make the diff again when nothing writes to it"};
}

car::ReaderOptions reading(const DiffOptions& options) {
    car::ReaderOptions out;
    out.progress = options.progress;
    return out;
}

/// Reads a CAR to its end and shows each section with its place in the body.
template <class Visit>
Result<CarIdentity> read_car(Files& files, const std::string& path, const DiffOptions& options, Bytes& header,
                             const Visit& visit) {
    FILFIL_TRY(car::Reader reader, car::Reader::open(files, path, reading(options)));
    header = reader.header().bytes;
    ipld::Sha256Stream sha256;
    sha256.update(header);
    std::uint64_t offset = 0;
    car::Batch batch;
    for (;;) {
        if (options.stop.stop_requested())
            return Error(ErrorCode::cancelled, path + ": stopped before its end was read");
        FILFIL_TRY(const bool more, reader.read(batch));
        if (!more) break;
        sha256.update(batch.bytes());
        for (const car::Section& section : batch.sections()) {
            FILFIL_CHECK(visit(section, offset));
            offset += section.bytes.size();
        }
    }
    return CarIdentity{header.size() + offset, reader.sections(), sha256.finish()};
}

struct Plan {
    DiffManifest manifest;
    std::vector<Bytes> run_lists;
};

Result<Plan> compare(Files& files, const std::string& base, const std::string& target, Random& random,
                     const DiffOptions& options) {
    Plan plan;
    DiffManifest& manifest = plan.manifest;
    SectionIndex index({random.next(), random.next()});
    Bytes base_header;
    FILFIL_TRY(manifest.base, read_car(files, base, options, base_header,
                                       [&](const car::Section& section, std::uint64_t offset) -> Result<void> {
                                           index.add(section.bytes, offset);
                                           return {};
                                       }));
    RunPacker packer;
    FILFIL_TRY(manifest.target, read_car(files, target, options, manifest.target_header,
                                         [&](const car::Section& section, std::uint64_t) {
                                             const auto found = index.find(section.bytes);
                                             if (!found) {
                                                 ++manifest.added_blocks;
                                                 manifest.added_bytes += section.bytes.size();
                                             }
                                             return packer.add({section.bytes.size(), found});
                                         }));
    manifest.removed_blocks = index.never_found();
    FILFIL_TRY(plan.run_lists, packer.finish());
    for (const Bytes& list : plan.run_lists)
        manifest.run_lists.push_back(ipld::cid_of_block(ipld::Codec::dag_cbor, list));
    return plan;
}

/// Copies the target's new sections, in order.
Result<void> copy_added(Files& files, const std::string& target, const Plan& plan, car::Writer& writer,
                        const DiffOptions& options) {
    FILFIL_TRY(car::Reader reader, car::Reader::open(files, target, reading(options)));
    if (reader.header().bytes != plan.manifest.target_header) return changed(target);
    ipld::Sha256Stream sha256;
    sha256.update(reader.header().bytes);
    BodyStream body(reader, options.stop);
    for (const Bytes& list : plan.run_lists) {
        FILFIL_TRY(const std::vector<Run> runs, decode_run_list(list));
        for (const Run& run : runs)
            for (std::uint64_t left = run.bytes; left > 0;) {
                FILFIL_TRY(const ByteView bytes, body.take(left));
                if (bytes.empty()) return changed(target);
                sha256.update(bytes);
                if (!run.base) FILFIL_CHECK(writer.raw(bytes));
                left -= bytes.size();
            }
    }
    FILFIL_TRY(const ByteView beyond, body.take(1));
    if (!beyond.empty() || sha256.finish() != plan.manifest.target.sha256) return changed(target);
    return {};
}

std::uint64_t section_size(const ipld::Cid& cid, ByteView data) {
    const std::uint64_t content = cid.bytes().size() + data.size();
    return ipld::varint_length(content) + content;
}

}    // namespace

Result<DiffReport> make_diff(Files& files, const std::string& base, const std::string& target,
                             const std::optional<std::string>& output, Random& random, const DiffOptions& options) {
    FILFIL_TRY(const Plan plan, compare(files, base, target, random, options));
    const DiffManifest& manifest = plan.manifest;
    FILFIL_TRY(const Bytes block, encode(manifest));
    const ipld::Cid root = ipld::cid_of_block(ipld::Codec::dag_cbor, block);
    const Bytes header = car::encode_header(std::span(&root, 1));

    DiffReport report{manifest.added_blocks, manifest.removed_blocks, header.size() + section_size(root, block)};
    report.bytes += manifest.added_bytes;
    for (std::size_t i = 0; i < plan.run_lists.size(); ++i)
        report.bytes += section_size(manifest.run_lists[i], plan.run_lists[i]);
    if (!output) return report;

    FILFIL_TRY(const auto file, files.create(*output));
    car::FileSink sink(*file);
    car::Writer writer(sink);
    FILFIL_CHECK(writer.raw(header));
    FILFIL_CHECK(writer.block(root.bytes(), block));
    for (std::size_t i = 0; i < plan.run_lists.size(); ++i)
        FILFIL_CHECK(writer.block(manifest.run_lists[i].bytes(), plan.run_lists[i]));
    FILFIL_CHECK(copy_added(files, target, plan, writer, options));
    FILFIL_CHECK(writer.finish());
    FILFIL_CHECK(file->commit());
    return report;
}

}    // namespace filfil::snapshot
