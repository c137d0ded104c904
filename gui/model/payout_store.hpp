// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "gui/model/income.hpp"
#include "gui/model/job_store.hpp"

#include <QUrl>

namespace filfil::gui {

class SlotStore;

/// What own providers earned. Amounts are decimal attoFIL text. model: FilFil.Payouts' holdings by `key`
/// ("f01000/196615/0"), with `left` (share − paid) and `risk` (a sentence, or "").
class PayoutStore : public filfil::gui::Store {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("app.payouts")
    Q_PROPERTY(
        filfil::gui::RecordModel* providers READ providers CONSTANT)    ///< by `miner`: standing misses bond credit
    Q_PROPERTY(filfil::gui::RecordModel* transactions READ transactions CONSTANT)    ///< FilFil.Transactions by `key`
    Q_PROPERTY(QString earned READ earned NOTIFY totalsChanged)    ///< credited so far of all holdings
    Q_PROPERTY(
        QString pending READ pending NOTIFY totalsChanged)         ///< still to come of active ones and published deals
    Q_PROPERTY(QString atRisk READ atRisk NOTIFY totalsChanged)    ///< of these, what `risk` says may be lost
    Q_PROPERTY(QString unclaimed READ unclaimed NOTIFY totalsChanged)    ///< credit that was not withdrawn
    Q_PROPERTY(QString wallet READ wallet NOTIFY totalsChanged)          ///< its address, or ""
    Q_PROPERTY(QString balance READ balance NOTIFY totalsChanged)        ///< or ""
    /// Of the last twelve months: [{month: "2026-05", amount, number (FIL), title: "May", exact, text}], from the
    /// contract's events. `exact`: all of that month was read, back to its first day; else `text` says "at least".
    Q_PROPERTY(QVariantList months READ months NOTIFY totalsChanged)
    /// FilFil.Claim's result of last time (with dry_run items cost …), or {}.
    Q_PROPERTY(QVariant claimResult READ claimResult NOTIFY claimChanged)
    Q_PROPERTY(bool claiming READ claiming NOTIFY claimChanged)

public:
    PayoutStore(Session& session, Format& format, JobStore& jobs, SlotStore& slotStore, QObject* parent);

    [[nodiscard]] RecordModel* providers() const { return m_providers; }
    [[nodiscard]] RecordModel* transactions() const { return m_transactions; }
    [[nodiscard]] QString earned() const { return m_earned; }
    [[nodiscard]] QString pending() const { return m_pending; }
    [[nodiscard]] QString atRisk() const { return m_atRisk; }
    [[nodiscard]] QString unclaimed() const { return m_unclaimed; }
    [[nodiscard]] QString wallet() const { return m_wallet; }
    [[nodiscard]] QString balance() const { return m_balance; }
    [[nodiscard]] QVariantList months() const { return m_months; }
    [[nodiscard]] QJsonObject claimResult() const { return m_claim; }
    [[nodiscard]] bool claiming() const { return m_claiming; }

    /// `miners` may be empty: all own ones. `all`: also what is worth less than its gas.
    Q_INVOKABLE void claim(bool dryRun, const QStringList& miners = {}, bool all = false);

    /// Holdings as CSV. @return done or failed tells
    Q_INVOKABLE void exportCsv(const QUrl& file);

signals:
    void totalsChanged();
    void claimChanged();

    /// A piece was credited for; for notifications.
    void paid(const QString& miner, const QString& amount);

protected:
    [[nodiscard]] bool asksInTurn() const override { return true; }
    void load() override;
    void forget() override;
    void onState(const QJsonObject& state) override;
    void onEvent(const QString& type, const QJsonObject& data, double time) override;

private:
    void take(const QJsonValue& payouts);
    void takeTransactions(const QJsonObject& answer);
    void reckon();
    void readIncome(const QString& miner);
    void reckonMonths();
    [[nodiscard]] QDate today() const;
    [[nodiscard]] QJsonObject dressed(QJsonObject holding) const;

    JobStore& m_jobs;
    SlotStore& m_slots;
    RecordModel* m_providers;
    RecordModel* m_transactions;
    QString m_earned = QStringLiteral("0");
    QString m_pending = QStringLiteral("0");
    QString m_atRisk = QStringLiteral("0");
    QString m_unclaimed = QStringLiteral("0");
    QString m_wallet;
    QString m_balance;
    QVariantList m_months;
    QHash<QString, Income> m_income;    ///< of own providers
    QJsonObject m_claim;
    bool m_claiming = false;
};

}    // namespace filfil::gui
