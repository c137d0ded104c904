// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include <QHash>
#include <QJsonArray>
#include <QJsonObject>
#include <QList>
#include <QString>

namespace filfil::gui {

/// When epochs are, as the head's coming showed it: for networks whose genesis the daemon does not know, which tell
/// epochs without their times.
struct EpochClock {
    double epoch = 0;
    double time = 0;       ///< of that epoch, seconds since 1970
    double seconds = 0;    ///< an epoch's; 0: nothing is known

    [[nodiscard]] bool known() const { return seconds > 0; }
    [[nodiscard]] double at(double other) const { return time + (other - epoch) * seconds; }

    /// Fills in the times that are missing beside open_epoch, close_epoch, target_epoch and until_epoch.
    void fill(QJsonObject& object) const;
};

/// What is known of slots, by where it is from. A key is "f01000/196615".
struct SlotKnowledge {
    QJsonArray windows;                    ///< of own providers: FilFil.Windows
    QJsonArray otherWindows;               ///< of other providers: FilFil.Windows of each
    QList<QJsonObject> nextWindows;        ///< of own providers: FilFil.NextWindow
    QList<QJsonObject> holdings;           ///< of own providers: FilFil.Payouts' of all of them
    QList<QJsonObject> deals;              ///< of own providers: rows of DealStore.model
    QHash<QString, QJsonObject> staged;    ///< FilFil.Slots, by slot's number as text
    QList<QJsonObject> events;             ///< FilFil.ContractEvents, of all providers
    QHash<QString, QString> policies;      ///< of own providers, by miner
    QHash<QString, QString> ownStates;     ///< of last time, by key
    EpochClock clock;
    double now = 0;    ///< seconds since 1970, by the daemon's clock
};

/// What slots are shown as.
struct SlotPicture {
    QList<QJsonObject> rows;              ///< for SlotStore.model, in the order of their opening
    QList<QJsonObject> changed;           ///< own ones whose state was another one last time
    QHash<QString, QString> ownStates;    ///< for the next time
};

QString slotKey(const QString& miner, qint64 slot);

/// Pure. Ten thousand rows take long: not for the GUI thread.
SlotPicture pictureOf(const SlotKnowledge& known);

}    // namespace filfil::gui
