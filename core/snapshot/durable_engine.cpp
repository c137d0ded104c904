// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "snapshot/durable_engine.hpp"

#include "snapshot/engine_node.hpp"
#include "snapshot/recorded_blocks.hpp"
#include "snapshot/saved_codec.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>

namespace filfil::snapshot {
namespace {

constexpr std::string_view current_name = "CURRENT";
constexpr std::string_view lock_name = "LOCK";
constexpr std::string_view first_line = "fil-fil engine ";
constexpr std::string_view second_line = "checkpoint ";
constexpr std::uint64_t version = 1;

/// So much of a checkpoint is copied and written at a time, and so much of a change's blocks stands in one record:
/// several are hashed side by side.
constexpr std::size_t run_bytes = 4 * MiB;
constexpr std::size_t record_bytes = MiB;

Error no_line(std::string_view before, const std::string& path) {
    return {ErrorCode::corrupt, path + ": a line '" + std::string(before) + "NUMBER' is expected",
            "take another folder, or remove this one and start again from a snapshot"};
}

/// All of `digits` as a number in its shortest form.
std::optional<std::uint64_t> parse_number(std::string_view digits) {
    std::uint64_t out = 0;
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), out);
    if (read.ec != std::errc() || read.ptr != digits.data() + digits.size() || std::to_string(out) != digits)
        return std::nullopt;
    return out;
}

/// Takes a whole line off, its end included.
Result<std::uint64_t> take_line(std::string_view& text, std::string_view before, const std::string& path) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos || !text.starts_with(before)) return no_line(before, path);
    const auto number = parse_number(text.substr(before.size(), end - before.size()));
    if (!number) return no_line(before, path);
    text.remove_prefix(end + 1);
    return *number;
}

/// Which checkpoint a CURRENT file names.
Result<std::uint64_t> parse_current(std::string_view text, const std::string& path) {
    FILFIL_TRY(const std::uint64_t found, take_line(text, first_line, path));
    if (found > version)
        return Error(ErrorCode::unsupported,
                     path + ": this folder was written by a newer fil-fil (version " + std::to_string(found) +
                         ", and " + std::to_string(version) + " is the latest known here)",
                     "use that fil-fil, or another folder");
    FILFIL_TRY(const std::uint64_t number, take_line(text, second_line, path));
    if (found != version || !text.empty()) return no_line(second_line, path);
    return number;
}

/// What the name of a file of the folder says.
struct FileName {
    bool checkpoint = false;    ///< or a log
    bool whole = false;         ///< not one that was being written
    std::uint64_t number = 0;
};

std::optional<FileName> parse_name(std::string_view name) {
    FileName out;
    out.whole = !name.ends_with(".part");
    if (!out.whole) name.remove_suffix(5);
    if (name.starts_with("checkpoint-") && name.ends_with(".car")) {
        out.checkpoint = true;
        name.remove_prefix(11);
        name.remove_suffix(4);
    } else if (name.starts_with("log-") && out.whole) {
        name.remove_prefix(4);
    } else {
        return std::nullopt;
    }
    const auto number = parse_number(name);
    if (!number) return std::nullopt;
    out.number = *number;
    return out;
}

}    // namespace

DurableEngine::DurableEngine(Files& files, std::string folder, const EngineOptions& options, Random& random,
                             const Clock& clock, Executor& executor)
    : m_files(files),
      m_folder(std::move(folder)),
      m_clock(clock),
      m_executor(executor),
      m_window{options.recent_stateroots, options.slack},
      m_engine(std::make_unique<Engine>(options, random, clock)),
      m_recording(record_bytes) {}

std::string DurableEngine::path_of(std::string_view what, std::uint64_t number) const {
    const std::string name = std::string(what) + "-" + std::to_string(number);
    return join_path(m_folder, what == "checkpoint" ? name + ".car" : name);
}

Result<std::unique_ptr<DurableEngine>> DurableEngine::open(Files& files, std::string folder,
                                                           const EngineOptions& options, Random& random,
                                                           const Clock& clock, Executor& executor,
                                                           const LoadOptions& load) {
    if (options.recent_stateroots < 0 || options.slack < 0)
        return Error(ErrorCode::invalid_argument, "the number of epochs to keep is less than 0");
    FILFIL_CHECK(files.make_folders(folder));
    std::unique_ptr<DurableEngine> out(new DurableEngine(files, std::move(folder), options, random, clock, executor));
    FILFIL_TRY(out->m_lock, files.open_append(join_path(out->m_folder, lock_name)));
    FILFIL_TRY(const std::optional<std::uint64_t> number, out->find_current());
    if (number) {
        FILFIL_CHECK(out->recover(*number, load));
    } else {
        out->m_opened.fresh = true;
        out->forget_others(0, 0);
        out->set_not_durable(Error(ErrorCode::not_found, out->m_folder + ": no checkpoint was written yet"));
    }
    return out;
}

Result<std::optional<std::uint64_t>> DurableEngine::find_current() {
    const std::string current = join_path(m_folder, current_name);
    if (auto file = m_files.open(current); file.ok()) {
        FILFIL_TRY(const Bytes text, read_all(**file, 4 * KiB));
        FILFIL_TRY(const std::uint64_t number, parse_current(chars_of(text), current));
        return std::optional(number);
    } else if (file.error().code != ErrorCode::not_found) {
        return std::move(file).error();
    }
    FILFIL_TRY(const std::vector<std::string> names, m_files.list(m_folder));
    std::optional<std::uint64_t> latest;
    for (const std::string& name : names)
        if (const auto file = parse_name(name); file && file->checkpoint && file->whole)
            latest = std::max(latest.value_or(0), file->number);
    if (latest) FILFIL_CHECK(set_current(*latest));
    return latest;
}

Result<void> DurableEngine::recover(std::uint64_t number, const LoadOptions& load) {
    m_opened.checkpoint = number;
    const std::string path = path_of("log", number);
    std::optional<StateLogReader::Record> state;
    {
        FILFIL_TRY(StateLogReader log, StateLogReader::open(m_files, path, number));
        FILFIL_TRY(state, log.next());
    }
    if (!state || state->type != StateLog::Type::state)
        return Error(ErrorCode::corrupt, path + ": the first record, the engine's state, is damaged",
                     "remove the folder and start again from a snapshot");
    auto saved = decode_saved(state->payload);
    if (!saved.ok()) return std::move(saved).error().in(path + ": record at byte 0");
    FILFIL_TRY(car::Reader reader, car::Reader::open(m_files, path_of("checkpoint", number)));
    FILFIL_TRY(m_opened.load, m_engine->restore(*saved, reader, m_executor, load));

    const Clock::Duration start = m_clock.steady();
    m_number = number;
    for (bool more = true; more;) {
        if (load.stop.stop_requested()) return Error(ErrorCode::cancelled, path + ": replaying it was stopped");
        FILFIL_TRY(more, replay(m_number));
        if (more) ++m_number;
    }
    m_engine->drop_passing();
    if (m_engine->window() != m_window) {
        m_engine->set_window(m_window);
        log([&] { return std::pair(StateLog::Type::window, encode_window(m_window)); });
    }
    FILFIL_CHECK(m_engine->settle());
    forget_others(number, m_number);
    m_opened.replay_seconds = seconds_between(start, m_clock.steady());
    return {};
}

/// Replays one log; the last one is opened for appending. @return true if the next one is to be replayed, too
Result<bool> DurableEngine::replay(std::uint64_t number) {
    const std::string path = path_of("log", number);
    FILFIL_TRY(StateLogReader log, StateLogReader::open(m_files, path, number));
    RecordedBlocks blocks;
    for (;;) {
        FILFIL_TRY(const auto record, log.next());
        if (!record) break;
        if (auto done = replay_record(*record, blocks); !done.ok())
            return std::move(done).error().in(path + ": record at byte " + std::to_string(record->offset));
    }
    m_opened.torn_bytes = log.size() - log.good();
    bool damaged = false;
    FILFIL_TRY(const bool next, follows(number + 1, damaged));
    if (next && m_opened.torn_bytes == 0) {
        m_older_log_bytes += log.good();
        return true;
    }
    m_opened.cut_short = next || damaged;
    FILFIL_TRY(StateLog appending, StateLog::open(m_files, path, number, log.good()));
    m_log = std::move(appending);
    set_log_bytes();
    return false;
}

/// Whether a log begins with the state that the engine is in. If not, records before it were lost, and what came after
/// them does not fit any more. A crash may also have left one without its first record.
Result<bool> DurableEngine::follows(std::uint64_t number, bool& damaged) const {
    auto log = StateLogReader::open(m_files, path_of("log", number), number);
    if (!log.ok()) {
        if (log.error().code == ErrorCode::not_found) return false;
        return std::move(log).error();
    }
    FILFIL_TRY(const auto state, log->next());
    if (!state || state->type != StateLog::Type::state) return false;
    auto saved = decode_saved(state->payload);
    if (!saved.ok()) return std::move(saved).error().in(path_of("log", number) + ": record at byte 0");
    saved->passing.clear();
    FILFIL_TRY(const Bytes then, encode_saved(*saved));
    FILFIL_TRY(const Bytes now, encode_saved(m_engine->saved()));
    damaged = then != now;
    return then == now;
}

Result<void> DurableEngine::replay_record(const StateLogReader::Record& record, RecordedBlocks& blocks) {
    switch (record.type) {
        case StateLog::Type::state: return {};
        case StateLog::Type::blocks: return blocks.add(record.payload);
        case StateLog::Type::changes: {
            FILFIL_TRY(const LoggedChanges logged, decode_changes(record.payload));
            if (logged.settled) {
                m_engine->drop_passing();
                FILFIL_CHECK(m_engine->tick(~std::uint64_t{0}));
            }
            FILFIL_CHECK(m_engine->apply(logged.changes, blocks));
            blocks.clear();
            ++m_opened.replayed;
            return {};
        }
        case StateLog::Type::hold: {
            FILFIL_TRY(const Engine::Saved::Held held, decode_held(record.payload));
            auto done = m_engine->hold_as(held);
            if (done.ok()) return {};
            if (done.error().code != ErrorCode::not_found) return std::move(done).error();
            // A chain without this hold is worth more than none.
            m_lost_holds.insert(held.number);
            ++m_opened.lost_holds;
            return {};
        }
        case StateLog::Type::release: {
            FILFIL_TRY(const std::uint64_t number, decode_number(record.payload));
            if (m_lost_holds.erase(number) > 0) return {};
            return m_engine->release(number);
        }
        case StateLog::Type::window: {
            FILFIL_TRY(const Engine::Window window, decode_window(record.payload));
            m_engine->set_window(window);
            return {};
        }
    }
    return Error(ErrorCode::unsupported,
                 "the record's kind, " + std::to_string(static_cast<unsigned>(record.type)) + ", is not known here",
                 "use the fil-fil that wrote it");
}

/// Appends the record that `write` gives, a type and a payload, and makes it durable.
template <class Write>
void DurableEngine::log(Write&& write) {
    if (m_hole || !m_log) return;
    const auto written = [&]() -> Result<void> {
        auto [type, payload] = write();
        if (!payload.ok()) return std::move(payload).error();
        FILFIL_CHECK(m_log->append(type, *payload));
        return m_log->sync();
    }();
    set_log_bytes();
    if (written.ok()) return;
    m_hole = true;
    if (!not_durable()) set_not_durable(written.error());
}

void DurableEngine::set_not_durable(std::optional<Error> error) {
    const std::lock_guard lock(m_status);
    m_not_durable = std::move(error);
}

void DurableEngine::set_log_bytes() {
    const std::lock_guard lock(m_status);
    m_log_bytes = m_older_log_bytes + m_log->size();
}

Result<LoadReport> DurableEngine::load(car::Reader& reader, const LoadOptions& options) {
    FILFIL_TRY(const LoadReport report, m_engine->load(reader, m_executor, options));
    (void)checkpoint(options.stop);
    return report;
}

Result<void> DurableEngine::start(const chain::TipsetKey& head, BlockSource& source) {
    FILFIL_CHECK(m_engine->start(head, source));
    (void)checkpoint();
    return {};
}

Result<void> DurableEngine::apply(std::span<const chain::HeadChange> changes, BlockSource& source) {
    std::unique_lock lock(m_mutex);
    if (!m_log && m_engine->saved().head.empty()) {
        // As Engine::apply() has it, but without a record of a whole chain.
        if (changes.size() == 1 && changes[0].type == chain::HeadChange::Type::current) {
            lock.unlock();
            return start(changes[0].key, source);
        }
        return m_engine->apply(changes, source);
    }
    const bool settled = m_engine->settled();
    // Until then a change may use what a failed one has left.
    if (settled) m_recording.clear();
    m_recording.listen_to(source);
    FILFIL_CHECK(m_engine->apply(changes, m_recording));
    if (append_blocks(m_recording.sections()))
        log([&] {
            return std::pair(StateLog::Type::changes,
                             encode_changes({.changes = {changes.begin(), changes.end()}, .settled = settled}));
        });
    m_recording.clear();
    m_recording.skip_none();
    return {};
}

/// @return whether the log goes on
bool DurableEngine::append_blocks(std::span<const Bytes> sections) {
    if (m_hole || !m_log) return false;
    auto appended = m_log->append(StateLog::Type::blocks, sections);
    if (appended.ok()) return true;
    m_hole = true;
    if (!not_durable()) set_not_durable(std::move(appended).error());
    return false;
}

void DurableEngine::write_ahead(const Bytes& sections, std::span<const ipld::Cid> cids) {
    const std::lock_guard lock(m_mutex);
    if (!append_blocks({&sections, 1})) return;
    // Whether it is durable is told by the change's own sync: this one is for the disk to begin.
    if (auto synced = m_log->sync(); !synced.ok()) {
        m_hole = true;
        if (!not_durable()) set_not_durable(std::move(synced).error());
    }
    set_log_bytes();
    m_recording.skip(cids);
}

Result<std::uint64_t> DurableEngine::hold(const TipsetChoice& tipset, std::int64_t recent_stateroots) {
    const std::lock_guard lock(m_mutex);
    FILFIL_TRY(const chain::TipsetKey key, m_engine->find(tipset));
    FILFIL_TRY(const std::uint64_t number, m_engine->hold({.key = key}, recent_stateroots));
    log([&] { return std::pair(StateLog::Type::hold, encode_held({number, key, recent_stateroots})); });
    return number;
}

Result<void> DurableEngine::release(std::uint64_t hold) {
    const std::lock_guard lock(m_mutex);
    FILFIL_CHECK(m_engine->release(hold));
    log([&] { return std::pair(StateLog::Type::release, encode_number(hold)); });
    return {};
}

Result<bool> DurableEngine::tick(std::uint64_t budget, Tidiness tidiness) {
    const std::lock_guard lock(m_mutex);
    return m_engine->tick(budget, tidiness);
}

std::optional<Error> DurableEngine::not_durable() const {
    const std::lock_guard lock(m_status);
    return m_not_durable;
}

std::uint64_t DurableEngine::log_bytes() const {
    const std::lock_guard lock(m_status);
    return m_log_bytes;
}

/// Freezing frees what died: little by little before it, so that the chain can be followed on.
Result<void> DurableEngine::collect() {
    for (bool done = false; !done;) {
        FILFIL_TRY(done, tick());
    }
    return {};
}

Result<StateLog> DurableEngine::begin_log(std::uint64_t number, const Engine::Saved& saved) {
    const std::string path = path_of("log", number);
    const auto begin = [&]() -> Result<StateLog> {
        FILFIL_TRY(const Bytes state, encode_saved(saved));
        // One that a crash left behind, or that a full disk kept from being begun, is written anew.
        FILFIL_TRY(StateLog next, StateLog::open(m_files, path, number, 0));
        FILFIL_CHECK(next.append(StateLog::Type::state, state));
        FILFIL_CHECK(next.sync());
        return next;
    };
    auto begun = begin();
    if (!begun.ok()) (void)m_files.remove(path);
    return begun;
}

Result<void> DurableEngine::checkpoint(std::stop_token stop, Progress* progress) {
    const std::lock_guard one_at_a_time(m_checkpointing);
    const auto done = [&]() -> Result<void> {
        FILFIL_CHECK(collect());
        std::unique_ptr<Engine::Frozen> frozen;
        std::uint64_t number = 0;
        {
            const std::lock_guard lock(m_mutex);
            FILFIL_TRY(frozen, m_engine->freeze());
            number = m_number + 1;
            FILFIL_TRY(StateLog next, begin_log(number, frozen->saved));
            if (m_log) m_older_log_bytes += m_log->size();
            m_log = std::move(next);
            // What was written ahead stands in the log before.
            m_recording.skip_none();
            m_number = number;
            m_hole = false;
            set_log_bytes();
        }
        {
            FILFIL_TRY(const std::unique_ptr<Layout> layout, m_engine->lay_out_all(std::move(frozen), stop));
            FILFIL_CHECK(write_checkpoint(number, *layout, stop, progress));
        }
        FILFIL_CHECK(set_current(number));
        forget_others(number, number);
        const std::lock_guard lock(m_mutex);
        m_older_log_bytes = 0;
        set_log_bytes();
        // The log that was begun with this checkpoint is whole unless a later write to it failed.
        if (!m_hole) set_not_durable(std::nullopt);
        return {};
    }();
    // The reason that counts is why the remedy does not help.
    if (!done.ok() && not_durable()) set_not_durable(done.error());
    return done;
}

Result<void> DurableEngine::write_checkpoint(std::uint64_t number, const Layout& layout, const std::stop_token& stop,
                                             Progress* progress) {
    const std::string path = path_of("checkpoint", number);
    FILFIL_TRY(const std::unique_ptr<OutputFile> file, m_files.create(path));
    FILFIL_CHECK(file->write(layout.header()));
    Bytes run(run_bytes);
    for (std::uint64_t at = 0; at < layout.body_size();) {
        if (stop.stop_requested()) return Error(ErrorCode::cancelled, path + ": writing it was stopped");
        const ByteSpan part = ByteSpan(run).first(std::min<std::uint64_t>(run.size(), layout.body_size() - at));
        FILFIL_CHECK(layout.read(at, part));
        FILFIL_CHECK(file->write(part));
        at += part.size();
        if (progress != nullptr) progress->advance(part.size());
    }
    return file->commit();
}

Result<void> DurableEngine::set_current(std::uint64_t number) {
    FILFIL_TRY(const std::unique_ptr<OutputFile> file, m_files.create(join_path(m_folder, current_name)));
    const std::string text = std::string(first_line) + std::to_string(version) + "\n" + std::string(second_line) +
                             std::to_string(number) + "\n";
    FILFIL_CHECK(file->write(bytes_of(text)));
    return file->commit();
}

/// Removes all checkpoints but one, and all logs but those from its number on to the last.
void DurableEngine::forget_others(std::uint64_t checkpoint, std::uint64_t last_log) {
    // What cannot be removed now is no harm: it is not named any more, and goes with the next checkpoint.
    const auto names = m_files.list(m_folder);
    if (!names.ok()) return;
    for (const std::string& name : *names) {
        // A crash in the moment of renaming leaves it.
        if (name == std::string(current_name) + ".part") (void)m_files.remove(join_path(m_folder, name));
        const auto file = parse_name(name);
        if (!file) continue;
        const bool needed = file->checkpoint ? file->whole && file->number == checkpoint
                                             : file->number >= checkpoint && file->number <= last_log;
        if (!needed) (void)m_files.remove(join_path(m_folder, name));
    }
}

}    // namespace filfil::snapshot
