// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "batch/pack.hpp"

#include "batch/schedule.hpp"

#include <algorithm>
#include <cstring>

namespace filfil::batch {
namespace {

/// Reads a whole small file, of the size that it was admitted with, to the front of `room`.
Result<void> read_whole(Files& files, const Entry& entry, const FileInfo& info, ByteSpan room) {
    FILFIL_TRY(const std::unique_ptr<ReadableFile> file, files.open(entry.path));
    FILFIL_TRY(const std::size_t got, file->read(room.first(static_cast<std::size_t>(info.size))));
    if (got < info.size)
        return Error(ErrorCode::truncated,
                     entry.path + ": became shorter while it was read (from " + std::to_string(info.size) + " to " +
                         std::to_string(got) + " bytes)",
                     "run the batch again with --resume once nothing writes to the file");
    return check_unchanged(files, entry, info);
}

}    // namespace

FinishedPacks::~FinishedPacks() {
    // One after the other: a long list destroyed through its links would recurse.
    while (pop() != nullptr) {
    }
}

void FinishedPacks::push(std::unique_ptr<Pack> pack) noexcept {
    const std::scoped_lock lock(m_mutex);
    pack->m_next = std::move(m_first);
    m_first = std::move(pack);
}

std::unique_ptr<Pack> FinishedPacks::pop() noexcept {
    const std::scoped_lock lock(m_mutex);
    std::unique_ptr<Pack> pack = std::move(m_first);
    if (pack != nullptr) m_first = std::move(pack->m_next);
    return pack;
}

bool Pack::read_file(const PackContext& context, std::size_t item, ByteSpan buffer, std::size_t offset) {
    const Entry& entry = context.items[item].entry;
    const auto info = admit_file(context.files, entry, context.options);
    const auto fail = [&](const Error& error) {
        const FileProgress made_up(context.progress, context.items[item].size);
        context.recorder.record(failed_receipt(entry, info.ok() ? std::optional(*info) : std::nullopt, error));
        return true;
    };
    if (!info.ok()) return fail(info.error());
    const auto length = static_cast<std::size_t>(quads_of(info->size) * commp::quad_payload);
    if (!can_pack(info->size, context.backend.limits()) || length > buffer.size() - offset) return false;

    const Clock::Duration begin = context.clock.steady();
    const ByteSpan room = buffer.subspan(offset, length);
    if (auto read = read_whole(context.files, entry, *info, room); !read.ok()) return fail(read.error());
    const auto size = static_cast<std::size_t>(info->size);
    std::memset(room.data() + size, 0, length - size);
    File file;
    file.item = item;
    file.info = *info;
    if (context.options.sha256) file.sha256 = ipld::sha2_256(room.first(size));
    file.read_seconds = seconds_between(begin, context.clock.steady());
    m_files.push_back(std::move(file));
    FileProgress(context.progress, context.items[item].size).advance(info->size);
    return true;
}

std::vector<std::size_t> Pack::read_and_submit(const PackContext& context, const std::vector<std::size_t>& files) {
    std::vector<std::size_t> outgrown;
    std::unique_ptr<Pack> pack(new Pack(context));
    auto staging = context.backend.acquire();
    if (!staging.ok()) {
        for (const std::size_t item : files)
            context.recorder.record(failed_receipt(context.items[item].entry, std::nullopt, staging.error()));
        return outgrown;
    }
    const std::size_t room = context.backend.limits().staging_quads * commp::quad_payload;
    const ByteSpan buffer = (*staging)->bytes().first(room);

    commp::Submission submission;
    std::size_t offset = 0;
    for (const std::size_t item : files) {
        if (context.stop.stop_requested()) return {};
        const std::size_t before = pack->m_files.size();
        if (!pack->read_file(context, item, buffer, offset)) outgrown.push_back(item);
        if (pack->m_files.size() == before) continue;
        const std::uint64_t size = pack->m_files.back().info.size;
        submission.jobs.push_back({.offset = offset,
                                   .quads = static_cast<std::size_t>(quads_of(size)),
                                   .level = root_level_of(size),
                                   .ticket = before,
                                   .sink = pack.get()});
        pack->m_quads += quads_of(size);
        offset += submission.jobs.back().quads * commp::quad_payload;
    }
    if (submission.jobs.empty()) return outgrown;

    submission.staging = std::move(*staging);
    pack->m_trusted = context.backend.revocations();
    pack->m_open_jobs = submission.jobs.size();
    pack->m_submitted = context.clock.steady();
    Pack& self = *pack;
    self.m_self = std::move(pack);
    if (auto submitted = context.backend.submit(std::move(submission)); !submitted.ok()) {
        for (File& file : self.m_files) file.error = submitted.error();
        self.m_ended = self.m_submitted;
        context.finished.push(std::move(self.m_self));
    }
    return outgrown;
}

void Pack::on_nodes(std::uint64_t ticket, std::span<const commp::Node> nodes) noexcept {
    m_files[ticket].root = nodes[0];
    one_job_ended();
}

void Pack::on_failure(std::uint64_t ticket, Error error, ByteView) noexcept {
    m_files[ticket].error = std::move(error);
    one_job_ended();
}

void Pack::one_job_ended() noexcept {
    if (m_open_jobs.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
    m_ended = m_clock.steady();
    // Whoever pops the pack may destroy it while this call still returns, so nothing of it is touched after the push.
    m_finished.push(std::move(m_self));
}

std::vector<std::size_t> Pack::record(const PackContext& context) const {
    if (context.backend.revocations() != m_trusted) {
        std::vector<std::size_t> doubtful;
        for (const File& file : m_files) doubtful.push_back(file.item);
        return doubtful;
    }
    ReceiptOptions options = context.options;
    options.device = context.backend.name();
    const double hash_seconds = seconds_between(m_submitted, m_ended);
    for (const File& file : m_files) {
        const Entry& entry = context.items[file.item].entry;
        if (file.error) {
            context.recorder.record(failed_receipt(entry, file.info, file.error->in(entry.path)));
            continue;
        }
        const std::uint64_t quads = quads_of(file.info.size);
        const double share = static_cast<double>(quads) / static_cast<double>(m_quads);
        const commp::Piece piece{file.root, file.info.size, std::uint64_t{32} << root_level_of(file.info.size)};
        context.recorder.record(
            hashed_receipt(entry, file.info, piece, file.read_seconds + hash_seconds * share, file.sha256, options));
    }
    return {};
}

}    // namespace filfil::batch
