// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "snapshot/durable_engine.hpp"

#include "snapshot/engine_node.hpp"
#include "snapshot/recorded_blocks.hpp"
#include "snapshot/saved_codec.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>

namespace filfil::snapshot {
namespace {

constexpr std::string_view current_name = "CURRENT";
constexpr std::string_view first_line = "fil-fil engine ";
constexpr std::string_view second_line = "checkpoint ";
constexpr std::uint64_t version = 1;

/// So much of a checkpoint is copied and written at a time, and so much of a change's blocks stands in one record.
constexpr std::size_t run_bytes = 4 * MiB;
constexpr std::size_t record_bytes = 256 * MiB;

Result<std::uint64_t> number_in(std::string_view line, std::string_view before, const std::string& path) {
    std::uint64_t out = 0;
    if (line.starts_with(before)) {
        line.remove_prefix(before.size());
        const auto read = std::from_chars(line.data(), line.data() + line.size(), out);
        if (read.ec == std::errc() && read.ptr == line.data() + line.size()) return out;
    }
    return Error(ErrorCode::corrupt, path + ": a line '" + std::string(before) + "NUMBER' is expected",
                 "take another folder, or remove this one and start again from a snapshot");
}

/// Which checkpoint a CURRENT file names.
Result<std::uint64_t> parse_current(std::string_view text, const std::string& path) {
    const std::size_t end = text.find('\n');
    FILFIL_TRY(const std::uint64_t found, number_in(text.substr(0, end), first_line, path));
    if (found > version)
        return Error(ErrorCode::unsupported,
                     path + ": this folder was written by a newer fil-fil (version " + std::to_string(found) +
                         ", and " + std::to_string(version) + " is the latest known here)",
                     "use that fil-fil, or another folder");
    const std::string_view rest = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    return number_in(rest.substr(0, rest.find('\n')), second_line, path);
}

}    // namespace

DurableEngine::DurableEngine(Files& files, std::string folder, const EngineOptions& options, Random& random,
                             const Clock& clock, Executor& executor)
    : m_files(files),
      m_folder(std::move(folder)),
      m_clock(clock),
      m_executor(executor),
      m_engine(std::make_unique<Engine>(options, random, clock)) {}

std::string DurableEngine::path_of(std::string_view what, std::uint64_t number) const {
    const std::string name = std::string(what) + "-" + std::to_string(number);
    return join_path(m_folder, what == "checkpoint" ? name + ".car" : name);
}

Result<std::unique_ptr<DurableEngine>> DurableEngine::open(Files& files, std::string folder,
                                                           const EngineOptions& options, Random& random,
                                                           const Clock& clock, Executor& executor,
                                                           const LoadOptions& load) {
    FILFIL_CHECK(files.make_folders(folder));
    std::unique_ptr<DurableEngine> out(new DurableEngine(files, std::move(folder), options, random, clock, executor));
    const std::string current = join_path(out->m_folder, current_name);
    auto file = files.open(current);
    if (!file.ok()) {
        if (file.error().code != ErrorCode::not_found) return std::move(file).error();
        out->m_opened.fresh = true;
        return out;
    }
    FILFIL_TRY(const Bytes text, read_all(**file, 4 * KiB));
    FILFIL_TRY(const std::uint64_t number, parse_current(chars_of(text), current));
    FILFIL_CHECK(out->recover(number, load));
    return out;
}

Result<void> DurableEngine::recover(std::uint64_t number, const LoadOptions& load) {
    m_opened.checkpoint = number;
    FILFIL_TRY(StateLogReader log, StateLogReader::open(m_files, path_of("log", number)));
    FILFIL_TRY(const std::optional<StateLogReader::Record> state, log.next());
    if (!state || state->type != StateLog::Type::state)
        return Error(ErrorCode::corrupt, path_of("log", number) + ": the first record, the engine's state, is damaged",
                     "remove the folder and start again from a snapshot");
    auto saved = decode_saved(state->payload);
    if (!saved.ok()) return std::move(saved).error().in(path_of("log", number) + ": record at byte 0");
    FILFIL_TRY(car::Reader reader, car::Reader::open(m_files, path_of("checkpoint", number)));
    auto restored = m_engine->restore(*saved, reader, m_executor, load);
    if (!restored.ok()) return std::move(restored).error();
    m_opened.load = *restored;

    const Clock::Duration start = m_clock.steady();
    m_number = number;
    for (bool more = true; more;) {
        FILFIL_TRY(more, replay(m_number));
        if (more) ++m_number;
    }
    FILFIL_CHECK(m_engine->settle());
    m_opened.replay_seconds = seconds_between(start, m_clock.steady());
    return {};
}

/// Replays one log and opens it for appending. @return true if the next one is to be replayed, too
Result<bool> DurableEngine::replay(std::uint64_t number) {
    const std::string path = path_of("log", number);
    FILFIL_TRY(StateLogReader log, StateLogReader::open(m_files, path));
    std::optional<RecordedBlocks> blocks(std::in_place);
    bool whole = true;
    for (;;) {
        auto record = log.next();
        if (!record.ok()) return std::move(record).error();
        if (!*record) break;
        if (auto done = replay_record(**record, blocks); !done.ok())
            return std::move(done).error().in(path + ": record at byte " + std::to_string((*record)->offset));
    }
    whole = log.good() == log.size();
    m_opened.torn_bytes = log.size() - log.good();

    // A next log begins with the state that this one ends with. If it does not, records were lost, and what came after
    // them does not fit any more. A crash may also have left one without its first record.
    const std::string next = path_of("log", number + 1);
    bool follows = false;
    if (auto following = StateLogReader::open(m_files, next); following.ok()) {
        FILFIL_TRY(const std::optional<StateLogReader::Record> state, following->next());
        if (state && state->type == StateLog::Type::state) {
            FILFIL_TRY(const Engine::Saved saved, decode_saved(state->payload));
            const EngineStats stats = m_engine->stats();
            follows = whole && saved.head == stats.head && saved.holds.size() == stats.holds;
            m_opened.cut_short = !follows;
        }
    }
    if (follows) return true;
    for (std::uint64_t stale = number + 1; m_files.info(path_of("log", stale)).ok(); ++stale)
        FILFIL_CHECK(m_files.remove(path_of("log", stale)));
    FILFIL_TRY(StateLog appending, StateLog::open(m_files, path, log.good()));
    m_log = std::move(appending);
    return false;
}

Result<void> DurableEngine::replay_record(const StateLogReader::Record& record, std::optional<RecordedBlocks>& blocks) {
    switch (record.type) {
        case StateLog::Type::state: return {};
        case StateLog::Type::blocks: return blocks->add(record.payload);
        case StateLog::Type::changes: {
            FILFIL_TRY(const std::vector<chain::HeadChange> changes, decode_changes(record.payload));
            FILFIL_CHECK(m_engine->apply(changes, *blocks));
            blocks->clear();
            ++m_opened.replayed;
            FILFIL_TRY([[maybe_unused]] const bool done, m_engine->tick());
            return {};
        }
        case StateLog::Type::hold: {
            FILFIL_TRY(const Engine::Saved::Held held, decode_held(record.payload));
            FILFIL_TRY([[maybe_unused]] const std::uint64_t number, m_engine->hold_as(held));
            return {};
        }
        case StateLog::Type::release: {
            FILFIL_TRY(const std::uint64_t number, decode_number(record.payload));
            return m_engine->release(number);
        }
    }
    return Error(ErrorCode::unsupported,
                 "the record's kind, " + std::to_string(static_cast<unsigned>(record.type)) + ", is not known here",
                 "use the fil-fil that wrote it");
}

void DurableEngine::note(Result<void> written) {
    if (written.ok()) return;
    m_hole = true;
    if (!m_not_durable) m_not_durable = std::move(written).error();
}

Result<LoadReport> DurableEngine::load(car::Reader& reader, const LoadOptions& options) {
    FILFIL_TRY(const LoadReport report, m_engine->load(reader, m_executor, options));
    FILFIL_CHECK(checkpoint(options.stop));
    return report;
}

Result<void> DurableEngine::start(const chain::TipsetKey& head, BlockSource& source) {
    FILFIL_CHECK(m_engine->start(head, source));
    return checkpoint();
}

Result<void> DurableEngine::apply(std::span<const chain::HeadChange> changes, BlockSource& source) {
    const std::lock_guard lock(m_mutex);
    RecordingSource recording(source);
    FILFIL_CHECK(m_engine->apply(changes, recording));
    if (m_hole || !m_log) return {};
    note([&]() -> Result<void> {
        for (const Bytes& run : recording.sections(record_bytes))
            FILFIL_CHECK(m_log->append(StateLog::Type::blocks, run));
        FILFIL_TRY(const Bytes encoded, encode_changes(changes));
        FILFIL_CHECK(m_log->append(StateLog::Type::changes, encoded));
        return m_log->sync();
    }());
    return {};
}

Result<std::uint64_t> DurableEngine::hold(const TipsetChoice& tipset, std::int64_t recent_stateroots) {
    const std::lock_guard lock(m_mutex);
    FILFIL_TRY(const chain::TipsetKey key, m_engine->find(tipset));
    FILFIL_TRY(const std::uint64_t number, m_engine->hold({.key = key}, recent_stateroots));
    if (m_hole || !m_log) return number;
    note([&]() -> Result<void> {
        FILFIL_TRY(const Bytes encoded, encode_held({number, key, recent_stateroots}));
        FILFIL_CHECK(m_log->append(StateLog::Type::hold, encoded));
        return m_log->sync();
    }());
    return number;
}

Result<void> DurableEngine::release(std::uint64_t hold) {
    const std::lock_guard lock(m_mutex);
    FILFIL_CHECK(m_engine->release(hold));
    if (m_hole || !m_log) return {};
    note([&]() -> Result<void> {
        FILFIL_TRY(const Bytes encoded, encode_number(hold));
        FILFIL_CHECK(m_log->append(StateLog::Type::release, encoded));
        return m_log->sync();
    }());
    return {};
}

std::optional<Error> DurableEngine::not_durable() const {
    const std::lock_guard lock(m_mutex);
    return m_not_durable;
}

std::uint64_t DurableEngine::log_bytes() const {
    const std::lock_guard lock(m_mutex);
    return m_log ? m_log->size() : 0;
}

Result<void> DurableEngine::checkpoint(std::stop_token stop, Progress* progress) {
    const std::lock_guard one_at_a_time(m_checkpointing);
    std::unique_ptr<Engine::Frozen> frozen;
    std::uint64_t number = 0;
    {
        const std::lock_guard lock(m_mutex);
        FILFIL_TRY(frozen, m_engine->freeze());
        number = m_number + 1;
        FILFIL_TRY(const Bytes state, encode_saved(frozen->saved));
        // One that a crash left behind, or that a full disk kept from being begun, is written anew.
        FILFIL_TRY(StateLog next, StateLog::open(m_files, path_of("log", number), 0));
        FILFIL_CHECK(next.append(StateLog::Type::state, state));
        FILFIL_CHECK(next.sync());
        m_log = std::move(next);
        m_number = number;
        m_hole = false;
    }
    FILFIL_TRY(const std::unique_ptr<Layout> layout, m_engine->lay_out_all(std::move(frozen), stop));
    FILFIL_TRY(const std::unique_ptr<OutputFile> file, m_files.create(path_of("checkpoint", number)));
    FILFIL_CHECK(file->write(layout->header()));
    Bytes run(run_bytes);
    for (std::uint64_t at = 0; at < layout->body_size();) {
        if (stop.stop_requested())
            return Error(ErrorCode::cancelled, path_of("checkpoint", number) + ": writing it was stopped");
        const ByteSpan part = ByteSpan(run).first(std::min<std::uint64_t>(run.size(), layout->body_size() - at));
        FILFIL_CHECK(layout->read(at, part));
        FILFIL_CHECK(file->write(part));
        at += part.size();
        if (progress != nullptr) progress->advance(part.size());
    }
    FILFIL_CHECK(file->commit());
    FILFIL_CHECK(set_current(number));
    forget_before(number);
    const std::lock_guard lock(m_mutex);
    // The log that was begun with this checkpoint is whole unless a later write to it failed.
    if (!m_hole) m_not_durable.reset();
    return {};
}

Result<void> DurableEngine::set_current(std::uint64_t number) {
    FILFIL_TRY(const std::unique_ptr<OutputFile> file, m_files.create(join_path(m_folder, current_name)));
    const std::string text = std::string(first_line) + std::to_string(version) + "\n" + std::string(second_line) +
                             std::to_string(number) + "\n";
    FILFIL_CHECK(file->write(bytes_of(text)));
    return file->commit();
}

void DurableEngine::forget_before(std::uint64_t number) {
    // What cannot be removed now is no harm: it is not named any more, and goes with the next checkpoint.
    const auto names = m_files.list(m_folder);
    if (!names.ok()) return;
    for (const std::string& name : *names) {
        for (const std::string_view what : {"checkpoint-", "log-"}) {
            if (!name.starts_with(what)) continue;
            std::uint64_t its = 0;
            const char* const digits = name.data() + what.size();
            if (std::from_chars(digits, name.data() + name.size(), its).ec == std::errc() && its < number)
                (void)m_files.remove(join_path(m_folder, name));
        }
    }
}

}    // namespace filfil::snapshot
