// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gui/model/payout_store.hpp"

#include "gui/model/format.hpp"
#include "gui/model/json_fields.hpp"
#include "gui/model/record_proxy.hpp"
#include "gui/model/slot_store.hpp"

#include <QDateTime>
#include <QJsonArray>
#include <QLocale>
#include <QSaveFile>
#include <QTimeZone>

#include <utility>

namespace filfil::gui {
namespace {

constexpr int months_shown = 12;

/// What the chain can still take back: EC's finality, in epochs.
constexpr qint64 finality_epochs = 900;

double beginOf(QDate month) {
    return static_cast<double>(QDate(month.year(), month.month(), 1).startOfDay(QTimeZone::utc()).toSecsSinceEpoch());
}

QString holdingKey(const QJsonObject& holding) {
    const QString miner = text(holding, "miner");
    if (miner.isEmpty() || !holding.value(QLatin1String("slot")).isDouble()) return {};
    return miner + u'/' + QString::number(holding.value(QLatin1String("slot")).toInteger()) + u'/' +
           QString::number(holding.value(QLatin1String("piece")).toInteger()) +
           (holding.value(QLatin1String("alternative")).toBool() ? QStringLiteral("a") : QString());
}

}    // namespace

PayoutStore::PayoutStore(Session& session, Format& format, JobStore& jobs, SlotStore& slotStore, QObject* parent)
    : Store(session, format, parent), m_jobs(jobs), m_slots(slotStore) {
    setModel(new RecordModel(
        holdingKey,
        {{QStringLiteral("miner"), QT_TR_NOOP("Provider"), ColumnKind::Text, 100},
         {QStringLiteral("target_epoch"), QT_TR_NOOP("Snapshot of"), ColumnKind::Epoch, 110},
         {QStringLiteral("piece"), QT_TR_NOOP("Piece"), ColumnKind::Number, 60},
         {QStringLiteral("state"), QT_TR_NOOP("State"), ColumnKind::State, 100},
         {QStringLiteral("sector"), QT_TR_NOOP("Sector"), ColumnKind::Number, 80},
         {QStringLiteral("share"), QT_TR_NOOP("Pays in all"), ColumnKind::Fil, 110},
         {QStringLiteral("paid"), QT_TR_NOOP("Credited"), ColumnKind::Fil, 110},
         {QStringLiteral("left"), QT_TR_NOOP("Still to come"), ColumnKind::Fil, 110},
         {QStringLiteral("until_time"), QT_TR_NOOP("Until"), ColumnKind::Time, 150},
         {QStringLiteral("risk"), QT_TR_NOOP("At risk"), ColumnKind::Text, 240}},
        {QStringLiteral("key"), QStringLiteral("slot"), QStringLiteral("round"), QStringLiteral("index"),
         QStringLiteral("target_time"), QStringLiteral("alternative"), QStringLiteral("until_epoch")},
        &format, this));
    m_providers = new RecordModel(RecordModel::field(QStringLiteral("miner")),
                                  {{QStringLiteral("miner"), QT_TR_NOOP("Provider"), ColumnKind::Text, 110},
                                   {QStringLiteral("standing"), QT_TR_NOOP("Standing"), ColumnKind::State, 100},
                                   {QStringLiteral("misses"), QT_TR_NOOP("Misses in a row"), ColumnKind::Number, 110},
                                   {QStringLiteral("bond"), QT_TR_NOOP("Bond"), ColumnKind::Fil, 110},
                                   {QStringLiteral("credit"), QT_TR_NOOP("Can be claimed"), ColumnKind::Fil, 120}},
                                  {}, &format, this);
    m_transactions = new RecordModel(RecordModel::field(QStringLiteral("key")),
                                     {{QStringLiteral("title"), QT_TR_NOOP("What"), ColumnKind::Text, 320},
                                      {QStringLiteral("phase"), QT_TR_NOOP("Phase"), ColumnKind::State, 110},
                                      {QStringLiteral("hash"), QT_TR_NOOP("Transaction"), ColumnKind::Cid, 200},
                                      {QStringLiteral("nonce"), QT_TR_NOOP("Nonce"), ColumnKind::Number, 80},
                                      {QStringLiteral("trouble"), QT_TR_NOOP("Trouble"), ColumnKind::Text, 280}},
                                     {QStringLiteral("key"), QStringLiteral("block"), QStringLiteral("replacements")},
                                     &format, this);
    connect(model(), &RecordModel::settled, this, &PayoutStore::reckon);
}

void PayoutStore::load() {
    fetch(QStringLiteral("FilFil.Payouts"), {}, [this](const QJsonObject& answer) {
        take(answer.value(QLatin1String("payouts")));
        m_income.removeIf(
            [this](const QHash<QString, Income>::iterator& income) { return !m_providers->contains(income.key()); });
        for (const QJsonObject& provider : m_providers->all()) {
            const QString miner = text(provider, "miner");
            m_income[miner].begin();
            readIncome(miner);
        }
        reckonMonths();
    });
    fetch(QStringLiteral("FilFil.Transactions"), {}, [this](const QJsonObject& answer) { takeTransactions(answer); });
}

/// One claim of anybody tells of every piece, so that each provider's own events alone are asked for.
void PayoutStore::readIncome(const QString& miner) {
    QJsonObject params = m_income[miner].question();
    params.insert(QStringLiteral("miner"), miner);
    fetch(QStringLiteral("FilFil.ContractEvents"), params, [this, miner](const QJsonObject& answer) {
        const bool more = m_income[miner].take(objectsOf(answer.value(QLatin1String("events"))), miner,
                                               beginOf(today().addMonths(1 - months_shown)));
        reckonMonths();
        if (more) readIncome(miner);
    });
}

void PayoutStore::forget() {
    Store::forget();
    m_providers->clear();
    m_transactions->clear();
    m_income.clear();
    m_wallet.clear();
    m_balance.clear();
    m_claim = {};
    m_claiming = false;
    m_slots.setHoldings({});
    reckon();
    reckonMonths();
    emit claimChanged();
}

void PayoutStore::onState(const QJsonObject& /*state*/) {
    // What was taken back since events came last, nobody told.
    for (Income& income : m_income) income.cut(income.newestEpoch() - finality_epochs);
}

void PayoutStore::onEvent(const QString& type, const QJsonObject& data, double /*time*/) {
    if (type == QLatin1String("transaction")) {
        m_transactions->upsert(data);
        // What is through is not in the list any more.
        session().call(QStringLiteral("FilFil.Transactions"), {}, this, [this](const Reply& reply) {
            if (reply.ok()) takeTransactions(reply.object());
        });
        return;
    }
    if (type != QLatin1String("contract")) return;
    if (const QJsonValue from = data.value(QLatin1String("removed_from_epoch")); from.isDouble())
        for (Income& one : m_income) one.cut(whole(from.toDouble()));
    bool income =
        data.value(QLatin1String("more")).toBool() || data.value(QLatin1String("removed_from_epoch")).isDouble();
    for (const QJsonObject& event : objectsOf(data.value(QLatin1String("added")))) {
        const QString name = text(event, "name");
        const bool settled = name == QLatin1String("Settled");
        if (!settled && name != QLatin1String("PieceActivated") && name != QLatin1String("Withdrawn") &&
            name != QLatin1String("Dead"))
            continue;
        income = true;
        const QJsonObject fields = event.value(QLatin1String("fields")).toObject();
        const QString amount = text(fields, settled ? "amount" : "upfront");
        if (m_providers->contains(text(event, "miner")) && !amount.isEmpty() && amount != QLatin1String("0"))
            emit paid(text(event, "miner"), amount);
    }
    if (income) refresh();
}

QJsonObject PayoutStore::dressed(QJsonObject holding) const {
    const QString share = text(holding, "share");
    const QString paid = text(holding, "paid");
    const QString state = text(holding, "state");
    const bool comes = state == QLatin1String("active") || state == QLatin1String("published");
    holding.insert(QStringLiteral("key"), holdingKey(holding));
    holding.insert(QStringLiteral("left"), comes ? Format::difference(share, paid) : QStringLiteral("0"));
    QString risk;
    if (state == QLatin1String("dead"))
        risk = tr("the sector is lost: nothing more comes");
    else if (state == QLatin1String("published"))
        risk = tr("the deal is in no sector yet");
    holding.insert(QStringLiteral("risk"), risk);
    return holding;
}

void PayoutStore::take(const QJsonValue& payouts) {
    QList<QJsonObject> providers;
    QList<QJsonObject> holdings;
    for (QJsonObject provider : objectsOf(payouts)) {
        for (QJsonObject holding : objectsOf(provider.value(QLatin1String("holdings")))) {
            if (!holding.contains(QLatin1String("miner")))
                holding.insert(QStringLiteral("miner"), text(provider, "miner"));
            holdings << dressed(std::move(holding));
        }
        provider.remove(QLatin1String("holdings"));
        providers << provider;
    }
    m_providers->setRecords(std::move(providers));
    m_providers->settle();
    m_slots.setHoldings(holdings);
    model()->setRecords(std::move(holdings));
}

void PayoutStore::takeTransactions(const QJsonObject& answer) {
    m_transactions->setRecords(objectsOf(answer.value(QLatin1String("transactions"))));
    m_wallet = text(answer, "wallet");
    m_balance = text(answer, "balance");
    emit totalsChanged();
}

void PayoutStore::reckon() {
    QString earned = QStringLiteral("0");
    QString pending = earned;
    QString atRisk = earned;
    QString unclaimed = earned;
    for (const QJsonObject& holding : model()->all()) {
        earned = Format::sum(earned, text(holding, "paid"));
        pending = Format::sum(pending, text(holding, "left"));
        if (!text(holding, "risk").isEmpty()) atRisk = Format::sum(atRisk, text(holding, "left"));
    }
    for (const QJsonObject& provider : m_providers->all()) unclaimed = Format::sum(unclaimed, text(provider, "credit"));
    m_earned = earned;
    m_pending = pending;
    m_atRisk = atRisk;
    m_unclaimed = unclaimed;
    emit totalsChanged();
}

QDate PayoutStore::today() const {
    return QDateTime::fromSecsSinceEpoch(whole(format().now()), QTimeZone::utc()).date();
}

void PayoutStore::reckonMonths() {
    m_months.clear();
    const QDate last = today();
    for (int back = months_shown - 1; back >= 0; --back) {
        const QDate month = last.addMonths(-back);
        const double begin = beginOf(month);
        QString amount = QStringLiteral("0");
        bool exact = true;
        for (const Income& income : std::as_const(m_income)) {
            amount = Format::sum(amount, income.of(Income::monthOf(begin)));
            exact = exact && income.knows(begin);
        }
        const QString fil = format().fil(amount);
        m_months << QVariantMap{{QStringLiteral("month"), month.toString(QStringLiteral("yyyy-MM"))},
                                {QStringLiteral("amount"), amount},
                                {QStringLiteral("number"), format().filNumber(amount)},
                                {QStringLiteral("title"), QLocale().monthName(month.month(), QLocale::ShortFormat)},
                                {QStringLiteral("exact"), exact},
                                {QStringLiteral("text"), exact ? fil : tr("at least %1").arg(fil)}};
    }
    emit totalsChanged();
}

void PayoutStore::claim(bool dryRun, const QStringList& miners, bool all) {
    if (m_claiming) return;
    m_claiming = true;
    emit claimChanged();
    QJsonObject params = {{QStringLiteral("dry_run"), dryRun}};
    if (!miners.isEmpty()) params.insert(QStringLiteral("miners"), QJsonArray::fromStringList(miners));
    if (all) params.insert(QStringLiteral("all"), true);
    const auto ended = [this, dryRun](const Reply& reply) {
        m_claiming = false;
        if (reply.ok()) m_claim = reply.object();
        emit claimChanged();
        if (!reply.ok()) {
            emit failed(reply.error().message, reply.error().remedy);
            return;
        }
        if (dryRun) return;
        const int wrong = m_claim.value(QLatin1String("failed")).toInt();
        const QString withdrawn = format().fil(text(m_claim, "withdrawn"));
        if (wrong > 0)
            emit failed(tr("%1 were withdrawn, and %n item(s) failed", nullptr, wrong).arg(withdrawn),
                        tr("the list says what and why; claiming again does what is left"));
        else
            emit done(tr("%1 were withdrawn").arg(withdrawn));
        refresh();
    };
    session().call(QStringLiteral("FilFil.Claim"), params, this, [this, ended](const Reply& reply) {
        if (!reply.ok()) return ended(reply);
        m_jobs.follow(reply.object().value(QLatin1String("job")).toDouble(-1), this, ended);
    });
}

void PayoutStore::exportCsv(const QUrl& file) {
    const QString path = file.isLocalFile() ? file.toLocalFile() : file.toString();
    RecordProxy rows;
    rows.setRecords(model());
    rows.setSortKey(QStringLiteral("target_epoch"));
    QSaveFile out(path);
    if (!out.open(QIODevice::WriteOnly) || out.write(rows.csv().toUtf8()) < 0 || !out.commit())
        emit failed(tr("%1 cannot be written: %2").arg(path, out.errorString()), tr("choose another place"));
    else
        emit done(tr("Written to %1").arg(path));
}

}    // namespace filfil::gui
