// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gui/model/deal_store.hpp"

#include "gui/model/format.hpp"
#include "gui/model/json_fields.hpp"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QSaveFile>

#include <algorithm>
#include <limits>
#include <utility>

namespace filfil::gui {
namespace {

/// Of a page of the list: a thousand deals with their timelines would take the GUI thread long.
constexpr int page = 200;

bool isBad(const QString& stage) { return stage == QLatin1String("failed") || stage == QLatin1String("missed"); }

QString keyOf(double id) { return QString::number(whole(id)); }

}    // namespace

DealStore::DealStore(Session& session, Format& format, JobStore& jobs, QObject* parent)
    : Store(session, format, parent), m_jobs(jobs) {
    setModel(
        new RecordModel(RecordModel::field(QStringLiteral("id")),
                        {{QStringLiteral("id"), QT_TR_NOOP("No."), ColumnKind::Number, 60},
                         {QStringLiteral("miner"), QT_TR_NOOP("Provider"), ColumnKind::Text, 100},
                         {QStringLiteral("target_epoch"), QT_TR_NOOP("Snapshot of"), ColumnKind::Epoch, 110},
                         {QStringLiteral("piece"), QT_TR_NOOP("Piece"), ColumnKind::Number, 60},
                         {QStringLiteral("stage"), QT_TR_NOOP("Stage"), ColumnKind::State, 120},
                         {QStringLiteral("progress"), QT_TR_NOOP("Way"), ColumnKind::Percent, 80},
                         {QStringLiteral("predicted_at"), QT_TR_NOOP("Stored by"), ColumnKind::Time, 150},
                         {QStringLiteral("close_time"), QT_TR_NOOP("Window closes"), ColumnKind::Time, 150},
                         {QStringLiteral("market"), QT_TR_NOOP("Market"), ColumnKind::Text, 100},
                         {QStringLiteral("piece_cid"), QT_TR_NOOP("Piece CID"), ColumnKind::Cid, 200},
                         {QStringLiteral("padded_size"), QT_TR_NOOP("Size"), ColumnKind::Bytes, 90},
                         {QStringLiteral("sector"), QT_TR_NOOP("Sector"), ColumnKind::Number, 80},
                         {QStringLiteral("changed_at"), QT_TR_NOOP("Changed"), ColumnKind::Time, 150},
                         {QStringLiteral("problem"), QT_TR_NOOP("Trouble"), ColumnKind::Text, 280}},
                        {QStringLiteral("slot"), QStringLiteral("round"), QStringLiteral("index"),
                         QStringLiteral("alternative"), QStringLiteral("attempt"), QStringLiteral("market_id"),
                         QStringLiteral("open"), QStringLiteral("open_epoch"), QStringLiteral("open_time"),
                         QStringLiteral("close_epoch"), QStringLiteral("piece_cid_v2"), QStringLiteral("payload_size"),
                         QStringLiteral("snapshot"), QStringLiteral("begun_at"), QStringLiteral("timeline"),
                         QStringLiteral("late"), QStringLiteral("problem_remedy"), QStringLiteral("market_state")},
                        &format, this));
    connect(model(), &RecordModel::settled, this, &DealStore::recount);
}

QStringList DealStore::stageNames() {
    return {QStringLiteral("planned"),    QStringLiteral("snapshot"), QStringLiteral("commp"),
            QStringLiteral("proposing"),  QStringLiteral("proposed"), QStringLiteral("fetching"),
            QStringLiteral("publishing"), QStringLiteral("sealing"),  QStringLiteral("proven"),
            QStringLiteral("notified"),   QStringLiteral("paid")};
}

QVariantList DealStore::stages() const {
    QVariantList out;
    for (const QString& stage : stageNames())
        out << QVariantMap{{QStringLiteral("stage"), stage},
                           {QStringLiteral("title"), format().state(stage)},
                           {QStringLiteral("count"), m_byStage.value(stage)}};
    return out;
}

QJsonObject DealStore::dressed(QJsonObject deal) {
    static const QStringList names = stageNames();
    const qsizetype place = names.indexOf(deal.value(QLatin1String("stage")).toString());
    deal.insert(
        QStringLiteral("progress"),
        place < 0 ? QJsonValue() : QJsonValue(static_cast<double>(place) / static_cast<double>(names.size() - 1)));
    const QJsonObject error = deal.value(QLatin1String("error")).toObject();
    const QJsonObject says = deal.value(QLatin1String("market_says")).toObject();
    const QJsonObject why = says.value(QLatin1String("why")).toObject();
    const QString problem =
        error.value(QLatin1String("message")).toString(why.value(QLatin1String("sentence")).toString());
    deal.insert(QStringLiteral("problem"), problem);
    deal.insert(QStringLiteral("problem_remedy"),
                error.value(QLatin1String("remedy")).toString(why.value(QLatin1String("remedy")).toString()));
    deal.insert(QStringLiteral("market_state"), says.value(QLatin1String("state")).toString());
    return deal;
}

void DealStore::load() {
    fetch(QStringLiteral("FilFil.Deals"), {{QStringLiteral("limit"), page}},
          [this](const QJsonObject& answer) { takePage(answer.value(QLatin1String("deals")), true); });
    if (const double id = m_detail.value(QLatin1String("id")).toDouble(-1); id >= 0) show(id);
}

void DealStore::takePage(const QJsonValue& deals, bool first) {
    QList<QJsonObject> list = objectsOf(deals);
    m_more = list.size() >= page;
    for (QJsonObject& deal : list) deal = dressed(std::move(deal));
    if (!first) {
        for (const QJsonObject& deal : list) model()->upsert(deal);
        return recount();
    }
    if (m_more) {
        // Pages that were loaded before stay, as far as they are older than this one.
        double oldest = std::numeric_limits<double>::infinity();
        for (const QJsonObject& deal : std::as_const(list))
            oldest = std::min(oldest, deal.value(QLatin1String("id")).toDouble());
        for (const QJsonObject& deal : model()->all())
            if (deal.value(QLatin1String("id")).toDouble() < oldest) list << deal;
    }
    model()->setRecords(std::move(list));
}

void DealStore::loadMore() {
    if (!m_more) return;
    double oldest = 0;
    for (const QJsonObject& deal : model()->all()) {
        const double id = deal.value(QLatin1String("id")).toDouble();
        if (oldest == 0 || id < oldest) oldest = id;
    }
    fetch(QStringLiteral("FilFil.Deals"), {{QStringLiteral("limit"), page}, {QStringLiteral("before"), oldest}},
          [this](const QJsonObject& answer) { takePage(answer.value(QLatin1String("deals")), false); });
}

void DealStore::forget() {
    Store::forget();
    m_detail = {};
    m_preflight = {};
    m_preflightError.clear();
    m_preflightRunning = false;
    m_more = false;
    recount();
    emit detailChanged();
    emit preflightChanged();
}

void DealStore::onEvent(const QString& type, const QJsonObject& data, double /*time*/) {
    if (type != QLatin1String("deal")) return;
    const QJsonObject deal = dressed(data);
    const QString key = keyOf(deal.value(QLatin1String("id")).toDouble(-1));
    const QString before = model()->record(key).value(QLatin1String("stage")).toString();
    model()->upsert(deal);
    recount();
    const QString stage = deal.value(QLatin1String("stage")).toString();
    if (stage != before) emit stageChanged(deal, before);
    if (m_detail.value(QLatin1String("id")) == deal.value(QLatin1String("id")))
        show(deal.value(QLatin1String("id")).toDouble());
}

void DealStore::show(double id) {
    if (m_detail.value(QLatin1String("id")).toDouble(-1) != id) {
        m_detail = model()->record(keyOf(id));
        emit detailChanged();
    }
    session().call(QStringLiteral("FilFil.Deal"), {{QStringLiteral("id"), id}}, this, [this, id](const Reply& reply) {
        // Another one was asked for meanwhile.
        if (m_detail.value(QLatin1String("id")).toDouble(-1) != id && !m_detail.isEmpty()) return;
        if (!reply.ok()) {
            if (!reply.error().isPassing()) emit failed(reply.error().message, reply.error().remedy);
            return;
        }
        m_detail = dressed(reply.object());
        emit detailChanged();
    });
}

void DealStore::store(double epoch, const QString& miner) {
    QJsonObject params = {{QStringLiteral("epoch"), epoch}};
    if (!miner.isEmpty()) params.insert(QStringLiteral("miner"), miner);
    act(QStringLiteral("FilFil.Store"), params, [this, epoch](const QJsonObject& answer) {
        const auto deals = static_cast<int>(answer.value(QLatin1String("deals")).toArray().size());
        emit done(
            tr("%n deal(s) of the snapshot of epoch %1 are on their way", nullptr, deals).arg(format().epoch(epoch)));
        refresh();
    });
}

void DealStore::retry(double id) {
    act(QStringLiteral("FilFil.RetryDeal"), {{QStringLiteral("id"), id}}, [this](const QJsonObject& answer) {
        emit done(tr("Deal %1 goes on").arg(format().number(answer.value(QLatin1String("deal")).toDouble())));
        refresh();
    });
}

void DealStore::cancel(double id) {
    act(QStringLiteral("FilFil.CancelDeal"), {{QStringLiteral("id"), id}},
        [this, id](const QJsonObject&) { emit done(tr("Deal %1 was taken back").arg(format().number(id))); });
}

void DealStore::exportEvidence(double id, const QUrl& file) {
    const QString path = file.isLocalFile() ? file.toLocalFile() : file.toString();
    act(QStringLiteral("FilFil.ExportDeal"), {{QStringLiteral("id"), id}}, [this, path](const QJsonObject& evidence) {
        QSaveFile out(path);
        if (!out.open(QIODevice::WriteOnly) || out.write(QJsonDocument(evidence).toJson()) < 0 || !out.commit())
            emit failed(tr("%1 cannot be written: %2").arg(path, out.errorString()), tr("choose another place"));
        else
            emit done(tr("Written to %1").arg(path));
    });
}

void DealStore::runPreflight(const QString& miner) {
    m_preflightRunning = true;
    m_preflightError.clear();
    emit preflightChanged();
    QJsonObject params;
    if (!miner.isEmpty()) params.insert(QStringLiteral("miner"), miner);
    session().call(
        QStringLiteral("FilFil.Preflight"), params, this,
        [this](const Reply& reply) {
            m_preflightRunning = false;
            if (reply.ok())
                m_preflight = reply.object();
            else
                m_preflightError = reply.error().message;
            emit preflightChanged();
            if (!reply.ok()) emit failed(reply.error().message, reply.error().remedy);
        },
        120'000);
}

void DealStore::recount() {
    m_byStage.clear();
    m_open = m_late = m_failed = 0;
    for (const QJsonObject& deal : model()->all()) {
        const QString stage = deal.value(QLatin1String("stage")).toString();
        if (isBad(stage)) ++m_failed;
        if (!deal.value(QLatin1String("open")).toBool()) continue;
        ++m_open;
        ++m_byStage[stage];
        if (deal.value(QLatin1String("late")).toBool()) ++m_late;
    }
    emit countsChanged();
}

}    // namespace filfil::gui
