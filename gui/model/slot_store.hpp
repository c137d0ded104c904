// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "gui/model/event_place.hpp"
#include "gui/model/job_store.hpp"
#include "gui/model/slot_states.hpp"

#include <QHash>
#include <QSet>
#include <QThreadPool>
#include <QTimer>

#include <functional>
#include <optional>
#include <vector>

namespace filfil::gui {

class DealStore;

/// The contract's slots of own and other providers, put together from windows, deals, holdings and events. model: one
/// row a slot and provider, by `key` ("f01000/196615"): slot round index miner own state open_epoch open_time
/// close_epoch close_time target_epoch target_time staged reward (text) progress detail dealId snapshot; `state` is
/// future, open, building, published, stored, paid, missed, disputed, reassigned or skipped.
class SlotStore : public filfil::gui::Store {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("app.slotStore")
    /// Own providers: FilFil.NextWindow's rows by `miner` (standing misses policy state slot …).
    Q_PROPERTY(filfil::gui::RecordModel* providers READ providers CONSTANT)
    /// All providers: FilFil.Reputation by `miner`.
    Q_PROPERTY(filfil::gui::RecordModel* reputation READ reputation CONSTANT)
    /// The operator's view: FilFil.Operator's slots by `slot`.
    Q_PROPERTY(filfil::gui::RecordModel* operatorSlots READ operatorSlots CONSTANT)
    /// What the contract told: FilFil.ContractEvents (epoch time index name slot miner sentence).
    Q_PROPERTY(filfil::gui::RecordModel* events READ events CONSTANT)
    /// FilFil.Contract's answer, or {}.
    Q_PROPERTY(QVariant contract READ contract NOTIFY slotsChanged)
    /// The own window that is open or opens next, of all own providers, or {}.
    Q_PROPERTY(QVariant next READ next NOTIFY slotsChanged)
    /// "closes in 3 h" / "opens in 4 h 35 min" / ""; ticks once a second.
    Q_PROPERTY(QString nextText READ nextText NOTIFY ticked)
    Q_PROPERTY(
        double secondsToNext READ secondsToNext NOTIFY ticked)    ///< until it opens; 0 while it is open; −1: none
    /// Of own windows judged in the last 30 days, the part that was completed; −1 without any.
    Q_PROPERTY(double hitRate READ hitRate NOTIFY slotsChanged)
    Q_PROPERTY(int hits READ hits NOTIFY slotsChanged)
    Q_PROPERTY(int misses READ misses NOTIFY slotsChanged)
    /// How far ahead windows are asked for.
    Q_PROPERTY(int days READ days WRITE setDays NOTIFY slotsChanged)

public:
    SlotStore(Session& session, Format& format, JobStore& jobs, DealStore& deals, QObject* parent);
    ~SlotStore() override;

    [[nodiscard]] RecordModel* providers() const { return m_providers; }
    [[nodiscard]] RecordModel* reputation() const { return m_reputation; }
    [[nodiscard]] RecordModel* operatorSlots() const { return m_operatorSlots; }
    [[nodiscard]] RecordModel* events() const { return m_events; }
    [[nodiscard]] QJsonObject contract() const { return m_contract; }
    [[nodiscard]] QJsonObject next() const { return m_next; }
    [[nodiscard]] QString nextText() const;
    [[nodiscard]] double secondsToNext() const;
    [[nodiscard]] double hitRate() const;
    [[nodiscard]] int hits() const { return m_hits; }
    [[nodiscard]] int misses() const { return m_misses; }
    [[nodiscard]] int days() const { return m_days; }
    void setDays(int days);

    /// "ask", "automatic", "skip"; "": as the settings say.
    Q_INVOKABLE void setPolicy(const QString& miner, const QString& policy);
    Q_INVOKABLE void registerProvider(const QString& miner);
    Q_INVOKABLE void exitProvider(const QString& miner);
    Q_INVOKABLE void incentivize(double epoch, const QString& reward);    ///< for the operator; reward may be ""
    Q_INVOKABLE void cancelStaging(double slot);

    /// What is staged with one of these roots (64 hex digits): {slot, epoch, piece, sentence}, or {}.
    [[nodiscard]] QJsonObject findStaged(const QStringList& roots) const;

    /// Only own holdings' states, as PayoutStore learns them: [holding of FilFil.Payouts].
    void setHoldings(const QList<QJsonObject>& holdings);

signals:
    void slotsChanged();
    void ticked();

    /// An own window opens in ten minutes, or has opened; for notifications. Each once, of whichever own provider.
    void opensSoon(const QJsonObject& slot);
    void hasOpened(const QJsonObject& slot);
    void wasMissed(const QJsonObject& slot);

protected:
    [[nodiscard]] bool asksInTurn() const override { return true; }
    void load() override;
    void forget() override;
    void onState(const QJsonObject& state) override;
    void onEvent(const QString& type, const QJsonObject& data, double time) override;

private:
    struct Opening {
        double time = 0;
        QString key;
        QJsonObject window;
    };

    void scheduleRebuild();
    void rebuild();
    void takePicture(quint64 round, bool whole, SlotPicture picture);
    void takeStaged(const QList<QJsonObject>& answer);
    void unstage(const QJsonObject& event);
    void onContract(const QJsonObject& data);
    void tick();
    void planOpenings();
    void tellOpenings();
    void noteHole();
    void loadEvents();
    void takeNewestEvents(const QList<QJsonObject>& page);
    void loadOlderEvents();
    void readOlderEvents(const QJsonObject& last);
    void endReading();
    void askEventsBefore(EventPlace place, std::function<void(const QList<QJsonObject>&)> good);
    [[nodiscard]] bool isFarEnough(const QJsonObject& event) const;
    void loadOtherWindows();
    void reckonHits();
    void chooseNext();
    void learnTimes(const QJsonObject& slot);
    void learnHead(double epoch, double time);
    [[nodiscard]] double timeOf(const QJsonObject& event) const;
    [[nodiscard]] QJsonObject eventRow(QJsonObject event) const;

    JobStore& m_jobs;
    DealStore& m_deals;
    RecordModel* m_providers;
    RecordModel* m_reputation;
    RecordModel* m_operatorSlots;
    RecordModel* m_events;
    QJsonObject m_contract;
    QJsonObject m_next;
    QJsonArray m_windows;                         ///< FilFil.Windows
    QHash<QString, QJsonArray> m_otherWindows;    ///< the same of each other provider
    QString m_othersAsked;                        ///< what those were asked for: a round, days and providers
    QList<QJsonObject> m_holdings;                ///< of own providers
    QHash<QString, QJsonObject> m_staged;         ///< FilFil.Slots, by slot
    QHash<QString, QString> m_ownStates;          ///< of last time, by key
    std::optional<QList<QJsonObject>> m_fresh;    ///< newest events that do not reach down to those of m_events yet
    std::optional<EventPlace> m_solid;            ///< set while m_events may have a hole above it
    quint64 m_reading = 0;                        ///< of events: answers of an earlier one are not looked at
    std::vector<Opening> m_openings;              ///< own windows that are to open, the soonest last
    EpochClock m_clock;
    QList<std::pair<double, double>> m_heads;    ///< the last ones: epoch and time
    QSet<QString> m_soon;                        ///< keys that opensSoon() told of
    QThreadPool m_pool;
    QTimer m_rebuild;
    QTimer m_tick;
    QTimer m_refresh;
    quint64 m_round = 0;
    bool m_building = false;
    bool m_again = false;
    int m_days = 14;
    int m_hits = 0;
    int m_misses = 0;
    bool m_eventsRead = false;    ///< as far back as they are wanted
    bool m_knowsAll = false;      ///< what is new from now on is news
};

}    // namespace filfil::gui
