// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/opening.hpp"

#include "car/reader.hpp"
#include "chain/block_header.hpp"
#include "service/snapshot_files.hpp"
#include "service/tokens.hpp"
#include "snapshot/frc0108.hpp"

#include <algorithm>
#include <utility>

namespace filfil::service {
namespace {

/// A chain's genesis: its CID and its time.
Result<std::pair<ipld::Cid, std::uint64_t>> genesis_of(snapshot::DurableEngine& engine) {
    FILFIL_TRY(const chain::TipsetKey key, engine.engine().find({.key = {}, .epoch = Epoch{0}}));
    const snapshot::BlockStore::Reader reader(engine.engine().store());
    const auto header = reader.find(key.front().bytes());
    if (!header) return Error(ErrorCode::corrupt, "the genesis header is not in the store");
    FILFIL_TRY(const chain::BlockHeader decoded, chain::decode_block_header(header->data));
    return std::pair(key.front(), decoded.timestamp);
}

/// Bytes that opening reads, as far as they can be told beforehand.
std::uint64_t bytes_to_read(Files& files, const EngineWanted& wanted) {
    std::uint64_t largest = 0;
    if (const auto names = files.list(wanted.folder); names.ok())
        for (const std::string& name : *names)
            if (name.starts_with("checkpoint-") && name.ends_with(".car"))
                if (const auto info = files.info(join_path(wanted.folder, name)); info.ok())
                    largest = std::max(largest, info->size);
    if (largest == 0 && !wanted.bootstrap_car.empty())
        if (const auto info = files.info(wanted.bootstrap_car); info.ok()) largest = info->size;
    return largest;
}

Result<void> load_car(const DaemonTools& tools, const EngineWanted& wanted, snapshot::DurableEngine& engine) {
    FILFIL_TRY(auto file, tools.world.files.open(wanted.bootstrap_car));
    FILFIL_TRY(const snapshot::SnapshotPrefix prefix, snapshot::read_prefix(std::move(file)));
    FILFIL_TRY(car::Reader reader, car::Reader::open(tools.world.files, wanted.bootstrap_car));
    snapshot::LoadOptions load;
    // The root of a snapshot of version 2 is no header.
    if (prefix.metadata) load.head.key = prefix.metadata->head;
    load.progress = wanted.progress.get();
    load.stop = wanted.stop;
    FILFIL_TRY(const snapshot::LoadReport report, engine.load(reader, load));
    tools.world.log.write(LogLevel::info, "service",
                          wanted.bootstrap_car + ": loaded " + std::to_string(report.blocks) + " blocks");
    return {};
}

/// Makes an engine's folder as it was before anything was put there.
void empty_folder(Files& files, const std::string& folder) {
    const auto names = files.list(folder);
    if (!names.ok()) return;
    // CURRENT goes first: without it, and without checkpoints, the folder is a new one whatever is left.
    if (std::ranges::find(*names, "CURRENT") != names->end()) (void)files.remove(join_path(folder, "CURRENT"));
    for (const std::string& name : *names)
        if (name != "CURRENT") (void)files.remove(join_path(folder, name));
}

}    // namespace

Result<OpenedFolder> open_folder(const DaemonTools& tools, const Config& config, const Tokens& fresh) {
    World& world = tools.world;
    OpenedFolder out;
    FILFIL_TRY(out.folder, DataFolder::open(world.files, config.data_folder));
    const DataPaths& paths = out.folder->paths();
    FILFIL_TRY(out.tokens, open_tokens(world.files, paths.folder, fresh, world.log));
    for (const NodeSetting& node : config.nodes) {
        node::NodeAddress address;
        FILFIL_TRY(address.url, parse_url(node.url));
        if (!node.token_file.empty()) {
            FILFIL_TRY(address.token, read_token(world.files, node.token_file));
        }
        out.nodes.push_back(std::move(address));
    }
    if (!config.retrieval.locator_token_file.empty()) {
        FILFIL_TRY(out.locator_token, read_token(world.files, config.retrieval.locator_token_file));
    }
    for (const MarketSetting& market : config.markets)
        if (!market.token_file.empty()) {
            FILFIL_TRY(out.market_tokens[market.token_file], read_token(world.files, market.token_file));
        }
    FILFIL_TRY(std::unique_ptr<journal::Journal> journal, tools.open_journal(paths.journal));
    out.journal = std::move(journal);
    FILFIL_TRY(const auto open_effects, out.journal->open_effects());
    for (const journal::EffectRecord& effect : open_effects)
        world.log.write(LogLevel::info, "service", "cut short at the last stop, and taken up again: " + effect.key);
    FILFIL_CHECK(world.files.make_folders(snapshots_folder(config)));
    FILFIL_TRY(const std::size_t parts, remove_parts(world.files, snapshots_folder(config)));
    if (parts > 0)
        world.log.write(LogLevel::info, "service", std::to_string(parts) + " unfinished files of snapshots removed");
    return out;
}

Result<OpenedEngine> open_engine(const DaemonTools& tools, const EngineWanted& wanted) {
    World& world = tools.world;
    wanted.progress->set_total(bytes_to_read(world.files, wanted));
    snapshot::LoadOptions load;
    load.progress = wanted.progress.get();
    load.stop = wanted.stop;
    OpenedEngine out;
    // Its numbers are drawn while it is made.
    SeededRandom random(wanted.seed);
    FILFIL_TRY(std::unique_ptr<snapshot::DurableEngine> engine,
               snapshot::DurableEngine::open(world.files, wanted.folder, wanted.options, random, world.clock,
                                             tools.loading, load));
    out.engine = std::move(engine);
    out.network = wanted.network;
    const snapshot::DurableEngine::Opened& opened = out.engine->opened();
    if (opened.lost_holds > 0)
        world.log.write(
            LogLevel::warning, "service",
            std::to_string(opened.lost_holds) + " holds could not be taken again from the log: what they kept is gone");
    if (opened.torn_bytes > 0 || opened.cut_short)
        world.log.write(opened.cut_short ? LogLevel::warning : LogLevel::info, "service",
                        opened.cut_short ? "a log was damaged: what came after it is read from the node again"
                                         : "the end of the log was torn by a crash, and dropped: " +
                                               std::to_string(opened.torn_bytes) + " bytes");
    if (opened.fresh) {
        if (wanted.bootstrap_car.empty()) return out;
        FILFIL_CHECK(load_car(tools, wanted, *out.engine));
    }
    FILFIL_TRY(const auto genesis, genesis_of(*out.engine));
    if (auto right = node::adopt_genesis(out.network, genesis.first, genesis.second); !right.ok()) {
        const bool fresh = opened.fresh;
        out.engine.reset();
        if (!fresh) return std::move(right).error().in(wanted.folder);
        empty_folder(world.files, wanted.folder);
        return std::move(right).error().in(wanted.bootstrap_car);
    }
    out.head = out.engine->engine().stats().epoch;
    return out;
}

}    // namespace filfil::service
