// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "gui/model/job_store.hpp"

#include <QUrl>

namespace filfil::gui {

/// Deals: pieces on their way into sectors. model: FilFil.Deals' fields by `id`, and `progress` (0 to 1 by stage),
/// `problem` (its error's sentence), `problem_remedy`, `market_state`.
class DealStore : public filfil::gui::Store {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("app.deals")
    /// FilFil.Deal (with its steps) of the one that was asked for by show(), kept right by events, or {}.
    Q_PROPERTY(QVariant detail READ detail NOTIFY detailChanged)
    /// FilFil.Preflight's answer of last time, or {}.
    Q_PROPERTY(QVariant preflight READ preflight NOTIFY preflightChanged)
    Q_PROPERTY(bool preflightRunning READ preflightRunning NOTIFY preflightChanged)
    Q_PROPERTY(QString preflightError READ preflightError NOTIFY preflightChanged)
    Q_PROPERTY(int openCount READ openCount NOTIFY countsChanged)
    Q_PROPERTY(int lateCount READ lateCount NOTIFY countsChanged)
    Q_PROPERTY(int failedCount READ failedCount NOTIFY countsChanged)
    /// Open deals by stage, in the order of the way: [{stage, title, count}].
    Q_PROPERTY(QVariantList stages READ stages NOTIFY countsChanged)
    Q_PROPERTY(bool more READ more NOTIFY countsChanged)

public:
    DealStore(Session& session, Format& format, JobStore& jobs, QObject* parent);

    [[nodiscard]] QJsonObject detail() const { return m_detail; }
    [[nodiscard]] QJsonObject preflight() const { return m_preflight; }
    [[nodiscard]] bool preflightRunning() const { return m_preflightRunning; }
    [[nodiscard]] QString preflightError() const { return m_preflightError; }
    [[nodiscard]] int openCount() const { return m_open; }
    [[nodiscard]] int lateCount() const { return m_late; }
    [[nodiscard]] int failedCount() const { return m_failed; }
    [[nodiscard]] QVariantList stages() const;
    [[nodiscard]] bool more() const { return m_more; }

    /// The stages of the way in order, without the ends that are none ("planned" … "paid").
    Q_INVOKABLE static QStringList stageNames();
    Q_INVOKABLE void show(double id);
    Q_INVOKABLE void loadMore();

    /// FilFil.Store; `miner` may be "": each own one whose window wants it.
    Q_INVOKABLE void store(double epoch, const QString& miner);
    Q_INVOKABLE void retry(double id);
    Q_INVOKABLE void cancel(double id);

    /// Writes FilFil.ExportDeal's answer into a file.
    Q_INVOKABLE void exportEvidence(double id, const QUrl& file);
    Q_INVOKABLE void runPreflight(const QString& miner);

signals:
    void detailChanged();
    void preflightChanged();
    void countsChanged();

    /// A deal came to another stage; for notifications.
    void stageChanged(const QJsonObject& deal, const QString& before);

protected:
    void load() override;
    void forget() override;
    void onEvent(const QString& type, const QJsonObject& data, double time) override;

private:
    [[nodiscard]] static QJsonObject dressed(QJsonObject deal);
    void takePage(const QJsonValue& deals, bool first);
    void recount();

    JobStore& m_jobs;
    QJsonObject m_detail;
    QJsonObject m_preflight;
    QString m_preflightError;
    QHash<QString, int> m_byStage;
    bool m_preflightRunning = false;
    int m_open = 0;
    int m_late = 0;
    int m_failed = 0;
    bool m_more = false;
};

}    // namespace filfil::gui
