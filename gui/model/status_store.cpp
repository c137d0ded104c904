// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gui/model/status_store.hpp"

#include "gui/model/format.hpp"
#include "gui/model/job_store.hpp"

#include <QDateTime>
#include <QJsonArray>

#include <algorithm>

namespace filfil::gui {
namespace {

constexpr qsizetype history_length = 240;
constexpr int recent_length = 200;

/// Events tell of states and heads; memory and counters move without any.
constexpr int poll_milliseconds = 10'000;

void push(QVariantList& history, double value) {
    history << value;
    while (history.size() > history_length) history.removeFirst();
}

}    // namespace

StatusStore::StatusStore(Session& session, Format& format, QObject* parent) : Store(session, format, parent) {
    setModel(new RecordModel(RecordModel::field(QStringLiteral("number")),
                             {{QStringLiteral("time"), QT_TR_NOOP("Time"), ColumnKind::Time, 150},
                              {QStringLiteral("kind"), QT_TR_NOOP("Kind"), ColumnKind::Text, 100},
                              {QStringLiteral("sentence"), QT_TR_NOOP("What happened"), ColumnKind::Text, 480}},
                             {QStringLiteral("number"), QStringLiteral("severity")}, &format, this));
    m_poll.setInterval(poll_milliseconds);
    connect(&m_poll, &QTimer::timeout, this, [this] {
        this->session().call(QStringLiteral("FilFil.Status"), {}, this, [this](const Reply& reply) {
            if (reply.ok() && reply.value().isObject()) take(reply.object());
        });
    });
    connect(&session, &Session::onlineNow, &m_poll, qOverload<>(&QTimer::start));
    connect(&session, &Session::wentOffline, &m_poll, &QTimer::stop);
}

namespace {

QString textIn(const QJsonObject& object, QLatin1String name) { return object.value(name).toString(); }
double numberIn(const QJsonObject& object, QLatin1String name, double missing = 0) {
    return object.value(name).toDouble(missing);
}

}    // namespace

QString StatusStore::state() const { return textIn(m_status, QLatin1String("state")); }
QString StatusStore::stateText() const { return state().isEmpty() ? QString() : format().state(state()); }
QString StatusStore::why() const { return textIn(m_status, QLatin1String("why")); }
QString StatusStore::stateRemedy() const { return textIn(m_status, QLatin1String("remedy")); }
QString StatusStore::network() const { return textIn(m_status, QLatin1String("network")); }
double StatusStore::headEpoch() const { return numberIn(m_status, QLatin1String("head_epoch")); }
double StatusStore::syncedEpoch() const { return numberIn(m_status, QLatin1String("synced_epoch")); }
double StatusStore::lag() const { return numberIn(m_status, QLatin1String("lag")); }
double StatusStore::finalizedEpoch() const { return numberIn(m_status, QLatin1String("finalized_epoch"), -1); }
double StatusStore::finalityLag() const {
    return finalizedEpoch() < 0 ? -1 : std::max(0.0, headEpoch() - finalizedEpoch());
}
double StatusStore::progress() const { return std::clamp(numberIn(m_status, QLatin1String("progress")), 0.0, 1.0); }
double StatusStore::rss() const { return numberIn(m_status, QLatin1String("rss")); }
double StatusStore::memoryLimit() const {
    return numberIn(m_status.value(QLatin1String("memory")).toObject(), QLatin1String("limit"));
}
QString StatusStore::memorySentence() const {
    return textIn(m_status.value(QLatin1String("memory")).toObject(), QLatin1String("sentence"));
}
QString StatusStore::memoryRemedy() const {
    return textIn(m_status.value(QLatin1String("memory")).toObject(), QLatin1String("remedy"));
}

void StatusStore::load() {
    fetch(QStringLiteral("FilFil.Status"), {}, [this](const QJsonObject& status) { take(status); });
}

void StatusStore::forget() {
    Store::forget();
    m_status = {};
    m_toldState.clear();
    m_rss.clear();
    m_lag.clear();
    m_apply.clear();
    emit statusChanged();
    emit historyChanged();
}

void StatusStore::onState(const QJsonObject& state) {
    if (const QJsonValue status = state.value(QLatin1String("status")); status.isObject()) take(status.toObject());
}

void StatusStore::onEvent(const QString& type, const QJsonObject& data, double time) {
    if (type == QLatin1String("status"))
        take(data);
    else if (type == QLatin1String("head")) {
        for (const auto name : {"synced_epoch", "head_epoch", "lag"})
            if (const QJsonValue value = data.value(QLatin1String(name)); value.isDouble())
                m_status.insert(QLatin1String(name), value);
        emit statusChanged();
        remember();
    }
    tellOf(type, data, time);
}

void StatusStore::take(const QJsonObject& status) {
    m_status = status;
    emit statusChanged();
    remember();
}

void StatusStore::remember() {
    push(m_rss, rss());
    push(m_lag, lag());
    push(m_apply, numberIn(m_status.value(QLatin1String("sync")).toObject(), QLatin1String("last_apply_seconds")));
    emit historyChanged();
}

void StatusStore::tell(const QString& kind, const QString& sentence, const QString& severity, double time) {
    const qint64 number = ++m_number;
    model()->upsert({{QStringLiteral("number"), number},
                     {QStringLiteral("time"), time},
                     {QStringLiteral("kind"), kind},
                     {QStringLiteral("sentence"), sentence},
                     {QStringLiteral("severity"), severity}});
    if (number > recent_length) model()->remove(QString::number(number - recent_length));
}

void StatusStore::tellOf(const QString& type, const QJsonObject& data, double time) {
    const QString info = QStringLiteral("info");
    const auto text = [&](const char* name) { return data.value(QLatin1String(name)).toString(); };
    const auto epoch = [&](const char* name) { return format().epoch(data.value(QLatin1String(name)).toDouble(-1)); };
    if (type == QLatin1String("status")) {
        const QString now = why().isEmpty() ? stateText() : tr("%1: %2").arg(stateText(), why());
        if (now == m_toldState) return;
        m_toldState = now;
        tell(tr("Chain"), now, state() == QLatin1String("synced") ? info : QStringLiteral("warning"), time);
    } else if (type == QLatin1String("snapshot")) {
        tell(tr("Snapshot"), tr("The snapshot of epoch %1 was taken").arg(epoch("epoch")), info, time);
    } else if (type == QLatin1String("snapshot_forgotten")) {
        tell(tr("Snapshot"),
             tr("Snapshot %1 was forgotten, which freed %2")
                 .arg(format().number(data.value(QLatin1String("id")).toDouble()),
                      format().bytes(data.value(QLatin1String("bytes_freed")).toDouble())),
             info, time);
    } else if (type == QLatin1String("deal")) {
        const bool bad = text("stage") == QLatin1String("failed") || text("stage") == QLatin1String("missed");
        tell(tr("Deal"),
             tr("Deal %1 of %2: %3")
                 .arg(format().number(data.value(QLatin1String("id")).toDouble()), text("miner"),
                      format().state(text("stage"))),
             bad ? QStringLiteral("error") : info, time);
    } else if (type == QLatin1String("transaction")) {
        tell(tr("Transaction"), tr("%1: %2").arg(text("title"), format().state(text("phase"))), info, time);
    } else if (type == QLatin1String("alert")) {
        tell(tr("Alert"), text("message"), text("severity"), time);
    } else if (type == QLatin1String("alert_over")) {
        tell(tr("Alert"), tr("Over: %1").arg(text("code")), info, time);
    } else if (type == QLatin1String("config")) {
        tell(tr("Settings"), tr("%1 is now %2").arg(text("key"), text("value")), info, time);
    } else if (type == QLatin1String("slot_policy")) {
        tell(tr("Windows"), tr("%1: %2").arg(text("miner"), format().state(text("policy"))), info, time);
    } else if (type == QLatin1String("job")) {
        const QString state = text("state");
        if (state == QLatin1String("failed"))
            tell(tr("Job"),
                 tr("%1 failed: %2")
                     .arg(format().state(text("kind")),
                          data.value(QLatin1String("error")).toObject().value(QLatin1String("message")).toString()),
                 QStringLiteral("error"), time);
    } else if (type == QLatin1String("head")) {
        // Only where the chain went back: heads come all the time.
        const QJsonArray changes = data.value(QLatin1String("changes")).toArray();
        const auto reverted = std::count_if(changes.begin(), changes.end(), [](const QJsonValue& change) {
            return change.toObject().value(QLatin1String("type")).toString() == QLatin1String("revert");
        });
        if (reverted > 0)
            tell(tr("Chain"), tr("%n tipset(s) were reverted", nullptr, static_cast<int>(reverted)), info, time);
    }
}

void StatusStore::retryNode() {
    act(QStringLiteral("FilFil.Retry"), {}, [this](const QJsonObject&) { emit done(tr("It is tried again at once")); });
}

void StatusStore::checkpoint() {
    actByJob(*m_jobs, QStringLiteral("FilFil.Checkpoint"), {},
             [this](const QJsonObject&) { emit done(tr("A checkpoint was written")); });
}

void StatusStore::audit(bool repair) {
    actByJob(*m_jobs, QStringLiteral("FilFil.Audit"), {{QStringLiteral("repair"), repair}},
             [this](const QJsonObject& result) {
                 const double wrong = numberIn(result, QLatin1String("wrong_counts"));
                 const double missing = numberIn(result, QLatin1String("missing"));
                 const double blocks = numberIn(result, QLatin1String("blocks"));
                 if (result.value(QLatin1String("good")).toBool())
                     emit done(tr("All %1 blocks are counted right").arg(format().number(blocks)));
                 else
                     emit failed(tr("Of %1 blocks %2 are counted wrongly, and %3 are missing")
                                     .arg(format().number(blocks), format().number(wrong), format().number(missing)),
                                 tr("run the audit with repair; where blocks are missing, start anew from a snapshot"));
             });
}

void StatusStore::backup() {
    actByJob(*m_jobs, QStringLiteral("FilFil.Backup"), {}, [this](const QJsonObject& result) {
        emit done(tr("The journal was copied to %1").arg(textIn(result, QLatin1String("path"))));
    });
}

void StatusStore::stopDaemon() {
    act(QStringLiteral("FilFil.Stop"), {},
        [this](const QJsonObject&) { emit done(tr("The daemon ends at its next safe point")); });
}

}    // namespace filfil::gui
