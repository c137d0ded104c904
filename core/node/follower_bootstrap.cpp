// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "node/follower_impl.hpp"

#include "car/reader.hpp"

#include <utility>

namespace filfil::node {
namespace {

/// What may wait to be written. A disk that is slower than the node by more than this cannot take a bootstrap in.
constexpr std::uint64_t most_queued = GiB;

}    // namespace

void Follower::Impl::bootstrap() {
    if (!options.bootstrap_from_node) {
        fail(Error(ErrorCode::not_found, "there is no chain in the data folder yet",
                   "start with --bootstrap SNAPSHOT.car, or on small networks with --bootstrap node"),
             SyncState::failed);
        return;
    }
    set_state(SyncState::bootstrapping, "taking the first chain from " + link->name());
    first = target;
    first_epoch = target_epoch;
    if (options.export_path.empty() || export_unsupported)
        bootstrap_by_blocks();
    else
        bootstrap_by_export();
}

void Follower::Impl::bootstrap_by_blocks() {
    busy = true;
    rounds = 0;
    gather_start = last_byte = world.clock.steady();
    gathering = std::make_unique<Gathering>(engine.engine().store(), blocks,
                                            Gathering::Limits{.blocks = options.bootstrap_blocks});
    ++gathering_number;
    if (auto wanted = gathering->want_chain(first, engine.engine().window().recent_stateroots, false); !wanted.ok())
        return give_up(wanted.error());
    pump();
}

void Follower::Impl::bootstrap_by_export() {
    busy = true;
    auto file = world.files.create(options.export_path);
    if (!file.ok()) {
        fail(file.error(), SyncState::failed);
        return retry_after(options.retry_most);
    }
    exporting = std::make_unique<Export>();
    exporting->file = std::move(*file);
    link->export_chain(first, engine.engine().window().recent_stateroots,
                       here([this](Result<Bytes> part) { take_part(std::move(part)); }),
                       here([this](const Error& why) { export_closed(why); }));
}

void Follower::Impl::take_part(Result<Bytes> part) {
    if (!exporting || exporting->ended) return;
    if (!part.ok()) {
        ++status.wrong_answers;
        return lose(part.error(), SyncState::bootstrapping);
    }
    if (part->empty()) {
        exporting->ended = true;
    } else {
        exporting->queued += part->size();
        exporting->parts.push_back(std::move(*part));
        if (exporting->queued > most_queued)
            return lose(
                Error(ErrorCode::too_large, options.export_path + ": the node sends faster than this can be written",
                      "use a faster disk, or bootstrap from a snapshot file"),
                SyncState::bootstrapping);
    }
    write_parts();
}

void Follower::Impl::write_parts() {
    if (exporting->writing) return;
    if (exporting->parts.empty()) {
        if (exporting->ended) load_export();
        return;
    }
    exporting->writing = true;
    // The file goes along: the export may be given up meanwhile.
    run(
        [file = exporting->file, parts = std::exchange(exporting->parts, {})]() -> Result<std::uint64_t> {
            std::uint64_t bytes = 0;
            for (const Bytes& part : parts) {
                FILFIL_CHECK(file->write(part));
                bytes += part.size();
            }
            return bytes;
        },
        [this](Result<std::uint64_t> done) {
            if (!exporting) {
                busy = false;
                return step();
            }
            exporting->writing = false;
            if (!done.ok()) return lose(done.error(), SyncState::failed);
            exporting->queued -= *done;
            status.bytes_read += *done;
            write_parts();
        });
}

void Follower::Impl::export_closed(const Error& why) {
    if (!exporting || exporting->ended) return;
    exporting.reset();
    busy = running > 0;
    if (why.code == ErrorCode::unsupported) {
        export_unsupported = true;
        log(LogLevel::info, "the node streams no snapshot: reading block by block");
        return step();
    }
    lose(Error(ErrorCode::truncated, "the node ended its export before the last part: " + why.message,
               "it is tried again; a node under load does so: a snapshot file is quicker"),
         SyncState::bootstrapping);
}

void Follower::Impl::load_export() {
    run(
        [this, file = exporting->file, chosen = first]() -> Result<void> {
            FILFIL_CHECK(file->commit());
            const auto load = [&]() -> Result<void> {
                FILFIL_TRY(car::Reader reader, car::Reader::open(world.files, options.export_path));
                snapshot::LoadOptions loading;
                loading.head.key = chosen;
                loading.stop = stop_source.get_token();
                FILFIL_TRY([[maybe_unused]] const auto report, engine.load(reader, loading));
                return {};
            }();
            (void)world.files.remove(options.export_path);
            return load;
        },
        [this](Result<void> done) {
            exporting.reset();
            bootstrapped(std::move(done));
        });
}

void Follower::Impl::bootstrapped(Result<void> done) {
    busy = false;
    settled = false;
    first.clear();
    if (!done.ok()) {
        read_head();
        return lose(done.error(), SyncState::bootstrapping);
    }
    status.bootstrap_progress = 1;
    read_head();
    update_lag();
    set_state(SyncState::catching_up);
    events.on_head({{chain::HeadChange::Type::current, head, head_epoch}});
    ask_finality();
    step();
}

}    // namespace filfil::node
