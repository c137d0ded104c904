// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "tests/gui/quick/fake_world.hpp"

#include <QDateTime>
#include <QHash>
#include <QJsonDocument>

#include <algorithm>

namespace filfil::gui::test {
namespace {

constexpr int head = 5'001'812;
constexpr int slot_epochs = 120;    ///< an hour
constexpr int providers = 6;
constexpr int current_slot = 50;    ///< of the round
constexpr int round_base = 3 * 65536;
constexpr int own = 2;                  ///< the place of the first own provider in the round
constexpr int first_slot = -12;         ///< that everybody's events are of
constexpr int first_own_slot = -154;    ///< that the own provider stored
constexpr int own_miss = -76;

const char* const miners[providers] = {"f02620", "f01999", "f01234", "f03355", "f01082888", "f02001"};

QJsonObject object(const char* json) { return QJsonDocument::fromJson(json).object(); }

QString miner(int slot) { return QString::fromLatin1(miners[(slot % providers + providers) % providers]); }

bool is_own(int slot) { return (slot % providers + providers) % providers == own; }

QString atto(double fil) { return QString::number(qRound64(fil * 1e6)) + QStringLiteral("000000000000"); }

}    // namespace

QString made_cid(int seed, bool second) {
    static const QString letters = QStringLiteral("abcdefghijklmnopqrstuvwxyz234567");
    QString text = second ? QStringLiteral("bafkzcibe2xgqwea") : QStringLiteral("baga6ea4seaq");
    quint32 state = static_cast<quint32>(seed) * 2654435761u + 12345u;
    const qsizetype length = second ? 75 : 64;
    while (text.size() < length) {
        state = state * 1664525u + 1013904223u;
        text += letters[static_cast<qsizetype>((state >> 24) % 32u)];
    }
    return text;
}

FakeWorld::FakeWorld(Mood its_mood) : mood(its_mood), m_now(static_cast<double>(QDateTime::currentSecsSinceEpoch())) {}

double FakeWorld::at(double epoch) const { return m_now + (epoch - head) * 30.0; }

bool FakeWorld::is_list(const QString& method) {
    static const QStringList quick = {QStringLiteral("FilFil.Version"), QStringLiteral("FilFil.Subscribe"),
                                      QStringLiteral("FilFil.State"), QStringLiteral("FilFil.Unsubscribe")};
    return !quick.contains(method);
}

FakeWorld::Answer FakeWorld::answer(const QString& method, const QJsonObject& params, qint64 seq) {
    const auto is = [&method](const char* name) { return method == QLatin1String("FilFil.") + QLatin1String(name); };
    const bool full = mood == Mood::Full;
    const auto list = [full](const char* name, const QJsonArray& items) {
        return Answer{.result = {{QLatin1String(name), full ? items : QJsonArray()}}};
    };
    if (mood == Mood::Loading && is_list(method)) return {.silent = true};
    if (mood == Mood::Broken && is_list(method))
        return {
            .error = object(
                R"({"code":-32000,"message":"the journal could not be read: disk I/O error","data":{"code":"io","message":"the journal could not be read: disk I/O error","remedy":"look at the disk of /var/lib/fil-fil, then restart the daemon"}})")};
    static const QStringList contractual = {
        QStringLiteral("NextWindow"),     QStringLiteral("Windows"),    QStringLiteral("Slots"),
        QStringLiteral("Contract"),       QStringLiteral("Reputation"), QStringLiteral("Operator"),
        QStringLiteral("ContractEvents"), QStringLiteral("Payouts"),    QStringLiteral("Transactions"),
        QStringLiteral("Claim"),          QStringLiteral("Preflight")};
    if (mood == Mood::Unset && contractual.contains(method.mid(7)))
        return {
            .error = object(
                R"({"code":-32000,"message":"no contract is set","data":{"code":"unsupported","message":"no contract is set","remedy":"set incentive.contract to its address, and incentive.miners to your providers"}})")};

    if (is("Version")) return {.result = object(R"({"version":"0.1.0","api":1,"network":"calibrationnet"})")};
    if (is("Subscribe"))
        return {.result = {{QStringLiteral("subscription"), 1},
                           {QStringLiteral("seq"), seq},
                           {QStringLiteral("resync"), false}}};
    if (is("State")) {
        if (mood == Mood::Loading || mood == Mood::Broken) return {.result = {{QStringLiteral("seq"), seq}}};
        return {.result = {{QStringLiteral("seq"), seq},
                           {QStringLiteral("status"), status()},
                           {QStringLiteral("jobs"), full ? jobs() : QJsonArray()},
                           {QStringLiteral("snapshots"), full ? snapshots() : QJsonArray()},
                           {QStringLiteral("holds"), QJsonArray()},
                           {QStringLiteral("schedules"), QJsonArray()},
                           {QStringLiteral("config"),
                            QJsonObject{{QStringLiteral("file"), QStringLiteral("/var/lib/fil-fil/config.toml")},
                                        {QStringLiteral("settings"), settings()}}}}};
    }
    if (is("Status")) return {.result = status()};
    if (is("Jobs")) return list("jobs", jobs());
    if (is("Job")) {
        for (const QJsonValue& job : jobs())
            if (job[QLatin1String("id")] == params.value(QLatin1String("id"))) return {.result = job.toObject()};
        return {.result = object(R"({"id":40,"kind":"transaction","state":"running"})")};
    }
    if (is("Snapshots"))
        return list("snapshots", params.contains(QLatin1String("before_id")) ? QJsonArray() : snapshots());
    if (is("Snapshot")) return {.result = snapshot(params.value(QLatin1String("id")).toInt())};
    if (is("Holds"))
        return list("holds", {QJsonObject{{QStringLiteral("number"), 3},
                                          {QStringLiteral("head"), QJsonArray{made_cid(3)}},
                                          {QStringLiteral("epoch"), head - 212},
                                          {QStringLiteral("recent_stateroots"), 2000},
                                          {QStringLiteral("kind"), QStringLiteral("snapshot")},
                                          {QStringLiteral("reason"), QStringLiteral("a snapshot for slot 196658")},
                                          {QStringLiteral("snapshot"), 12},
                                          {QStringLiteral("made_at"), m_now - 6200},
                                          {QStringLiteral("expires_at"), m_now + 9000}},
                              QJsonObject{{QStringLiteral("number"), 4},
                                          {QStringLiteral("head"), QJsonArray{made_cid(4)}},
                                          {QStringLiteral("epoch"), head - 40},
                                          {QStringLiteral("recent_stateroots"), 2000},
                                          {QStringLiteral("kind"), QStringLiteral("user")},
                                          {QStringLiteral("reason"), QStringLiteral("for the archive")},
                                          {QStringLiteral("snapshot"), QJsonValue()},
                                          {QStringLiteral("made_at"), m_now - 1200},
                                          {QStringLiteral("expires_at"), QJsonValue()}}});
    if (is("Schedules"))
        return list("schedules", {QJsonObject{{QStringLiteral("id"), QStringLiteral("every-2880-final-file-9f2b01c4")},
                                              {QStringLiteral("every_epochs"), 2880},
                                              {QStringLiteral("at_epoch"), QJsonValue()},
                                              {QStringLiteral("finalized"), true},
                                              {QStringLiteral("to_file"), true},
                                              {QStringLiteral("recipe"), QStringLiteral("v1,2000,skip,32GiB")},
                                              {QStringLiteral("from_config"), false},
                                              {QStringLiteral("last_epoch"), 4999680},
                                              {QStringLiteral("next_epoch"), 5002560},
                                              {QStringLiteral("waiting"), QJsonArray()},
                                              {QStringLiteral("last_snapshot"), 12},
                                              {QStringLiteral("given_up_epoch"), QJsonValue()},
                                              {QStringLiteral("error"), QJsonValue()}}});
    if (is("Config"))
        return {.result = {{QStringLiteral("file"), QStringLiteral("/var/lib/fil-fil/config.toml")},
                           {QStringLiteral("settings"), settings()}}};
    if (is("SetConfig")) {
        if (params.value(QLatin1String("value")).toString() == QLatin1String("nonsense"))
            return {
                .error = object(
                    R"({"code":-32602,"message":"\"nonsense\" is no duration","data":{"code":"invalid_argument","message":"\"nonsense\" is no duration","remedy":"write it like 90s, 10m or 2h"}})")};
        return {.result = {{QStringLiteral("key"), params.value(QLatin1String("key"))},
                           {QStringLiteral("value"), params.value(QLatin1String("value"))},
                           {QStringLiteral("restart_needed"), false}}};
    }
    if (is("NextWindow")) {
        QJsonObject next = slot_times(current_slot);
        next.insert(QStringLiteral("miner"), QStringLiteral("f01234"));
        next.insert(QStringLiteral("standing"), QStringLiteral("active"));
        next.insert(QStringLiteral("misses"), 0);
        next.insert(QStringLiteral("policy"), QStringLiteral("automatic"));
        next.insert(QStringLiteral("state"), QStringLiteral("open"));
        return list("windows", {next});
    }
    if (is("Windows")) return list("windows", windows(params.value(QLatin1String("miner")).toString()));
    if (is("Slots")) return list("slots", staged_slots());
    if (is("Contract")) return {.result = full ? contract() : QJsonObject()};
    if (is("Reputation")) {
        QJsonArray all;
        for (int i = 0; i < providers; ++i)
            all << QJsonObject{{QStringLiteral("miner"), QString::fromLatin1(miners[i])},
                               {QStringLiteral("standing"), QStringLiteral("active")},
                               {QStringLiteral("windows"), 120},
                               {QStringLiteral("completed"), 117 - i},
                               {QStringLiteral("missed"), 3 + i},
                               {QStringLiteral("success_rate"), (117.0 - i) / 120},
                               {QStringLiteral("earned"), atto(41.3)},
                               {QStringLiteral("endpoint"), QStringLiteral("https://sp.example:5347")},
                               {QStringLiteral("region"), QStringLiteral("eu-west")}};
        return list("providers", all);
    }
    if (is("Operator")) return list("slots", {});
    if (is("ContractEvents"))
        return {
            .result = {{QStringLiteral("read_to_epoch"), head},
                       {QStringLiteral("caught_up"), true},
                       {QStringLiteral("trouble"), QJsonValue()},
                       {QStringLiteral("events"), full && !params.contains(QLatin1String("before_epoch"))
                                                      ? contract_events(params.value(QLatin1String("name")).toString())
                                                      : QJsonArray()}}};
    if (is("SetSlotPolicy")) return {.result = params};
    if (is("Deals")) return list("deals", params.contains(QLatin1String("before")) ? QJsonArray() : deals());
    if (is("Deal")) {
        QJsonObject one = deal(params.value(QLatin1String("id")).toInt());
        QJsonArray steps;
        int number = 0;
        for (const QJsonValue& stage : one.value(QLatin1String("timeline")).toArray())
            steps << QJsonObject{{QStringLiteral("number"), ++number},
                                 {QStringLiteral("kind"), QStringLiteral("stage")},
                                 {QStringLiteral("name"), stage[QLatin1String("stage")]},
                                 {QStringLiteral("at"), stage[QLatin1String("at")]},
                                 {QStringLiteral("epoch"), stage[QLatin1String("epoch")]},
                                 {QStringLiteral("details"), QJsonObject()}};
        one.insert(QStringLiteral("steps"), steps);
        return {.result = one};
    }
    if (is("RetryDeal")) return {.result = {{QStringLiteral("deal"), params.value(QLatin1String("id"))}}};
    if (is("CancelDeal")) return {};
    if (is("Store")) return {.result = {{QStringLiteral("deals"), QJsonArray{31}}}};
    if (is("ExportDeal")) return {.result = {{QStringLiteral("format"), QStringLiteral("fil-fil deal evidence 1")}}};
    if (is("Preflight")) return {.result = preflight()};
    if (is("Payouts")) return list("payouts", payouts());
    if (is("Transactions"))
        return {.result = {{QStringLiteral("wallet"), QStringLiteral("f410f6op5nzi2vwepn5gonk4ie4tzz773sitggxp4hiy")},
                           {QStringLiteral("balance"), atto(9)},
                           {QStringLiteral("transactions"), QJsonArray()}}};
    if (is("Devices"))
        return {.result = {{QStringLiteral("devices"), mood == Mood::Empty ? QJsonArray() : devices(false)}}};
    if (is("Log"))
        return {.result = {{QStringLiteral("records"), full ? log(params) : QJsonArray()},
                           {QStringLiteral("last"), full ? log_lines : 0}}};
    if (is("Claim") || is("TakeSnapshot") || is("BenchmarkDevices") || is("VerifyFile") || is("ComparePieces") ||
        is("Register")) {
        const int id = ++m_next_job;
        const bool dry = params.value(QLatin1String("dry_run")).toBool();
        QJsonObject result = is("Claim")              ? claim_result(dry)
                             : is("BenchmarkDevices") ? QJsonObject{{QStringLiteral("devices"), devices(true)}}
                             : is("TakeSnapshot")     ? snapshot(13)
                             : is("VerifyFile")
                                 ? QJsonObject{{QStringLiteral("match"), true},
                                               {QStringLiteral("expected"), params.value(QLatin1String("piece_cid"))},
                                               {QStringLiteral("piece_cid"), params.value(QLatin1String("piece_cid"))}}
                                 : params;
        const QJsonObject done{
            {QStringLiteral("id"), id},
            {QStringLiteral("kind"), is("Claim") ? QStringLiteral("transaction") : QStringLiteral("devices")},
            {QStringLiteral("params"), params},
            {QStringLiteral("state"), QStringLiteral("done")},
            {QStringLiteral("result"), result},
            {QStringLiteral("error"), QJsonValue()},
            {QStringLiteral("queued_at"), m_now},
            {QStringLiteral("started_at"), m_now},
            {QStringLiteral("ended_at"), m_now + 1}};
        return {.result = {{QStringLiteral("job"), id}}, .events = {{QStringLiteral("job"), done}}};
    }
    if (is("ForgetSnapshot"))
        return {.result = {{QStringLiteral("bytes_freed"), 81264640},
                           {QStringLiteral("files"), QJsonArray{QStringLiteral("/var/lib/fil-fil/snapshots/x.car")}},
                           {QStringLiteral("hold_released"), true}},
                .events = {{QStringLiteral("snapshot_forgotten"),
                            QJsonObject{{QStringLiteral("id"), params.value(QLatin1String("id"))},
                                        {QStringLiteral("bytes_freed"), 81264640}}}}};
    return {.result = object(R"({"done":true})")};
}

QJsonObject FakeWorld::status() const {
    QJsonObject status = object(
        R"({"network":"calibrationnet","lag":0,"pinned_roots":8211,"holds":2,"state":"synced","why":"","remedy":"","progress":1,"version":"0.1.0","node":"ws://127.0.0.1:1234/rpc/v1","node_version":"1.36.0","behind_clock":0,"finality":"f3","tipsets":2903,"headers":5014020,"memory":{"state":"ok","bytes_per_hour":120000000,"store_bytes_per_hour":0,"hours_left":null,"sentence":"","remedy":""},"durable":true,"not_durable":null,"schedules":1,"jobs_running":1,"jobs_queued":0,"device":"cpu:avx512","retrieval":{"listen":"0.0.0.0:5347","requests":17,"bytes":93405184,"in_flight":0,"not_found":1,"refused":0,"pieces_in_memory":1,"pieces_in_files":1},"sync":{"head_changes":1204,"tipsets":1219,"reverted":14,"connects":1,"blocks_read":5123000,"bytes_read":8291456000,"wrong_answers":0,"last_blocks":4402,"last_bytes":7524288,"last_read_seconds":0.0821,"last_apply_seconds":0.0243}})");
    status.insert(QStringLiteral("head_epoch"), head);
    status.insert(QStringLiteral("synced_epoch"), head);
    status.insert(QStringLiteral("finalized_epoch"), head - 5);
    status.insert(QStringLiteral("started_at"), m_now - 86400 * 3);
    status.insert(QStringLiteral("blocks"), 68'402'331);
    status.insert(QStringLiteral("bytes"), 79'884'000'000.0);
    status.insert(QStringLiteral("rss"), 91'300'000'000.0);
    status.insert(QStringLiteral("snapshots"), mood == Mood::Full ? 12 : 0);
    QJsonObject memory = status.value(QLatin1String("memory")).toObject();
    memory.insert(QStringLiteral("used"), 91'300'000'000.0);
    memory.insert(QStringLiteral("limit"), 137'438'953'472.0);
    memory.insert(QStringLiteral("state"), memoryState);
    memory.insert(QStringLiteral("sentence"), memorySentence);
    status.insert(QStringLiteral("memory"), memory);
    if (mood == Mood::Unset) status.insert(QStringLiteral("retrieval"), QJsonValue());
    if (mood == Mood::Full && alerts)
        status.insert(
            QStringLiteral("alerts"),
            QJsonArray{
                QJsonObject{{QStringLiteral("code"), QStringLiteral("sector_ends_1421")},
                            {QStringLiteral("severity"), QStringLiteral("warning")},
                            {QStringLiteral("message"),
                             QStringLiteral("Sector 1421 of f01234 ends in 12 days, and holds piece 2 of slot 196610")},
                            {QStringLiteral("remedy"),
                             QStringLiteral("extend the sector in Curio, or the rest of that piece's pay is lost")},
                            {QStringLiteral("since"), m_now - 7200}},
                QJsonObject{
                    {QStringLiteral("code"), QStringLiteral("preflight_f01234_3")},
                    {QStringLiteral("severity"), QStringLiteral("error")},
                    {QStringLiteral("message"),
                     QStringLiteral("The contract is not allowed in Curio, so a deal for f01234 would be refused")},
                    {QStringLiteral("remedy"),
                     QStringLiteral(
                         "add 0x5FbDB2315678afecb367f032d93F642f64180aa3 to DDO Contracts on the page MK20 of Curio")},
                    {QStringLiteral("since"), m_now - 600}}});
    else
        status.insert(QStringLiteral("alerts"), QJsonArray());
    return status;
}

QJsonObject FakeWorld::snapshot(int id) const {
    const int epoch = head - 212 - (12 - id) * 2880;
    const double bytes = 77.4e9 + id * 0.21e9;
    QJsonArray pieces;
    for (int i = 0; i < 3; ++i)
        pieces << QJsonObject{{QStringLiteral("path"), QJsonValue()},
                              {QStringLiteral("piece_cid"), made_cid(id * 10 + i)},
                              {QStringLiteral("piece_cid_v2"), made_cid(id * 10 + i, true)},
                              {QStringLiteral("payload_size"), bytes / 3},
                              {QStringLiteral("padded_size"), 34359738368.0}};
    return {
        {QStringLiteral("id"), id},
        {QStringLiteral("head"),
         QJsonArray{QStringLiteral("bafy2bzacedap4yuquwobdywm2aoy4qzznlhlnoirhyfljg4ih2ezhvzmnpqko"),
                    QStringLiteral("bafy2bzaced3s6k2v5xqzj7gqk3hx2wq6m4m6rk2c2n6n2xkzv7q5u2l4hxp2e")}},
        {QStringLiteral("epoch"), epoch},
        {QStringLiteral("recent_stateroots"), 2000},
        {QStringLiteral("recipe"), QJsonObject{{QStringLiteral("format"), QStringLiteral("v1")}}},
        {QStringLiteral("blocks"), 68'100'000 + id * 31'000},
        {QStringLiteral("car_bytes"), bytes},
        {QStringLiteral("pieces"), pieces},
        {QStringLiteral("layout_seconds"), 18.4 + id * 0.1},
        {QStringLiteral("emit_seconds"), 41.2 - id * 0.2},
        {QStringLiteral("load_seconds"), 0},
        {QStringLiteral("car_sha256"),
         QStringLiteral("5f0c8a1d2be7c3f4a9860d1c2b3a49587f6e5d4c3b2a190817263544536271af")},
        {QStringLiteral("network"), QStringLiteral("calibrationnet")},
        {QStringLiteral("path"),
         id % 3 == 0 || id > 9
             ? QJsonValue(QStringLiteral("/var/lib/fil-fil/snapshots/filfil_snapshot_calibrationnet_%1_1f3c5a70.car")
                              .arg(epoch))
             : QJsonValue()},
        {QStringLiteral("compression"), QStringLiteral("none")},
        {QStringLiteral("hold"), id > 10 ? QJsonValue(3) : QJsonValue()},
        {QStringLiteral("device"), id > 6 ? QStringLiteral("cpu:avx512") : QStringLiteral("cuda:0")},
        {QStringLiteral("taken_at"), at(epoch) + 190}};
}

QJsonArray FakeWorld::snapshots() const {
    QJsonArray all;
    for (int id = 12 + more_snapshots; id >= 1; --id) all << snapshot(id);
    return all;
}

QJsonObject FakeWorld::snapshot_job() const {
    return {{QStringLiteral("id"), 21},
            {QStringLiteral("kind"), QStringLiteral("snapshot")},
            {QStringLiteral("params"), QJsonObject{{QStringLiteral("epoch"), head - 12},
                                                   {QStringLiteral("recipe"), QStringLiteral("v1,2000,skip,32GiB")},
                                                   {QStringLiteral("asked_by"), QStringLiteral("slot")}}},
            {QStringLiteral("state"), QStringLiteral("running")},
            {QStringLiteral("stopping"), false},
            {QStringLiteral("stage"), QStringLiteral("writing and hashing")},
            {QStringLiteral("done_bytes"), 48'500'000'000.0},
            {QStringLiteral("total_bytes"), 79'900'000'000.0},
            {QStringLiteral("bytes_per_second"), 1'910'000'000.0},
            {QStringLiteral("seconds_left"), 16.4},
            {QStringLiteral("queued_at"), m_now - 30},
            {QStringLiteral("started_at"), m_now - 26},
            {QStringLiteral("ended_at"), QJsonValue()},
            {QStringLiteral("result"), QJsonValue()},
            {QStringLiteral("error"), QJsonValue()}};
}

QJsonArray FakeWorld::jobs() const {
    return {snapshot_job(), QJsonObject{{QStringLiteral("id"), 20},
                                        {QStringLiteral("kind"), QStringLiteral("checkpoint")},
                                        {QStringLiteral("params"), QJsonObject()},
                                        {QStringLiteral("state"), QStringLiteral("done")},
                                        {QStringLiteral("stage"), QString()},
                                        {QStringLiteral("queued_at"), m_now - 4000},
                                        {QStringLiteral("started_at"), m_now - 4000},
                                        {QStringLiteral("ended_at"), m_now - 3920},
                                        {QStringLiteral("result"), QJsonObject()},
                                        {QStringLiteral("error"), QJsonValue()}}};
}

QJsonObject FakeWorld::slot_times(int slot) const {
    const int open = head - 70 + (slot - current_slot) * slot_epochs;
    return {{QStringLiteral("slot"), round_base + slot},
            {QStringLiteral("round"), 3},
            {QStringLiteral("index"), slot},
            {QStringLiteral("target_epoch"), open - 120},
            {QStringLiteral("target_time"), at(open - 120)},
            {QStringLiteral("open_epoch"), open},
            {QStringLiteral("open_time"), at(open)},
            {QStringLiteral("close_epoch"), open + slot_epochs},
            {QStringLiteral("close_time"), at(open + slot_epochs)}};
}

QJsonArray FakeWorld::windows(const QString& of) const {
    QJsonArray all;
    for (int slot = 50; slot < 50 + 24 * 14; ++slot) {
        if (of.isEmpty() ? !is_own(slot) : miner(slot) != of) continue;
        QJsonObject one = slot_times(slot);
        one.insert(QStringLiteral("miner"), miner(slot));
        one.insert(QStringLiteral("state"), slot == 50 ? QStringLiteral("open") : QStringLiteral("ahead"));
        one.insert(QStringLiteral("staged"), slot < 52);
        all << one;
    }
    return all;
}

QJsonArray FakeWorld::staged_slots() const {
    QJsonArray all;
    for (int slot = 51; slot >= -12 - more_windows; --slot) {
        QJsonObject one = slot_times(slot);
        one.insert(QStringLiteral("state"), slot < 50 ? QStringLiteral("closed") : QStringLiteral("open"));
        one.insert(QStringLiteral("epoch"), one.value(QLatin1String("target_epoch")));
        one.insert(QStringLiteral("tipset"), QStringLiteral("1f3c5a7011"));
        one.insert(QStringLiteral("pieces"), 3);
        one.insert(QStringLiteral("alternatives"), 0);
        one.insert(QStringLiteral("reward"), atto(2));
        one.insert(QStringLiteral("disputed"), slot == 20);
        all << one;
    }
    return all;
}

QJsonArray FakeWorld::contract_events(const QString& name) const {
    QJsonArray all;
    int index = 0;
    for (int slot = 50; slot >= first_own_slot; --slot) {
        if (slot < first_slot && !is_own(slot)) continue;
        const QJsonObject times = slot_times(slot);
        const bool missed = slot % 17 == 3 || slot == own_miss;
        const QString what = slot == 50  ? QStringLiteral("DealPublished")
                             : missed    ? QStringLiteral("Missed")
                             : slot > 44 ? QStringLiteral("PieceActivated")
                                         : QStringLiteral("SlotCompleted");
        const auto add = [&](const QString& kind, const QString& amount) {
            if (!name.isEmpty() && name != kind) return;
            const int epoch = times.value(QLatin1String("close_epoch")).toInt() - 20;
            all << QJsonObject{
                {QStringLiteral("epoch"), epoch},
                {QStringLiteral("time"), at(epoch)},
                {QStringLiteral("index"), ++index},
                {QStringLiteral("name"), kind},
                {QStringLiteral("slot"), times.value(QLatin1String("slot"))},
                {QStringLiteral("miner"), miner(slot)},
                {QStringLiteral("fields"), QJsonObject{{QStringLiteral("slot"), times.value(QLatin1String("slot"))},
                                                       {QStringLiteral("amount"), amount},
                                                       {QStringLiteral("upfront"), amount}}}};
        };
        add(what, atto(0.12));
        if (is_own(slot) && !missed && slot < 45) add(QStringLiteral("Settled"), atto(0.06 + 0.01 * (slot % 5)));
    }
    if (name.isEmpty() || name == QLatin1String("Settled"))
        for (int month = 1; month < 12; ++month) {
            const int epoch = head - month * 86400;
            all << QJsonObject{{QStringLiteral("epoch"), epoch},
                               {QStringLiteral("time"), at(epoch)},
                               {QStringLiteral("index"), 900 + month},
                               {QStringLiteral("name"), QStringLiteral("Settled")},
                               {QStringLiteral("slot"), round_base - month * 700},
                               {QStringLiteral("miner"), QStringLiteral("f01234")},
                               {QStringLiteral("fields"),
                                QJsonObject{{QStringLiteral("amount"), atto(0.9 + (month * 7 % 5) * 0.35)}}}};
        }
    for (int crowd = 0; crowd < more_windows && name.isEmpty(); ++crowd) {
        const int slot = -13 - crowd;
        const QJsonObject times = slot_times(slot);
        all << QJsonObject{{QStringLiteral("epoch"), times.value(QLatin1String("close_epoch"))},
                           {QStringLiteral("time"), times.value(QLatin1String("close_time"))},
                           {QStringLiteral("index"), 1},
                           {QStringLiteral("name"), QStringLiteral("SlotCompleted")},
                           {QStringLiteral("slot"), times.value(QLatin1String("slot"))},
                           {QStringLiteral("miner"), miner(slot)},
                           {QStringLiteral("fields"), QJsonObject()}};
    }
    return all;
}

QJsonObject FakeWorld::deal(int id) const {
    static const QStringList way = {
        QStringLiteral("planned"),    QStringLiteral("snapshot"), QStringLiteral("commp"),
        QStringLiteral("proposing"),  QStringLiteral("proposed"), QStringLiteral("fetching"),
        QStringLiteral("publishing"), QStringLiteral("sealing"),  QStringLiteral("proven"),
        QStringLiteral("notified"),   QStringLiteral("paid")};
    // 24 to 22: of the window that is open; before: older ones, three pieces a slot.
    const int group = (24 - id) / 3;
    const int slot = 50 - group * 6;
    const int piece = (id - 1) % 3;
    int reached = group == 0 ? (piece == 0 ? 7 : piece == 1 ? 5 : 4) : group == 1 ? 9 : 10;
    const bool failed = id == 14;
    const bool missed = group == 6;
    if (failed) reached = 5;
    if (missed) reached = 4;
    const QJsonObject times = slot_times(slot);
    QJsonArray timeline;
    double when = times.value(QLatin1String("open_time")).toDouble() + 20;
    for (int i = 0; i <= reached; ++i) {
        if (i == 6) continue;
        timeline << QJsonObject{{QStringLiteral("stage"), way[i]},
                                {QStringLiteral("at"), when},
                                {QStringLiteral("epoch"), times.value(QLatin1String("open_epoch")).toInt() + i}};
        when += i == 1 ? 62 : i == 5 ? 700 : i == 7 ? 1500 : 8;
    }
    QString stage = way[reached];
    QJsonValue error;
    if (failed || missed) {
        stage = failed ? QStringLiteral("failed") : QStringLiteral("missed");
        timeline << QJsonObject{{QStringLiteral("stage"), stage},
                                {QStringLiteral("at"), when + 900},
                                {QStringLiteral("epoch"), times.value(QLatin1String("close_epoch"))}};
        error =
            failed
                ? object(
                      R"({"code":"mismatch","message":"the market refused the piece: its commitment is another one","remedy":"compare the snapshot with the staged one on the page Snapshots"})")
                : object(
                      R"({"code":"busy","message":"the window closed before the sector was proven","remedy":"look whether sealing is stuck; the next window is another chance"})");
    }
    if (id == 23)
        error = object(
            R"({"code":"busy","message":"the market fetches the piece slower than the window allows: 11 MB/s of 34 GB","remedy":"look at the network between Curio and this machine"})");
    const bool open = reached < 10 && !failed && !missed;
    QJsonObject one = times;
    one.insert(QStringLiteral("id"), id);
    one.insert(QStringLiteral("miner"), QStringLiteral("f01234"));
    one.insert(QStringLiteral("piece"), piece);
    one.insert(QStringLiteral("alternative"), false);
    one.insert(QStringLiteral("attempt"), 0);
    one.insert(QStringLiteral("market"), QStringLiteral("curio-mk20"));
    one.insert(QStringLiteral("market_id"),
               QStringLiteral("01KG3N8H2VXJ5Q0R7YB4TZ6W%1").arg(id, 2, 10, QLatin1Char('0')));
    one.insert(QStringLiteral("stage"), stage);
    one.insert(QStringLiteral("open"), open);
    one.insert(QStringLiteral("piece_cid"), made_cid(id));
    one.insert(QStringLiteral("piece_cid_v2"), made_cid(id, true));
    one.insert(QStringLiteral("payload_size"), 25.9e9);
    one.insert(QStringLiteral("padded_size"), 34359738368.0);
    one.insert(QStringLiteral("snapshot"), 12);
    one.insert(QStringLiteral("sector"), reached >= 7 && !failed ? QJsonValue(1421 + id) : QJsonValue());
    one.insert(QStringLiteral("error"), error);
    one.insert(QStringLiteral("market_says"),
               QJsonObject{{QStringLiteral("state"), QStringLiteral("sealing")},
                           {QStringLiteral("said"),
                            open ? QStringLiteral("sealing: PreCommit1, 41 %") : QStringLiteral("complete")}});
    one.insert(QStringLiteral("begun_at"), times.value(QLatin1String("open_time")).toDouble() + 20);
    one.insert(QStringLiteral("changed_at"), when);
    one.insert(QStringLiteral("timeline"), timeline);
    one.insert(QStringLiteral("predicted_at"),
               open && reached < 9 ? QJsonValue(m_now + 1900 + piece * 700) : QJsonValue());
    one.insert(QStringLiteral("late"), id == 23);
    return one;
}

QJsonArray FakeWorld::deals() const {
    QJsonArray all;
    for (int id = 24; id >= 1; --id) all << deal(id);
    return all;
}

QJsonArray FakeWorld::payouts() const {
    QJsonArray holdings;
    for (int slot = 44; slot >= first_own_slot; slot -= providers) {
        if (slot == own_miss) continue;
        const QJsonObject times = slot_times(slot);
        for (int piece = 0; piece < 3; ++piece) {
            const int until = head + 518400 - (44 - slot) * 900;
            holdings << QJsonObject{
                {QStringLiteral("miner"), QStringLiteral("f01234")},
                {QStringLiteral("slot"), times.value(QLatin1String("slot"))},
                {QStringLiteral("round"), 3},
                {QStringLiteral("index"), slot},
                {QStringLiteral("target_epoch"), times.value(QLatin1String("target_epoch"))},
                {QStringLiteral("target_time"), times.value(QLatin1String("target_time"))},
                {QStringLiteral("piece"), piece},
                {QStringLiteral("alternative"), false},
                {QStringLiteral("state"), slot == 14 && piece == 1 ? QStringLiteral("dead") : QStringLiteral("active")},
                {QStringLiteral("sector"), 1421 + slot * 3 + piece},
                {QStringLiteral("until_epoch"), until},
                {QStringLiteral("until_time"), at(until)},
                {QStringLiteral("paid"), atto(std::min(0.38, 0.12 + (44 - slot) * 0.002))},
                {QStringLiteral("share"), atto(0.4)}};
        }
    }
    return {QJsonObject{{QStringLiteral("miner"), QStringLiteral("f01234")},
                        {QStringLiteral("standing"), QStringLiteral("active")},
                        {QStringLiteral("misses"), 0},
                        {QStringLiteral("bond"), atto(10)},
                        {QStringLiteral("credit"), atto(1.24)},
                        {QStringLiteral("holdings"), holdings}}};
}

QJsonObject FakeWorld::claim_result(bool dry) const {
    const QString outcome = dry ? QStringLiteral("would_send") : QStringLiteral("sent");
    const QJsonValue hash =
        dry ? QJsonValue()
            : QJsonValue(QStringLiteral("0xfde7a1c2b3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e"));
    return {
        {QStringLiteral("dry_run"), dry},
        {QStringLiteral("held"), 99},
        {QStringLiteral("due"), atto(0.31)},
        {QStringLiteral("to_come"), atto(10.234)},
        {QStringLiteral("withdrawn"), atto(1.55)},
        {QStringLiteral("cost"), atto(0.0003)},
        {QStringLiteral("failed"), 0},
        {QStringLiteral("items"), QJsonArray{QJsonObject{{QStringLiteral("kind"), QStringLiteral("settle")},
                                                         {QStringLiteral("miner"), QStringLiteral("f01234")},
                                                         {QStringLiteral("slot"), round_base + 44},
                                                         {QStringLiteral("piece"), 0},
                                                         {QStringLiteral("due"), atto(0.2)},
                                                         {QStringLiteral("gas"), 118841},
                                                         {QStringLiteral("cost"), atto(0.0001)},
                                                         {QStringLiteral("outcome"), outcome},
                                                         {QStringLiteral("hash"), hash}},
                                             QJsonObject{{QStringLiteral("kind"), QStringLiteral("settle")},
                                                         {QStringLiteral("miner"), QStringLiteral("f01234")},
                                                         {QStringLiteral("slot"), round_base + 38},
                                                         {QStringLiteral("piece"), 1},
                                                         {QStringLiteral("due"), QStringLiteral("0")},
                                                         {QStringLiteral("outcome"), QStringLiteral("nothing_due")}},
                                             QJsonObject{{QStringLiteral("kind"), QStringLiteral("withdraw")},
                                                         {QStringLiteral("miner"), QStringLiteral("f01234")},
                                                         {QStringLiteral("amount"), atto(1.55)},
                                                         {QStringLiteral("bond"), QStringLiteral("0")},
                                                         {QStringLiteral("gas"), 175025},
                                                         {QStringLiteral("cost"), atto(0.0002)},
                                                         {QStringLiteral("outcome"), outcome},
                                                         {QStringLiteral("hash"), hash}}}}};
}

QJsonArray FakeWorld::devices(bool timed) const {
    struct Device {
        const char* name;
        const char* description;
        bool supported;
        const char* reason;
        bool selected;
        double speed;
    };
    static const Device all[] = {
        {"cpu:avx512", "AVX-512, three streams of 16 lanes, 32 threads", true, "the fastest that this CPU has", true,
         1.93},
        {"cpu:shani", "SHA-NI, two blocks at a time", true, "", false, 0.87},
        {"cpu:avx2", "AVX2, 8 lanes", true, "", false, 0.71},
        {"cpu:openssl", "OpenSSL 3.0", true, "", false, 0.52},
        {"cpu:portable", "portable C++", true, "", false, 0.28},
        {"cuda:0", "NVIDIA H100 80GB HBM3, 132 multiprocessors", false, "no driver: cudaErrorInsufficientDriver (35)",
         false, 0},
    };
    QJsonArray out;
    for (const Device& device : all) {
        QJsonObject one{{QStringLiteral("name"), QString::fromLatin1(device.name)},
                        {QStringLiteral("description"), QString::fromLatin1(device.description)},
                        {QStringLiteral("supported"), device.supported},
                        {QStringLiteral("reason"), QString::fromLatin1(device.reason)},
                        {QStringLiteral("selected"), device.selected}};
        if (timed && device.supported) {
            one.insert(QStringLiteral("self_test"), QStringLiteral("passed"));
            one.insert(QStringLiteral("gib_per_s"), device.speed);
        }
        out << one;
    }
    return out;
}

QJsonObject FakeWorld::preflight() const {
    QJsonObject one = slot_times(current_slot);
    const auto row = [](const char* part, const char* what, const char* state, const char* found, const char* fix) {
        return QJsonObject{{QStringLiteral("part"), QString::fromLatin1(part)},
                           {QStringLiteral("what"), QString::fromLatin1(what)},
                           {QStringLiteral("state"), QString::fromLatin1(state)},
                           {QStringLiteral("found"), QString::fromLatin1(found)},
                           {QStringLiteral("why"), QString()},
                           {QStringLiteral("fix"), QString::fromLatin1(fix)}};
    };
    one.insert(QStringLiteral("miner"), QStringLiteral("f01234"));
    one.insert(QStringLiteral("ready"), false);
    one.insert(QStringLiteral("policy"), QStringLiteral("automatic"));
    one.insert(QStringLiteral("market"), QStringLiteral("curio-mk20"));
    one.insert(QStringLiteral("state"), QStringLiteral("open"));
    one.insert(QStringLiteral("rows"),
               QJsonArray{row("contract", "the provider is registered", "good", "active, no misses in a row", ""),
                          row("contract", "staging is not paused", "good", "it is not", ""),
                          row("snapshot", "the recipe is the contract's", "good", "v1, 2000, skip, 32 GiB", ""),
                          row("market", "the contract is allowed in Curio", "bad",
                              "it is not on the list of allowed contracts",
                              "add 0x5FbDB2315678afecb367f032d93F642f64180aa3 to DDO Contracts on the page MK20 of "
                              "Curio, and allow it"),
                          row("market", "its clock is right", "good", "0.2 s apart", ""),
                          row("node", "the wallet can pay the gas", "warning", "0.9 FIL, less than incentive.gas_alarm",
                              "send some FIL to the wallet"),
                          row("node", "empty sectors live long enough", "unknown",
                              "the node did not answer within 20 s", "look whether the node is busy")});
    return {{QStringLiteral("ready"), false}, {QStringLiteral("miners"), QJsonArray{one}}};
}

QJsonArray FakeWorld::settings() const {
    struct Setting {
        const char* key;
        const char* value;
        const char* fallback;
        const char* type;
        const char* help;
        bool restart;
    };
    static const Setting all[] = {
        {"api.listen", "127.0.0.1:5346", "127.0.0.1:5346", "HOST:PORT",
         "where the API listens; beyond this machine it needs TLS", true},
        {"api.tls_cert", "", "", "text", "PEM file of the API's certificate chain; empty for none", true},
        {"chain.finality", "auto", "auto", "auto, f3 or ec", "when an epoch counts as final", true},
        {"chain.recent_stateroots", "2000", "2000", "0 to 1000000", "epochs below the head whose state is kept", true},
        {"checkpoint.every", "6h", "6h", "duration", "how often a checkpoint is written at least", false},
        {"compute.device", "auto", "auto", "text", "what hashes: auto, cpu, cuda or cuda:N", true},
        {"deals.poll", "20s", "30s", "duration", "how often markets are asked how far open deals are", false},
        {"incentive.contract", "0x5FbDB2315678afecb367f032d93F642f64180aa3", "", "text",
         "address of the contract that pays; empty for none", true},
        {"incentive.miners", "f01234", "", "list of texts", "own storage providers, as f01000", true},
        {"incentive.policy", "automatic", "ask", "ask, automatic or skip", "what is done by itself for windows", false},
        {"incentive.wallet", "f410f6op5nzi2vwepn5gonk4ie4tzz773sitggxp4hiy", "", "text",
         "wallet of the node that signs and pays the gas", true},
        {"incentive.upkeep", "true", "true", "true or false", "settle pieces and activate deals by itself", false},
        {"log.level", "info", "info", "debug, info, warning or error", "what is logged, and what is worse", false},
        {"memory.limit", "128GiB", "0", "size", "what the daemon may use; 0 for all that there is", true},
        {"recipe.piece_size", "32GiB", "32GiB", "size", "padded size of pieces", false},
        {"retrieval.listen", "0.0.0.0:5347", "", "HOST:PORT", "where pieces are served; empty for nowhere", true},
        {"snapshots.compress", "none", "none", "none, zstd or forest", "how files of snapshots are compressed", false},
        {"snapshots.folder", "/srv/snapshots", "", "text",
         "where files of snapshots go; empty for snapshots/ beside this file", false},
        {"snapshots.keep_layout", "1h", "1h", "duration",
         "how long a snapshot is served from memory after it was read last", false},
    };
    QJsonArray out;
    for (const Setting& setting : all)
        out << QJsonObject{{QStringLiteral("key"), QString::fromLatin1(setting.key)},
                           {QStringLiteral("value"), QString::fromLatin1(setting.value)},
                           {QStringLiteral("default"), QString::fromLatin1(setting.fallback)},
                           {QStringLiteral("type"), QString::fromLatin1(setting.type)},
                           {QStringLiteral("help"), QString::fromLatin1(setting.help)},
                           {QStringLiteral("restart"), setting.restart},
                           {QStringLiteral("waits_for_restart"),
                            QLatin1String(setting.key) == QLatin1String("memory.limit") && mood == Mood::Full}};
    return out;
}

QJsonArray FakeWorld::log(const QJsonObject& params) const {
    struct Line {
        const char* level;
        const char* module;
        const char* message;
    };
    static const Line all[] = {
        {"info", "node", "head 5001812: 4 blocks, 4,402 new blocks of state, 7.2 MiB, read in 82 ms, applied in 24 ms"},
        {"debug", "snapshot", "segment 811 moved: 38 % alive, 12.1 MiB freed"},
        {"info", "service", "snapshot of epoch 5001600 taken: 79.9 GB in 59.3 s (18.6 s layout, 40.7 s emission)"},
        {"info", "market", "f01234: piece 1 of slot 196658 is sealing in sector 1444"},
        {"warning", "market",
         "f01234: the market fetches piece 2 of slot 196658 at 11 MB/s; the window closes in 25 min"},
        {"info", "retrieval",
         "GET /piece/baga6ea4seaqao7s73y24kcutaosvacpdjgfe5pw76ooefnyqw4ynr3d2y6x2mpq 206 4.0 MiB in 3 ms"},
        {"info", "incentive", "settled piece 0 of slot 196652: 0.06 FIL"},
        {"error", "market",
         "f01234: Curio refused the contract 0x5FbDB2315678afecb367f032d93F642f64180aa3: it is not on the list of "
         "allowed contracts; add it on the page MK20"},
        {"info", "chain", "reorganisation of 1 tipset at 5001809, undone and applied in 31 ms"},
        {"debug", "rpc", "ChainNotify: 1 change"},
    };
    static const QStringList levels = {QStringLiteral("debug"), QStringLiteral("info"), QStringLiteral("warning"),
                                       QStringLiteral("error")};
    const int after = params.contains(QLatin1String("after"))
                          ? params.value(QLatin1String("after")).toInt()
                          : std::max(0, log_lines - params.value(QLatin1String("limit")).toInt(200));
    QJsonArray out;
    for (int seq = after + 1; seq <= log_lines; ++seq) {
        const Line& line = all[static_cast<std::size_t>(seq * 7 % 10)];
        if (levels.indexOf(QString::fromLatin1(line.level)) <
            levels.indexOf(params.value(QLatin1String("level")).toString(QStringLiteral("debug"))))
            continue;
        out << QJsonObject{{QStringLiteral("seq"), seq},
                           {QStringLiteral("time"), m_now - (log_lines - seq) * 7.25},
                           {QStringLiteral("level"), QString::fromLatin1(line.level)},
                           {QStringLiteral("module"), QString::fromLatin1(line.module)},
                           {QStringLiteral("message"), QString::fromLatin1(line.message)}};
    }
    return out;
}

QJsonObject FakeWorld::contract() const {
    return object(
        R"({"contract":"0x5FbDB2315678afecb367f032d93F642f64180aa3","network":"calibrationnet","chain_id":314159,"node":"ws://127.0.0.1:1234/rpc/v1","version":"1","round":{"number":3,"start_epoch":4981635,"positions":600,"replicas":2,"slot_epochs":120,"window_epochs":120,"lead_epochs":120},"totals":{"pool":"80000000000000000000","locked":"20000000000000000000","owed":"0","credit":"0","bonds":"160000000000000000000"},"providers":"6","bond_now":"10000000000000000000","paused":false})");
}

}    // namespace filfil::gui::test
