// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gui/model/job_store.hpp"

#include "gui/model/format.hpp"
#include "gui/model/json_fields.hpp"

#include <utility>

namespace filfil::gui {
namespace {

bool hasEnded(const QString& state) {
    return state == QLatin1String("done") || state == QLatin1String("failed") || state == QLatin1String("cancelled");
}

QString idOf(const QJsonObject& job) { return RecordModel::field(QStringLiteral("id"))(job); }

}    // namespace

JobStore::JobStore(Session& session, Format& format, QObject* parent) : Store(session, format, parent) {
    setModel(
        new RecordModel(RecordModel::field(QStringLiteral("id")),
                        {{QStringLiteral("id"), QT_TR_NOOP("No."), ColumnKind::Number, 60},
                         {QStringLiteral("kind"), QT_TR_NOOP("Job"), ColumnKind::State, 120},
                         {QStringLiteral("state"), QT_TR_NOOP("State"), ColumnKind::State, 100},
                         {QStringLiteral("stage"), QT_TR_NOOP("Stage"), ColumnKind::Text, 160},
                         {QStringLiteral("progress"), QT_TR_NOOP("Done"), ColumnKind::Percent, 80},
                         {QStringLiteral("bytes_per_second"), QT_TR_NOOP("Bytes a second"), ColumnKind::Bytes, 110},
                         {QStringLiteral("seconds_left"), QT_TR_NOOP("Left"), ColumnKind::Duration, 90},
                         {QStringLiteral("queued_at"), QT_TR_NOOP("Asked at"), ColumnKind::Time, 150},
                         {QStringLiteral("sentence"), QT_TR_NOOP("What it says"), ColumnKind::Text, 320}},
                        {QStringLiteral("stopping"), QStringLiteral("done_bytes"), QStringLiteral("total_bytes"),
                         QStringLiteral("started_at"), QStringLiteral("ended_at"), QStringLiteral("remedy"),
                         QStringLiteral("params"), QStringLiteral("result")},
                        &format, this));
}

void JobStore::cancel(double id) {
    act(QStringLiteral("FilFil.CancelJob"), {{QStringLiteral("id"), id}},
        [this](const QJsonObject& job) { take(job); });
}

void JobStore::follow(double id, QObject* receiver, End end) {
    if (!(id >= 0)) {
        end(Reply(ApiError{0, QStringLiteral("bad_answer"), tr("The daemon did not say which job it made"),
                           tr("this may be another version of the daemon")}));
        return;
    }
    const QString key = QString::number(whole(id));
    m_followers.insert(key, {receiver, std::move(end)});
    // It may have ended before anybody asked.
    session().call(QStringLiteral("FilFil.Job"), {{QStringLiteral("id"), id}}, this, [this, key](const Reply& reply) {
        if (reply.ok()) return take(reply.object());
        if (reply.error().isPassing()) return;
        for (const Follower& follower : m_followers.values(key))
            if (follower.receiver) follower.end(reply);
        m_followers.remove(key);
    });
}

void JobStore::load() {
    fetch(QStringLiteral("FilFil.Jobs"), {}, [this](const QJsonObject& answer) {
        QList<QJsonObject> jobs = objectsOf(answer.value(QLatin1String("jobs")));
        for (QJsonObject& job : jobs) {
            job = dressed(std::move(job));
            tellEnd(job);
        }
        model()->setRecords(std::move(jobs));
        model()->settle();
        recount();
    });
}

void JobStore::forget() {
    Store::forget();
    m_daemonStarted = 0;
    const auto followers = std::exchange(m_followers, {});
    const Reply lost(ApiError{0, QStringLiteral("lost"), tr("The daemon that did it was left"), {}});
    for (const Follower& follower : followers)
        if (follower.receiver) follower.end(lost);
    recount();
}

void JobStore::onState(const QJsonObject& state) {
    // Numbers begin anew with each start of the daemon: what it does not know has gone with the one before, and what
    // has the same number after another start is another job.
    const double started =
        state.value(QLatin1String("status")).toObject().value(QLatin1String("started_at")).toDouble();
    const bool anew = m_daemonStarted != 0 && started != m_daemonStarted;
    m_daemonStarted = started;
    const QList<QJsonObject> jobs = objectsOf(state.value(QLatin1String("jobs")));
    QSet<QString> known;
    if (anew)
        model()->clear();
    else
        for (const QJsonObject& job : jobs) known.insert(idOf(job));
    const Reply lost(ApiError{0, QStringLiteral("lost"), tr("The daemon was started anew before the job had ended"),
                              tr("see whether it was done, and ask again if not")});
    for (const QString& key : m_followers.uniqueKeys()) {
        if (known.contains(key)) continue;
        const QList<Follower> followers = m_followers.values(key);
        m_followers.remove(key);
        for (const Follower& follower : followers)
            if (follower.receiver) follower.end(lost);
    }
    for (const QJsonObject& job : jobs) take(job);
}

void JobStore::onEvent(const QString& type, const QJsonObject& data, double /*time*/) {
    if (type == QLatin1String("job")) take(data);
}

void JobStore::take(const QJsonObject& job) {
    const QJsonObject whole = dressed(job);
    const QString before = model()->record(idOf(job)).value(QLatin1String("state")).toString();
    const bool ends =
        !before.isEmpty() && !hasEnded(before) && hasEnded(whole.value(QLatin1String("state")).toString());
    model()->upsert(whole);
    recount();
    tellEnd(whole);
    if (ends) emit jobEnded(whole);
}

void JobStore::tellEnd(const QJsonObject& job) {
    const QString state = job.value(QLatin1String("state")).toString();
    if (!hasEnded(state)) return;
    const QString key = idOf(job);
    const QList<Follower> followers = m_followers.values(key);
    m_followers.remove(key);
    const Reply reply =
        state == QLatin1String("done")
            ? Reply(job.value(QLatin1String("result")))
            : Reply(job.value(QLatin1String("error")).isObject() ? ApiError::fromJson(job.value(QLatin1String("error")))
                                                                 : ApiError{0, state, tr("The job was cancelled"), {}});
    for (const Follower& follower : followers)
        if (follower.receiver) follower.end(reply);
}

QJsonObject JobStore::dressed(QJsonObject job) const {
    const double total = job.value(QLatin1String("total_bytes")).toDouble();
    const double done = job.value(QLatin1String("done_bytes")).toDouble();
    const QString state = job.value(QLatin1String("state")).toString();
    const QJsonObject error = job.value(QLatin1String("error")).toObject();
    job.insert(QStringLiteral("progress"), state == QLatin1String("done") ? QJsonValue(1.0)
                                           : total > 0                    ? QJsonValue(std::min(1.0, done / total))
                                                                          : QJsonValue());
    QString sentence = error.value(QLatin1String("message")).toString();
    if (sentence.isEmpty() && state == QLatin1String("running"))
        sentence = job.value(QLatin1String("stopping")).toBool() ? tr("stopping")
                                                                 : job.value(QLatin1String("stage")).toString();
    job.insert(QStringLiteral("sentence"), sentence);
    job.insert(QStringLiteral("remedy"), error.value(QLatin1String("remedy")).toString());
    return job;
}

void JobStore::recount() {
    int running = 0;
    int queued = 0;
    QJsonObject snapshot;
    for (const QJsonObject& job : model()->all()) {
        const QString state = job.value(QLatin1String("state")).toString();
        if (state == QLatin1String("queued")) ++queued;
        if (state != QLatin1String("running")) continue;
        ++running;
        if (job.value(QLatin1String("kind")).toString() == QLatin1String("snapshot")) snapshot = job;
    }
    if (running == m_running && queued == m_queued && snapshot == m_snapshotJob) return;
    m_running = running;
    m_queued = queued;
    m_snapshotJob = snapshot;
    emit countsChanged();
}

}    // namespace filfil::gui
