// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/holds.hpp"

#include "chain/block_header.hpp"
#include "service/times.hpp"
#include "snapshot/recipe.hpp"

#include <algorithm>
#include <utility>

namespace filfil::service {
namespace {

using rpc::Json;

const std::string setting_name = "holds";

bool same_key(chain::TipsetKey one, chain::TipsetKey other) {
    std::ranges::sort(one);
    std::ranges::sort(other);
    return one == other;
}

std::optional<HoldKind> kind_of(std::string_view name) {
    for (const HoldKind kind : {HoldKind::user, HoldKind::take, HoldKind::schedule, HoldKind::snapshot})
        if (name == name_of(kind)) return kind;
    return std::nullopt;
}

/// As the journal remembers it; what cannot be read is as if it were not there.
std::optional<HoldInfo> parse_hold(const Json& json) {
    const auto number = rpc::integer_field(json, "number");
    const auto kind_name = rpc::text_field(json, "kind");
    const auto reason = rpc::text_field(json, "reason");
    const auto head = rpc::field(json, "head");
    const auto made_at = rpc::integer_field(json, "made_at_ns");
    if (!number.ok() || !kind_name.ok() || !reason.ok() || !head.ok() || !made_at.ok()) return std::nullopt;
    const auto kind = kind_of(*kind_name);
    if (!kind || !(*head)->is_array()) return std::nullopt;
    HoldInfo out{.number = static_cast<std::uint64_t>(*number),
                 .head = {},
                 .epoch = {},
                 .recent_stateroots = 0,
                 .kind = *kind,
                 .reason = *reason,
                 .made_at = Clock::Duration(*made_at)};
    for (const Json& text : **head) {
        auto cid = ipld::Cid::parse(text.is_string() ? text.get<std::string>() : std::string());
        if (!cid.ok()) return std::nullopt;
        out.head.push_back(*std::move(cid));
    }
    if (const auto expires = rpc::integer_field(json, "expires_at_ns"); expires.ok())
        out.expires_at = Clock::Duration(*expires);
    if (const auto snapshot = rpc::integer_field(json, "snapshot"); snapshot.ok()) out.snapshot = *snapshot;
    return out;
}

Json saved_json(const std::map<std::uint64_t, HoldInfo>& holds) {
    Json out = Json::array();
    for (const auto& [number, hold] : holds) {
        Json one = {{"number", number}, {"kind", name_of(hold.kind)}, {"reason", hold.reason}};
        one["head"] = Json::array();
        for (const ipld::Cid& cid : hold.head) one["head"].push_back(cid.text());
        one["made_at_ns"] = hold.made_at.count();
        if (hold.expires_at) one["expires_at_ns"] = hold.expires_at->count();
        if (hold.snapshot) one["snapshot"] = *hold.snapshot;
        out.push_back(std::move(one));
    }
    return out;
}

/// All rows that say that there is something of them left, oldest first.
Result<std::vector<journal::SnapshotRecord>> rows_with_bytes(journal::Journal& journal) {
    std::vector<journal::SnapshotRecord> out;
    journal::SnapshotFilter filter;
    for (;;) {
        FILFIL_TRY(auto page, journal.snapshots(filter));
        if (page.empty()) break;
        filter.before_id = page.back().id;
        for (journal::SnapshotRecord& row : page) {
            const bool in_pieces = std::ranges::any_of(
                row.pieces, [](const journal::PieceRecord& piece) { return piece.path.has_value(); });
            if (row.hold || row.path || in_pieces) out.push_back(std::move(row));
        }
    }
    std::ranges::reverse(out);
    return out;
}

}    // namespace

std::string_view name_of(HoldKind kind) noexcept {
    switch (kind) {
        case HoldKind::user: return "user";
        case HoldKind::take: return "take";
        case HoldKind::schedule: return "schedule";
        case HoldKind::snapshot: return "snapshot";
    }
    return {};
}

Json json_of(const HoldInfo& hold) {
    Json head = Json::array();
    for (const ipld::Cid& cid : hold.head) head.push_back(cid.text());
    return {{"number", hold.number},
            {"head", std::move(head)},
            {"epoch", hold.epoch.value},
            {"recent_stateroots", hold.recent_stateroots},
            {"kind", name_of(hold.kind)},
            {"reason", hold.reason},
            {"snapshot", hold.snapshot ? Json(*hold.snapshot) : Json(nullptr)},
            {"made_at", seconds_of(hold.made_at)},
            {"expires_at", hold.expires_at ? Json(seconds_of(*hold.expires_at)) : Json(nullptr)}};
}

Result<Epoch> epoch_of(snapshot::DurableEngine& engine, const chain::TipsetKey& key) {
    const snapshot::BlockStore::Reader reader(engine.engine().store());
    const auto header = key.empty() ? std::nullopt : reader.find(key.front().bytes());
    if (!header)
        return Error(ErrorCode::not_found, "tipset [" + chain::text_of(key) + "] is not known here",
                     "ask for a tipset of the chain that is followed here");
    FILFIL_TRY(const chain::BlockHeader decoded, chain::decode_block_header(header->data));
    return decoded.height;
}

Holds::Holds(World& world, std::shared_ptr<WorkerQueue> queue, std::shared_ptr<snapshot::DurableEngine> engine,
             std::shared_ptr<journal::Journal> journal, EventBus& events)
    : m_world(world),
      m_queue(std::move(queue)),
      m_engine(std::move(engine)),
      m_journal(std::move(journal)),
      m_events(events) {}

const HoldInfo* Holds::find(std::uint64_t number) const {
    const auto found = m_holds.find(number);
    return found == m_holds.end() ? nullptr : &found->second;
}

std::vector<std::uint64_t> Holds::expired() const {
    std::vector<std::uint64_t> out;
    for (const auto& [number, hold] : m_holds)
        if (hold.expires_at && *hold.expires_at <= m_world.clock.wall()) out.push_back(number);
    return out;
}

/// What there is after a start.
struct Holds::Found {
    Result<std::vector<journal::SnapshotRecord>> rows = std::vector<journal::SnapshotRecord>();
    std::map<std::uint64_t, HoldInfo> holds{};
    std::map<std::int64_t, std::uint64_t> lost{};
};

Holds::Found Holds::look(World& world, snapshot::DurableEngine& engine, journal::Journal& journal) {
    Found out;
    out.rows = rows_with_bytes(journal);
    if (!out.rows.ok()) return out;
    std::map<std::uint64_t, HoldInfo> remembered;
    const auto setting = journal.setting(setting_name);
    if (!setting.ok()) {
        out.rows = setting.error();
        return out;
    }
    if (*setting)
        if (const auto json = rpc::parse_json(**setting); json.ok() && json->is_array())
            for (const Json& one : *json)
                if (auto hold = parse_hold(one)) remembered[hold->number] = *std::move(hold);

    const snapshot::Engine::Saved saved = engine.engine().saved();
    for (const snapshot::Engine::Saved::Held& held : saved.holds) {
        const auto epoch = epoch_of(engine, held.key);
        HoldInfo info{.number = held.number,
                      .head = held.key,
                      .epoch = epoch.ok() ? *epoch : Epoch{},
                      .recent_stateroots = held.recent_stateroots,
                      .kind = HoldKind::take,
                      .reason = {},
                      .made_at = world.clock.wall()};
        const auto known = remembered.find(held.number);
        // A number can come again where a full disk kept the log from being written: then it is of another tipset.
        const bool same = known != remembered.end() && same_key(known->second.head, held.key);
        if (same) {
            info.kind = known->second.kind;
            info.reason = known->second.reason;
            info.made_at = known->second.made_at;
            info.expires_at = known->second.expires_at;
        }
        const auto row = std::ranges::find_if(*out.rows, [&](const journal::SnapshotRecord& one) {
            const auto recipe = snapshot::parse_recipe(one.recipe);
            return one.hold == held.number && same_key(one.head, held.key) && recipe.ok() &&
                   static_cast<std::int64_t>(recipe->recent_stateroots) == held.recent_stateroots;
        });
        if (row != out.rows->end()) {
            info.kind = HoldKind::snapshot;
            info.snapshot = row->id;
            if (info.reason.empty()) info.reason = "snapshot " + std::to_string(row->id);
        } else if (info.kind == HoldKind::take || info.kind == HoldKind::snapshot) {
            world.log.write(LogLevel::info, "service",
                            "hold " + std::to_string(held.number) + " of epoch " + std::to_string(info.epoch.value) +
                                " is nobody's any more: released");
            if (const auto released = engine.release(held.number); !released.ok())
                world.log.write(LogLevel::warning, "service", released.error().text());
            continue;
        }
        out.holds[held.number] = std::move(info);
    }
    for (journal::SnapshotRecord& row : *out.rows) {
        if (!row.hold) continue;
        const auto hold = out.holds.find(*row.hold);
        if (hold != out.holds.end() && hold->second.snapshot == row.id) continue;
        const std::uint64_t gone = *std::exchange(row.hold, std::nullopt);
        if (const auto told = journal.set_snapshot_hold(row.id, std::nullopt); !told.ok()) {
            world.log.write(LogLevel::warning, "service", told.error().text());
            out.lost[row.id] = gone;
        }
    }
    return out;
}

void Holds::reconcile(Handler<std::vector<journal::SnapshotRecord>> handler) {
    m_queue->run([&world = m_world, engine = m_engine, journal = m_journal] { return look(world, *engine, *journal); },
                 [this, handler = std::move(handler)](Found found) {
                     if (!found.rows.ok()) return handler(std::move(found.rows).error());
                     m_holds = std::move(found.holds);
                     m_lost = std::move(found.lost);
                     save([](const Result<void>&) {});
                     handler(std::move(found.rows));
                 });
}

void Holds::take(Wanted wanted, Handler<HoldInfo> handler) {
    m_queue->run(
        [&world = m_world, engine = m_engine, wanted]() -> Result<HoldInfo> {
            FILFIL_TRY(chain::TipsetKey key, engine->engine().find(wanted.tipset));
            FILFIL_TRY(const Epoch epoch, epoch_of(*engine, key));
            FILFIL_TRY(const std::uint64_t number,
                       engine->hold({.key = key, .epoch = std::nullopt}, wanted.recent_stateroots));
            // Who asks for a hold is promised that it outlives a crash.
            if (const auto behind = engine->not_durable(); behind && wanted.kind == HoldKind::user) {
                FILFIL_CHECK(engine->release(number));
                return Error(ErrorCode::busy, "the hold would not outlive a crash: " + behind->message,
                             behind->remedy.empty() ? "see FilFil.Status for what keeps the disk from being written"
                                                    : behind->remedy);
            }
            return HoldInfo{.number = number,
                            .head = std::move(key),
                            .epoch = epoch,
                            .recent_stateroots = wanted.recent_stateroots,
                            .kind = wanted.kind,
                            .reason = wanted.reason,
                            .made_at = world.clock.wall(),
                            .expires_at = wanted.expires_at};
        },
        [this, handler = std::move(handler)](Result<HoldInfo> taken) {
            if (!taken.ok()) return handler(std::move(taken));
            m_holds[taken->number] = *taken;
            m_events.publish("hold", json_of(*taken));
            save([this, handler, info = *taken](Result<void> saved) {
                if (saved.ok()) return handler(info);
                release(info.number, [](const Result<void>&) {});
                handler(std::move(saved).error());
            });
        });
}

void Holds::release(std::uint64_t number, Handler<void> handler) {
    const auto found = m_holds.find(number);
    if (found == m_holds.end()) {
        m_world.loop.post([handler = std::move(handler), number] {
            handler(Error(ErrorCode::not_found, "there is no hold " + std::to_string(number),
                          "FilFil.Holds lists those there are"));
        });
        return;
    }
    m_events.publish("hold_released", json_of(found->second));
    m_holds.erase(found);
    m_queue->run([engine = m_engine, number] { return engine->release(number); },
                 [this, handler = std::move(handler)](Result<void> released) {
                     save([](const Result<void>&) {});
                     handler(std::move(released));
                 });
}

void Holds::give_to_snapshot(std::uint64_t number, std::int64_t snapshot, std::string reason,
                             std::optional<Clock::Duration> expires_at) {
    const auto found = m_holds.find(number);
    if (found == m_holds.end()) return;
    found->second.kind = HoldKind::snapshot;
    found->second.snapshot = snapshot;
    found->second.reason = std::move(reason);
    found->second.expires_at = expires_at;
    save([](const Result<void>&) {});
}

void Holds::set_expiry(std::uint64_t number, std::optional<Clock::Duration> expires_at) {
    const auto found = m_holds.find(number);
    if (found == m_holds.end() || found->second.expires_at == expires_at) return;
    found->second.expires_at = expires_at;
    save([](const Result<void>&) {});
}

void Holds::retry() {
    // A number may have come again, for the same snapshot: then the journal is right.
    std::erase_if(m_lost, [&](const auto& entry) {
        const HoldInfo* hold = find(entry.second);
        return hold != nullptr && hold->snapshot == entry.first;
    });
    if (m_lost.empty() || std::exchange(m_retrying, true)) return;
    const std::int64_t snapshot = m_lost.begin()->first;
    const std::uint64_t number = m_lost.begin()->second;
    m_queue->run(
        [journal = m_journal, snapshot, number]() -> Result<void> {
            FILFIL_TRY(const auto row, journal->snapshot(snapshot));
            if (!row || row->hold != number) return {};
            return journal->set_snapshot_hold(snapshot, std::nullopt);
        },
        [this, snapshot](const Result<void>& told) {
            m_retrying = false;
            if (!told.ok()) return;
            m_lost.erase(snapshot);
            retry();
        });
}

void Holds::save(Handler<void> handler) {
    m_queue->run(
        [journal = m_journal, text = saved_json(m_holds).dump()] { return journal->set_setting(setting_name, text); },
        [this, handler = std::move(handler)](Result<void> saved) {
            m_not_saved = saved.ok() ? std::nullopt : std::optional(saved.error());
            if (!saved.ok())
                m_world.log.write(LogLevel::warning, "service",
                                  "why holds are there could not be written down: " + saved.error().text());
            handler(std::move(saved));
        });
}

}    // namespace filfil::service
