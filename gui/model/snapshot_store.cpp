// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gui/model/snapshot_store.hpp"

#include "gui/model/format.hpp"
#include "gui/model/json_fields.hpp"

#include <QJsonArray>

#include <algorithm>
#include <limits>
#include <utility>

namespace filfil::gui {
namespace {

/// Of a page of the list: a thousand would take the GUI thread long.
constexpr int page = 200;

QJsonObject paramsOf(const QVariantMap& options, const QStringList& names) {
    QJsonObject out;
    for (const QString& name : names) {
        const QVariant value = options.value(name);
        // What is left empty in a form is not meant.
        if (!value.isValid() || value.isNull() || (value.typeId() == QMetaType::QString && value.toString().isEmpty()))
            continue;
        out.insert(name, QJsonValue::fromVariant(value));
    }
    return out;
}

}    // namespace

SnapshotStore::SnapshotStore(Session& session, Format& format, JobStore& jobs, QObject* parent)
    : Store(session, format, parent), m_jobs(jobs) {
    setModel(new RecordModel(
        RecordModel::field(QStringLiteral("id")),
        {{QStringLiteral("id"), QT_TR_NOOP("No."), ColumnKind::Number, 60},
         {QStringLiteral("epoch"), QT_TR_NOOP("Epoch"), ColumnKind::Epoch, 100},
         {QStringLiteral("taken_at"), QT_TR_NOOP("Taken"), ColumnKind::Time, 150},
         {QStringLiteral("state"), QT_TR_NOOP("Where"), ColumnKind::State, 100},
         {QStringLiteral("piece_cid"), QT_TR_NOOP("Piece CID"), ColumnKind::Cid, 200},
         {QStringLiteral("piece_count"), QT_TR_NOOP("Pieces"), ColumnKind::Number, 70},
         {QStringLiteral("car_bytes"), QT_TR_NOOP("Size"), ColumnKind::Bytes, 100},
         {QStringLiteral("blocks"), QT_TR_NOOP("Blocks"), ColumnKind::Number, 100},
         {QStringLiteral("seconds"), QT_TR_NOOP("Took"), ColumnKind::Duration, 90},
         {QStringLiteral("device"), QT_TR_NOOP("Hashed on"), ColumnKind::Text, 110},
         {QStringLiteral("path"), QT_TR_NOOP("File"), ColumnKind::Text, 260}},
        {QStringLiteral("head"), QStringLiteral("recipe"), QStringLiteral("root_cids"), QStringLiteral("pieces"),
         QStringLiteral("car_sha256"), QStringLiteral("hold"), QStringLiteral("compression"),
         QStringLiteral("load_seconds"), QStringLiteral("layout_seconds"), QStringLiteral("emit_seconds"),
         QStringLiteral("piece_cid_v2")},
        &format, this));
    m_holds = new RecordModel(RecordModel::field(QStringLiteral("number")),
                              {{QStringLiteral("number"), QT_TR_NOOP("No."), ColumnKind::Number, 60},
                               {QStringLiteral("epoch"), QT_TR_NOOP("Epoch"), ColumnKind::Epoch, 100},
                               {QStringLiteral("kind"), QT_TR_NOOP("For"), ColumnKind::State, 100},
                               {QStringLiteral("reason"), QT_TR_NOOP("Reason"), ColumnKind::Text, 240},
                               {QStringLiteral("made_at"), QT_TR_NOOP("Since"), ColumnKind::Time, 150},
                               {QStringLiteral("expires_at"), QT_TR_NOOP("Until"), ColumnKind::Time, 150}},
                              {QStringLiteral("recent_stateroots"), QStringLiteral("snapshot"), QStringLiteral("head")},
                              &format, this);
    m_schedules = new RecordModel(RecordModel::field(QStringLiteral("id")),
                                  {{QStringLiteral("id"), QT_TR_NOOP("Name"), ColumnKind::Text, 220},
                                   {QStringLiteral("every_epochs"), QT_TR_NOOP("Every"), ColumnKind::Number, 90},
                                   {QStringLiteral("at_epoch"), QT_TR_NOOP("At epoch"), ColumnKind::Epoch, 100},
                                   {QStringLiteral("next_epoch"), QT_TR_NOOP("Next"), ColumnKind::Epoch, 100},
                                   {QStringLiteral("last_epoch"), QT_TR_NOOP("Last"), ColumnKind::Epoch, 100},
                                   {QStringLiteral("finalized"), QT_TR_NOOP("Final only"), ColumnKind::Text, 90},
                                   {QStringLiteral("to_file"), QT_TR_NOOP("To a file"), ColumnKind::Text, 90},
                                   {QStringLiteral("recipe"), QT_TR_NOOP("Recipe"), ColumnKind::Text, 180}},
                                  {QStringLiteral("waiting"), QStringLiteral("error"), QStringLiteral("given_up_epoch"),
                                   QStringLiteral("from_config"), QStringLiteral("last_snapshot")},
                                  &format, this);
}

void SnapshotStore::load() {
    fetch(QStringLiteral("FilFil.Snapshots"), {{QStringLiteral("limit"), page}}, [this](const QJsonObject& answer) {
        const qsizetype came = answer.value(QLatin1String("snapshots")).toArray().size();
        takeList(answer.value(QLatin1String("snapshots")), came < page);
        setMore(came >= page);
    });
    fetch(QStringLiteral("FilFil.Holds"), {},
          [this](const QJsonObject& answer) { m_holds->setRecords(objectsOf(answer.value(QLatin1String("holds")))); });
    fetch(QStringLiteral("FilFil.Schedules"), {}, [this](const QJsonObject& answer) {
        m_schedules->setRecords(objectsOf(answer.value(QLatin1String("schedules"))));
    });
}

void SnapshotStore::forget() {
    Store::forget();
    m_holds->clear();
    m_schedules->clear();
    m_detail = {};
    m_checked = {};
    setMore(false);
    emit detailChanged();
    emit checkedChanged();
}

void SnapshotStore::onState(const QJsonObject& state) {
    // Fifty at most: the whole list is asked for behind it.
    for (const QJsonObject& snapshot : objectsOf(state.value(QLatin1String("snapshots"))))
        model()->upsert(dressed(snapshot));
    if (state.value(QLatin1String("holds")).isArray())
        m_holds->setRecords(objectsOf(state.value(QLatin1String("holds"))));
    if (state.value(QLatin1String("schedules")).isArray())
        m_schedules->setRecords(objectsOf(state.value(QLatin1String("schedules"))));
}

void SnapshotStore::onEvent(const QString& type, const QJsonObject& data, double /*time*/) {
    const auto key = [&](const char* name) { return RecordModel::field(QLatin1String(name))(data); };
    if (type == QLatin1String("snapshot")) {
        const bool fresh = !model()->contains(key("id"));
        const QJsonObject snapshot = dressed(data);
        model()->upsert(snapshot);
        if (m_detail.value(QLatin1String("id")) == data.value(QLatin1String("id"))) {
            m_detail = snapshot;
            emit detailChanged();
        }
        if (fresh) emit taken(snapshot);
    } else if (type == QLatin1String("snapshot_forgotten")) {
        model()->remove(key("id"));
    } else if (type == QLatin1String("hold")) {
        m_holds->upsert(data);
    } else if (type == QLatin1String("hold_released")) {
        m_holds->remove(key("number"));
    } else if (type == QLatin1String("schedule")) {
        m_schedules->upsert(data);
    } else if (type == QLatin1String("schedule_removed")) {
        m_schedules->remove(key("id"));
    }
}

QJsonObject SnapshotStore::dressed(QJsonObject snapshot) const {
    const QJsonArray pieces = snapshot.value(QLatin1String("pieces")).toArray();
    const QJsonObject first = pieces.isEmpty() ? QJsonObject() : pieces.first().toObject();
    bool inFiles = !snapshot.value(QLatin1String("path")).toString().isEmpty();
    for (const QJsonValue& piece : pieces)
        inFiles = inFiles || piece.toObject().value(QLatin1String("path")).isString();
    double seconds = 0;
    for (const auto name : {"load_seconds", "layout_seconds", "emit_seconds"})
        seconds += snapshot.value(QLatin1String(name)).toDouble();
    const bool held = snapshot.value(QLatin1String("hold")).isDouble();
    snapshot.insert(QStringLiteral("piece_count"), pieces.size());
    snapshot.insert(QStringLiteral("piece_cid"), first.value(QLatin1String("piece_cid")).toString());
    snapshot.insert(QStringLiteral("piece_cid_v2"), first.value(QLatin1String("piece_cid_v2")).toString());
    snapshot.insert(QStringLiteral("seconds"), seconds);
    snapshot.insert(QStringLiteral("state"), inFiles ? QStringLiteral("file")
                                             : held  ? QStringLiteral("memory")
                                                     : QStringLiteral("recorded"));
    return snapshot;
}

void SnapshotStore::takeList(const QJsonValue& snapshots, bool whole) {
    QList<QJsonObject> list = objectsOf(snapshots);
    for (QJsonObject& snapshot : list) snapshot = dressed(std::move(snapshot));
    if (!whole) {
        // Pages that were loaded before stay, as far as they are older than this one.
        double oldest = std::numeric_limits<double>::infinity();
        for (const QJsonObject& snapshot : std::as_const(list))
            oldest = std::min(oldest, snapshot.value(QLatin1String("id")).toDouble());
        for (const QJsonObject& old : model()->all())
            if (old.value(QLatin1String("id")).toDouble() < oldest) list << old;
    }
    model()->setRecords(std::move(list));
}

void SnapshotStore::setMore(bool more) {
    if (m_more == more) return;
    m_more = more;
    emit moreChanged();
}

void SnapshotStore::loadMore() {
    if (!m_more) return;
    double oldest = 0;
    for (const QJsonObject& snapshot : model()->all()) {
        const double id = snapshot.value(QLatin1String("id")).toDouble();
        if (oldest == 0 || id < oldest) oldest = id;
    }
    fetch(QStringLiteral("FilFil.Snapshots"), {{QStringLiteral("limit"), page}, {QStringLiteral("before_id"), oldest}},
          [this](const QJsonObject& answer) {
              const QList<QJsonObject> older = objectsOf(answer.value(QLatin1String("snapshots")));
              for (const QJsonObject& snapshot : older) model()->upsert(dressed(snapshot));
              setMore(older.size() >= page);
          });
}

void SnapshotStore::show(double id) {
    m_detail = model()->record(QString::number(whole(id)));
    emit detailChanged();
    fetch(QStringLiteral("FilFil.Snapshot"), {{QStringLiteral("id"), id}}, [this](const QJsonObject& snapshot) {
        m_detail = dressed(snapshot);
        emit detailChanged();
    });
}

void SnapshotStore::take(const QVariantMap& options) {
    const QJsonObject params = paramsOf(
        options, {QStringLiteral("epoch"), QStringLiteral("head"), QStringLiteral("finalized"),
                  QStringLiteral("recent_stateroots"), QStringLiteral("skip_old_msgs"), QStringLiteral("format"),
                  QStringLiteral("piece_size"), QStringLiteral("target"), QStringLiteral("folder"),
                  QStringLiteral("compression"), QStringLiteral("sha256"), QStringLiteral("keep_seconds")});
    actByJob(m_jobs, QStringLiteral("FilFil.TakeSnapshot"), params, [this](const QJsonObject& result) {
        const QString epoch = format().epoch(result.value(QLatin1String("epoch")).toDouble(-1));
        emit done(result.value(QLatin1String("reused")).toBool()
                      ? tr("The snapshot of epoch %1 was there already").arg(epoch)
                      : tr("The snapshot of epoch %1 was taken").arg(epoch));
    });
}

void SnapshotStore::forgetSnapshot(double id) {
    act(QStringLiteral("FilFil.ForgetSnapshot"), {{QStringLiteral("id"), id}}, [this, id](const QJsonObject& result) {
        model()->remove(QString::number(whole(id)));
        emit done(tr("Forgotten; %1 are free again")
                      .arg(format().bytes(result.value(QLatin1String("bytes_freed")).toDouble())));
    });
}

void SnapshotStore::verify(double id) {
    const QJsonObject snapshot = model()->record(QString::number(whole(id)));
    QString path = snapshot.value(QLatin1String("path")).toString();
    QString cid = snapshot.value(QLatin1String("piece_cid")).toString();
    if (path.isEmpty())
        for (const QJsonValue& piece : snapshot.value(QLatin1String("pieces")).toArray())
            if (piece.toObject().value(QLatin1String("path")).isString()) {
                path = piece.toObject().value(QLatin1String("path")).toString();
                cid = piece.toObject().value(QLatin1String("piece_cid")).toString();
                break;
            }
    if (path.isEmpty()) {
        emit failed(tr("This snapshot has no file to verify"), tr("take it again with a file"));
        return;
    }
    if (snapshot.value(QLatin1String("pieces")).toArray().size() > 1 &&
        !snapshot.value(QLatin1String("path")).toString().isEmpty()) {
        emit failed(tr("The file holds several pieces, and no CID is that of the whole file"),
                    tr("take it again as a file for each piece, or use `fil-fil verify`"));
        return;
    }
    actByJob(m_jobs, QStringLiteral("FilFil.VerifyFile"),
             {{QStringLiteral("path"), path}, {QStringLiteral("piece_cid"), cid}},
             [this, id](const QJsonObject& result) {
                 m_checked = result;
                 m_checked.insert(QStringLiteral("id"), id);
                 const bool same = result.value(QLatin1String("match")).toBool();
                 const QString path = result.value(QLatin1String("path")).toString();
                 const QString sentence = same ? tr("%1 is the piece that it should be").arg(path)
                                               : tr("%1 is not the piece that it should be").arg(path);
                 m_checked.insert(QStringLiteral("sentence"), sentence);
                 emit checkedChanged();
                 if (same)
                     emit done(sentence);
                 else
                     emit failed(sentence, tr("take the snapshot again; the disk may be failing"));
             });
}

void SnapshotStore::compare(double epoch, const QString& from) {
    QJsonObject params = {{QStringLiteral("epoch"), epoch}};
    if (!from.isEmpty()) params.insert(QStringLiteral("from"), from);
    actByJob(m_jobs, QStringLiteral("FilFil.ComparePieces"), params, [this](const QJsonObject& result) {
        const bool same = result.value(QLatin1String("same")).toBool();
        QString sentence = result.value(QLatin1String("sentence")).toString();
        if (sentence.isEmpty())
            sentence =
                same ? tr("The pieces are those that are staged") : tr("The pieces are not those that are staged");
        m_checked = result;
        m_checked.insert(QStringLiteral("id"), result.value(QLatin1String("snapshot")));
        m_checked.insert(QStringLiteral("sentence"), sentence);
        emit checkedChanged();
        if (same)
            emit done(sentence);
        else
            emit failed(sentence, {});
    });
}

QJsonObject SnapshotStore::difference(double a, double b) const {
    QJsonObject left = model()->record(QString::number(whole(a)));
    QJsonObject right = model()->record(QString::number(whole(b)));
    if (left.isEmpty() || right.isEmpty()) return {};
    if (left.value(QLatin1String("epoch")).toDouble() > right.value(QLatin1String("epoch")).toDouble())
        std::swap(left, right);
    const auto by = [&](const char* name) {
        return right.value(QLatin1String(name)).toDouble() - left.value(QLatin1String(name)).toDouble();
    };
    return {{QStringLiteral("epochs"), by("epoch")},
            {QStringLiteral("blocks"), by("blocks")},
            {QStringLiteral("car_bytes"), by("car_bytes")},
            {QStringLiteral("seconds"), by("seconds")}};
}

void SnapshotStore::hold(const QVariantMap& options) {
    act(QStringLiteral("FilFil.Hold"),
        paramsOf(options, {QStringLiteral("epoch"), QStringLiteral("head"), QStringLiteral("recent_stateroots"),
                           QStringLiteral("reason"), QStringLiteral("expires_seconds")}),
        [this](const QJsonObject& hold) {
            m_holds->upsert(hold);
            emit done(tr("Epoch %1 is held").arg(format().epoch(hold.value(QLatin1String("epoch")).toDouble(-1))));
        });
}

void SnapshotStore::releaseHold(double number) {
    act(QStringLiteral("FilFil.ReleaseHold"), {{QStringLiteral("number"), number}}, [this, number](const QJsonObject&) {
        m_holds->remove(QString::number(whole(number)));
        emit done(tr("The hold was released"));
    });
}

void SnapshotStore::addSchedule(const QVariantMap& options) {
    act(QStringLiteral("FilFil.AddSchedule"),
        paramsOf(options, {QStringLiteral("every_epochs"), QStringLiteral("at_epoch"), QStringLiteral("finalized"),
                           QStringLiteral("to_file"), QStringLiteral("recipe")}),
        [this](const QJsonObject& schedule) {
            m_schedules->upsert(schedule);
            emit done(tr("Scheduled: %1").arg(schedule.value(QLatin1String("id")).toString()));
        });
}

void SnapshotStore::removeSchedule(const QString& id) {
    act(QStringLiteral("FilFil.RemoveSchedule"), {{QStringLiteral("id"), id}}, [this, id](const QJsonObject&) {
        m_schedules->remove(id);
        emit done(tr("The schedule was removed"));
    });
}

}    // namespace filfil::gui
