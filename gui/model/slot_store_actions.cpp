// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gui/model/format.hpp"
#include "gui/model/json_fields.hpp"
#include "gui/model/slot_store.hpp"

namespace filfil::gui {

void SlotStore::setPolicy(const QString& miner, const QString& policy) {
    QJsonObject params = {{QStringLiteral("miner"), miner}};
    if (!policy.isEmpty()) params.insert(QStringLiteral("policy"), policy);
    act(QStringLiteral("FilFil.SetSlotPolicy"), params, [this](const QJsonObject& answer) {
        m_providers->patch(text(answer, "miner"), {{QStringLiteral("policy"), answer.value(QLatin1String("policy"))}});
        scheduleRebuild();
        emit done(tr("%1: %2").arg(text(answer, "miner"), format().state(text(answer, "policy"))));
    });
}

void SlotStore::registerProvider(const QString& miner) {
    actByJob(m_jobs, QStringLiteral("FilFil.Register"), {{QStringLiteral("miner"), miner}},
             [this](const QJsonObject& result) {
                 emit done(tr("%1 is registered with a bond of %2")
                               .arg(text(result, "miner"), format().fil(text(result, "bond"))));
                 refresh();
             });
}

void SlotStore::exitProvider(const QString& miner) {
    actByJob(m_jobs, QStringLiteral("FilFil.Exit"), {{QStringLiteral("miner"), miner}},
             [this](const QJsonObject& result) {
                 emit done(tr("%1 leaves after this round").arg(text(result, "miner")));
                 refresh();
             });
}

void SlotStore::incentivize(double epoch, const QString& reward) {
    QJsonObject params = {{QStringLiteral("epoch"), epoch}};
    if (!reward.isEmpty()) params.insert(QStringLiteral("reward"), reward);
    actByJob(m_jobs, QStringLiteral("FilFil.Incentivize"), params, [this](const QJsonObject& result) {
        const QString epochText = format().epoch(number(result, "epoch", -1));
        emit done(result.value(QLatin1String("already_staged")).toBool()
                      ? tr("The snapshot of epoch %1 was staged already").arg(epochText)
                      : tr("The snapshot of epoch %1 is staged").arg(epochText));
        refresh();
    });
}

void SlotStore::cancelStaging(double slot) {
    actByJob(m_jobs, QStringLiteral("FilFil.CancelStaging"), {{QStringLiteral("slot"), slot}},
             [this](const QJsonObject&) {
                 emit done(tr("What was staged was taken back"));
                 refresh();
             });
}

}    // namespace filfil::gui
