// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/world.hpp"
#include "commp/backend.hpp"
#include "journal/journal.hpp"
#include "service/config.hpp"
#include "service/log_store.hpp"
#include "service/memory_gauge.hpp"
#include "snapshot/arena.hpp"

#include <functional>
#include <memory>
#include <string>

namespace filfil::service {

/// What a daemon needs beside the world.
struct DaemonTools {
    World& world;
    LogStore& log;    ///< answers FilFil.Log; world.log writes there too

    /// Hashes pieces. `hashing` and `writing`: see snapshot::ExportTools; in a simulation both are InlineExecutors.
    commp::Backend& backend;
    Executor& hashing;
    Executor& writing;
    unsigned readers = 1;

    /// Reads a CAR into the engine on these threads: see snapshot::DurableEngine::open. Not world.workers.
    Executor& loading;

    /// Opens DIR/journal.db; a simulation has its own disk.
    std::function<Result<std::unique_ptr<journal::Journal>>(const std::string& path)> open_journal;

    /// Bytes that the process has in memory and that the machine has free; a simulation makes them up.
    std::function<MemoryReading()> read_memory;

    /// Told "READY=1", "STATUS=…", "STOPPING=1" (systemd's notify protocol). May do nothing.
    std::function<void(const std::string&)> notify;

    /// Answers FilFil.Devices: a list as `fil-fil devices --json` gives it. Called on a worker; none: only the backend
    /// that hashes is told.
    std::function<rpc::Json(bool benchmark)> devices{};

    /// Called on the loop where FilFil.Stop asks for the end: who owns the daemon calls stop() then.
    std::function<void()> stop_requested{};

    std::string version{};             ///< of the program
    snapshot::ArenaOptions arena{};    ///< of the block store
};

/// The service: opens its folder, follows a node, takes snapshots, keeps holds and a journal, answers the API and
/// serves pieces. All on world.loop; heavy work on world.workers.
///
/// Folder: config.toml, token.read, token.admin (0600), engine/ (see DurableEngine), journal.db, snapshots/, log/.
class Daemon {
public:
    Daemon(DaemonTools tools, Config config);

    /// After stop() has called back, or after a crash of the world it lives in.
    ~Daemon();

    /// Opens folder and journal (on the workers), starts listening, opens the engine, then follows. @param started
    /// called on the loop when the API listens, before the engine is opened, which may take long: `status` tells how
    /// far that is, and why it failed. With an error (folder in use, of a newer version, port taken, journal damaged,
    /// …) nothing is running
    void start(std::function<void(Result<void>)> started);

    /// Ends jobs at their next safe point, writes what has to be written, closes all. Calls back on the loop.
    void stop(std::function<void()> stopped);

    /// Where the API and retrieval listen; empty host where they do not.
    [[nodiscard]] Endpoint api_endpoint() const;
    [[nodiscard]] Endpoint retrieval_endpoint() const;

private:
    struct Impl;
    std::shared_ptr<Impl> m_impl;
};

}    // namespace filfil::service
