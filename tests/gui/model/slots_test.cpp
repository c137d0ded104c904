// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "fake_daemon.hpp"
#include "gui/model/app.hpp"
#include "gui/model/event_place.hpp"
#include "tests.hpp"

#include <QSignalSpy>
#include <QTest>
#include <QTimeZone>

#include <algorithm>

namespace filfil::gui::test {
namespace {

constexpr int patience = 60'000;
const QString own = QStringLiteral("f01000");
const QString other = QStringLiteral("f02000");

double now() { return static_cast<double>(QDateTime::currentSecsSinceEpoch()); }

/// What a contract told, as the daemon keeps it.
class Told {
public:
    void add(int epoch, const QString& name, const QString& miner, int slot, double time,
             const QJsonObject& fields = {}) {
        m_events << QJsonObject{{QStringLiteral("epoch"), epoch},  {QStringLiteral("index"), ++m_index},
                                {QStringLiteral("time"), time},    {QStringLiteral("name"), name},
                                {QStringLiteral("miner"), miner},  {QStringLiteral("slot"), slot},
                                {QStringLiteral("fields"), fields}};
    }

    void settle(int epoch, const QString& miner, const QString& amount, double time) {
        add(epoch, QStringLiteral("Settled"), miner, 1, time, {{QStringLiteral("amount"), amount}});
    }

    /// FilFil.ContractEvents, as docs/api.md has it.
    [[nodiscard]] QJsonObject page(const QJsonObject& params) const {
        const auto limit = params.value(QLatin1String("limit")).toInt(100);
        const QJsonValue before = params.value(QLatin1String("before_epoch"));
        const EventPlace end{before.toInteger(), params.value(QLatin1String("before_index")).toInteger()};
        QJsonArray out;
        for (auto event = m_events.rbegin(); event != m_events.rend() && out.size() < limit; ++event) {
            if (before.isDouble() && *EventPlace::of(*event) >= end) continue;
            const auto differs = [&](const char* field) {
                const QJsonValue wanted = params.value(QLatin1String(field));
                return !wanted.isUndefined() && wanted != event->value(QLatin1String(field));
            };
            if (!differs("name") && !differs("miner")) out << *event;
        }
        return {{QStringLiteral("events"), out}};
    }

    [[nodiscard]] int count() const { return static_cast<int>(m_events.size()); }
    [[nodiscard]] QJsonObject last() const { return m_events.last(); }

private:
    QList<QJsonObject> m_events;
    int m_index = 0;
};

QJsonObject window(const QString& miner, int slot, double open, double close) {
    QJsonObject out = FakeDaemon::page()
                          .value(QStringLiteral("FilFil.NextWindow"))
                          .value(QLatin1String("windows"))
                          .toArray()
                          .first()
                          .toObject();
    out.insert(QStringLiteral("miner"), miner);
    out.insert(QStringLiteral("slot"), slot);
    out.insert(QStringLiteral("open_time"), open);
    out.insert(QStringLiteral("close_time"), close);
    return out;
}

QJsonObject staged(int slot, int stagedEpoch) {
    QJsonObject out = FakeDaemon::page()
                          .value(QStringLiteral("FilFil.Slots"))
                          .value(QLatin1String("slots"))
                          .toArray()
                          .first()
                          .toObject();
    out.insert(QStringLiteral("slot"), slot);
    out.insert(QStringLiteral("staged_epoch"), stagedEpoch);
    return out;
}

QJsonObject contract(const QJsonArray& added, const QJsonValue& removedFrom = {}, bool more = false) {
    return {{QStringLiteral("removed"), removedFrom.isDouble() ? 1 : 0},
            {QStringLiteral("removed_from_epoch"), removedFrom},
            {QStringLiteral("added"), added},
            {QStringLiteral("more"), more}};
}

}    // namespace

/// What is known of slots and of what they paid when there is more of it than one answer tells.
class SlotsTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    std::unique_ptr<FakeDaemon> m_daemon;
    std::unique_ptr<App> m_app;
    Told m_told;
    QSet<QString> m_asked;    ///< whose events

    void begin() {
        m_daemon->answer(QStringLiteral("FilFil.ContractEvents"), [this](const QJsonObject& params) {
            m_asked << params.value(QLatin1String("miner")).toString();
            return QJsonValue(m_told.page(params));
        });
        m_app = std::make_unique<App>(
            App::Options{m_folder.filePath(QStringLiteral("desktop.ini")), m_folder.path(), QStringLiteral("test")});
        m_app->session()->setBackoff(20, 100);
        m_app->session()->connectToAddress(m_daemon->place());
    }

    void start() {
        begin();
        for (Store* store : m_app->findChildren<Store*>())
            QTRY_VERIFY2_WITH_TIMEOUT(
                store->loaded(),
                qPrintable(QString::fromLatin1(store->metaObject()->className()) + u' ' + store->error()), patience);
    }

    /// @param from the first epoch; a window that was missed each tenth event, of the own provider
    void tellMisses(int from, int count) {
        for (int i = 0; i < count; ++i)
            if (i % 10 == 0)
                m_told.add(from + i / 4, QStringLiteral("Missed"), own, from + i, now() - 86'400);
            else
                m_told.add(from + i / 4, QStringLiteral("Registered"), other, 0, now() - 86'400);
    }

    QJsonObject row(int slot) { return m_app->slotStore()->model()->record(own + u'/' + QString::number(slot)); }

private slots:
    void init() {
        m_told = {};
        m_asked.clear();
        m_daemon = std::make_unique<FakeDaemon>();
    }
    void cleanup() {
        m_app.reset();
        m_daemon.reset();
    }

    void monthsAreOfAllThatOwnProvidersEarned() {
        const QDate today = QDateTime::currentDateTimeUtc().date();
        const auto middleOf = [&](int back) {
            const QDate month = today.addMonths(-back);
            return static_cast<double>(
                QDate(month.year(), month.month(), 1).startOfDay(QTimeZone::utc()).toSecsSinceEpoch() + 60);
        };
        // Others settle far more, and of the own ones there is more than a page.
        int epoch = 1000;
        m_told.settle(epoch++, own, QStringLiteral("7"), middleOf(13));
        for (int back = 11; back >= 0; --back) {
            for (int i = 0; i < 60; ++i) m_told.settle(epoch++, own, QStringLiteral("3"), middleOf(back));
            for (int i = 0; i < 150; ++i) m_told.settle(epoch++, other, QStringLiteral("1000"), middleOf(back));
            m_told.add(epoch++, QStringLiteral("PieceActivated"), own, 1, middleOf(back),
                       {{QStringLiteral("upfront"), QStringLiteral("11")}});
        }
        start();
        const auto monthsAre = [this](const QString& amount) {
            const QVariantList months = m_app->payouts()->months();
            return months.size() == 12 && std::ranges::all_of(months, [&](const QVariant& month) {
                       return month.toMap().value(QStringLiteral("amount")) == amount &&
                              month.toMap().value(QStringLiteral("exact")).toBool();
                   });
        };
        QTRY_VERIFY_WITH_TIMEOUT(monthsAre(QStringLiteral("191")), patience);
        QCOMPARE(m_asked, (QSet<QString>{QString(), own}));
        // What comes is added, and what is taken back goes: nothing is counted twice.
        const auto newest = [this] { return m_app->payouts()->months().last().toMap(); };
        m_told.settle(epoch, own, QStringLiteral("9"), middleOf(0));
        m_daemon->publish(QStringLiteral("contract"), contract({m_told.last()}));
        QTRY_COMPARE_WITH_TIMEOUT(newest().value(QStringLiteral("amount")).toString(), QStringLiteral("200"), patience);
        QCOMPARE(m_app->payouts()->months().first().toMap().value(QStringLiteral("amount")).toString(),
                 QStringLiteral("191"));
        // Another daemon that knows nothing.
        FakeDaemon second;
        second.answer(QStringLiteral("FilFil.ContractEvents"), QJsonObject{{QStringLiteral("events"), QJsonArray()}});
        m_app->session()->connectToAddress(second.place());
        QTRY_VERIFY_WITH_TIMEOUT(m_app->payouts()->loaded() && monthsAre(QStringLiteral("0")), patience);
    }

    void monthsThatAreNotReadAreNotSaidToBeExact() {
        // More in this month than is ever read.
        for (int i = 0; i < Income::page * Income::most_pages + 1; ++i)
            m_told.settle(1000 + i, own, QStringLiteral("1"), now());
        start();
        const auto newest = [this] { return m_app->payouts()->months().last().toMap(); };
        QTRY_COMPARE_WITH_TIMEOUT(newest().value(QStringLiteral("amount")).toString(),
                                  QString::number(Income::page * Income::most_pages), patience);
        QVERIFY(!newest().value(QStringLiteral("exact")).toBool());
        QVERIFY(newest().value(QStringLiteral("text")).toString().startsWith(QLatin1String("at least")));
    }

    void eventsHaveNoHoleAfterAWeekend() {
        tellMisses(10'000, 600);
        start();
        SlotStore* slotStore = m_app->slotStore();
        QTRY_COMPARE_WITH_TIMEOUT(slotStore->events()->count(), 600, patience);
        QTRY_COMPARE_WITH_TIMEOUT(slotStore->misses(), 60, patience);
        // The daemon was started again, and of much nobody was told.
        tellMisses(20'000, 1700);
        m_daemon->startAgain();
        QTRY_COMPARE_WITH_TIMEOUT(slotStore->events()->count(), 2300, patience);
        QTRY_COMPARE_WITH_TIMEOUT(slotStore->misses(), 230, patience);
        // The same without a new connection: there were too many for one word.
        tellMisses(30'000, 1200);
        m_daemon->publish(QStringLiteral("contract"), contract({}, {}, true));
        QTRY_COMPARE_WITH_TIMEOUT(slotStore->events()->count(), 3500, patience);
        QTRY_COMPARE_WITH_TIMEOUT(slotStore->misses(), 350, patience);
    }

    void aReorganisationThatIsTooLargeToBeToldLeavesNothingOfTheOther() {
        tellMisses(10'000, 600);
        start();
        QTRY_COMPARE_WITH_TIMEOUT(m_app->slotStore()->misses(), 60, patience);
        m_told = {};
        tellMisses(9'999, 1200);
        m_daemon->publish(QStringLiteral("contract"), contract({}, 9'999, true));
        QTRY_COMPARE_WITH_TIMEOUT(m_app->slotStore()->events()->count(), 1200, patience);
        QTRY_COMPARE_WITH_TIMEOUT(m_app->slotStore()->misses(), 120, patience);
    }

    void eventsThatComeWhileOthersAreReadAreKept() {
        tellMisses(10'000, 600);
        start();
        QTRY_COMPARE_WITH_TIMEOUT(m_app->slotStore()->events()->count(), 600, patience);
        tellMisses(20'000, 1700);
        // With the page before the last, one more is told.
        bool once = true;
        m_daemon->answer(QStringLiteral("FilFil.ContractEvents"), [this, &once](const QJsonObject& params) {
            const QJsonObject page = m_told.page(params);
            if (!params.contains(QLatin1String("miner")) && params.contains(QLatin1String("before_epoch")) &&
                std::exchange(once, false)) {
                m_told.add(30'000, QStringLiteral("Funded"), other, 0, now());
                m_daemon->publish(QStringLiteral("contract"), contract({m_told.last()}));
            }
            return QJsonValue(page);
        });
        m_daemon->publish(QStringLiteral("contract"), contract({}, {}, true));
        QTRY_COMPARE_WITH_TIMEOUT(m_app->slotStore()->events()->count(), 2301, patience);
    }

    void pagesOfTheDaemonBeforeAreNotLookedAt() {
        tellMisses(10'000, 1200);
        FakeDaemon second;
        Told little;
        little.add(5, QStringLiteral("Registered"), other, 0, now());
        second.answer(QStringLiteral("FilFil.ContractEvents"),
                      [&little](const QJsonObject& params) { return QJsonValue(little.page(params)); });
        begin();
        // While the second page is on its way the user takes another daemon.
        m_daemon->answer(QStringLiteral("FilFil.ContractEvents"), [&](const QJsonObject& params) {
            if (params.contains(QLatin1String("before_epoch")) && !params.contains(QLatin1String("miner")))
                m_app->session()->connectToAddress(second.place());
            return QJsonValue(m_told.page(params));
        });
        QTRY_VERIFY_WITH_TIMEOUT(second.calls(QStringLiteral("FilFil.ContractEvents")) > 0, patience);
        QTRY_VERIFY_WITH_TIMEOUT(m_app->slotStore()->loaded(), patience);
        QTRY_COMPARE_WITH_TIMEOUT(m_app->slotStore()->events()->count(), 1, patience);
        QCOMPARE(m_app->slotStore()->misses(), 0);
    }

    void whatIsNotStagedAnyMoreIsNotShownAsStaged() {
        m_daemon->answer(
            QStringLiteral("FilFil.NextWindow"),
            QJsonObject{{QStringLiteral("windows"), QJsonArray{window(own, 700, now() + 5000, now() + 6000)}}});
        QJsonObject planned = window(own, 700, now() + 5000, now() + 6000);
        planned.insert(QStringLiteral("staged"), true);
        m_daemon->answer(QStringLiteral("FilFil.Windows"),
                         QJsonObject{{QStringLiteral("windows"), QJsonArray{planned}}});
        m_daemon->answer(QStringLiteral("FilFil.Slots"),
                         QJsonObject{{QStringLiteral("slots"), QJsonArray{staged(700, 5000), staged(699, 4000)}}});
        start();
        QTRY_VERIFY_WITH_TIMEOUT(row(700).value(QLatin1String("staged")).toBool(), patience);
        QVERIFY(row(700).value(QLatin1String("reward_atto")).isString());
        // The event alone says so, whatever can be asked for.
        m_daemon->ignore(QStringLiteral("FilFil.Slots"));
        m_daemon->ignore(QStringLiteral("FilFil.Windows"));
        m_told.add(5100, QStringLiteral("StagingCancelled"), QString(), 700, now());
        m_daemon->publish(QStringLiteral("contract"), contract({m_told.last()}));
        QTRY_VERIFY_WITH_TIMEOUT(!row(700).value(QLatin1String("staged")).toBool(), patience);
        QVERIFY(!row(700).value(QLatin1String("reward_atto")).isString());
    }

    void whatAnAnswerDoesNotTellAnyMoreIsNotStaged() {
        m_daemon->answer(
            QStringLiteral("FilFil.NextWindow"),
            QJsonObject{{QStringLiteral("windows"), QJsonArray{window(own, 700, now() + 5000, now() + 6000)}}});
        m_daemon->answer(
            QStringLiteral("FilFil.Windows"),
            QJsonObject{{QStringLiteral("windows"), QJsonArray{window(own, 650, now() + 7000, now() + 8000)}}});
        QJsonArray all;
        for (int slot = 700; slot > 636; --slot) all << staged(slot, slot);
        m_daemon->answer(QStringLiteral("FilFil.Slots"), QJsonObject{{QStringLiteral("slots"), all}});
        start();
        QTRY_VERIFY_WITH_TIMEOUT(row(700).value(QLatin1String("staged")).toBool(), patience);
        QTRY_VERIFY_WITH_TIMEOUT(row(650).value(QLatin1String("staged")).toBool(), patience);
        // A full answer says nothing of what was staged before all of it: 650 may stand yet. 700 does not.
        QJsonArray later;
        for (int slot = 800; slot > 736; --slot) later << staged(slot, slot);
        m_daemon->answer(QStringLiteral("FilFil.Slots"), QJsonObject{{QStringLiteral("slots"), later}});
        m_app->slotStore()->refresh();
        QTRY_VERIFY_WITH_TIMEOUT(!m_app->slotStore()->loading(), patience);
        QVERIFY(row(650).value(QLatin1String("staged")).toBool());
        QJsonArray between;
        for (int slot = 800; slot > 737; --slot) between << staged(slot, slot);
        between << staged(660, 660);
        m_daemon->answer(QStringLiteral("FilFil.Slots"), QJsonObject{{QStringLiteral("slots"), between}});
        m_app->slotStore()->refresh();
        QTRY_VERIFY_WITH_TIMEOUT(!row(700).value(QLatin1String("staged")).toBool(), patience);
        QVERIFY(row(650).value(QLatin1String("staged")).toBool());
        // One that is not full tells all that there is.
        m_daemon->answer(QStringLiteral("FilFil.Slots"),
                         QJsonObject{{QStringLiteral("slots"), QJsonArray{staged(800, 800)}}});
        m_app->slotStore()->refresh();
        QTRY_VERIFY_WITH_TIMEOUT(!row(650).value(QLatin1String("staged")).toBool(), patience);
    }

    void aStagingThatAReorganisationTookBackIsNone() {
        m_daemon->answer(
            QStringLiteral("FilFil.NextWindow"),
            QJsonObject{{QStringLiteral("windows"), QJsonArray{window(own, 700, now() + 5000, now() + 6000)}}});
        m_daemon->answer(QStringLiteral("FilFil.Windows"), QJsonObject{{QStringLiteral("windows"), QJsonArray()}});
        m_daemon->answer(QStringLiteral("FilFil.Slots"),
                         QJsonObject{{QStringLiteral("slots"), QJsonArray{staged(700, 5000)}}});
        m_told.add(5000, QStringLiteral("SnapshotStaged"), QString(), 700, now(), {{QStringLiteral("alternative"), 0}});
        start();
        QTRY_VERIFY_WITH_TIMEOUT(row(700).value(QLatin1String("staged")).toBool(), patience);
        m_daemon->answer(QStringLiteral("FilFil.Slots"), QJsonObject{{QStringLiteral("slots"), QJsonArray()}});
        const int asked = m_daemon->calls(QStringLiteral("FilFil.Slots"));
        m_told = {};
        m_daemon->publish(QStringLiteral("contract"), contract({}, 5000));
        QTRY_VERIFY_WITH_TIMEOUT(!row(700).value(QLatin1String("staged")).toBool(), patience);
        QTRY_VERIFY_WITH_TIMEOUT(m_daemon->calls(QStringLiteral("FilFil.Slots")) > asked, patience);
    }

    void eachOwnWindowThatOpensSoonIsTold() {
        const QString second = QStringLiteral("f01001");
        const QString third = QStringLiteral("f01002");
        // The first one is open; two replicas of the next slot open together; the first's own next follows at once.
        m_daemon->answer(
            QStringLiteral("FilFil.NextWindow"),
            QJsonObject{{QStringLiteral("windows"), QJsonArray{window(own, 700, now() - 80'000, now() + 400),
                                                               window(second, 701, now() + 400, now() + 80'000),
                                                               window(third, 701, now() + 400, now() + 80'000)}}});
        m_daemon->answer(
            QStringLiteral("FilFil.Windows"),
            QJsonObject{{QStringLiteral("windows"), QJsonArray{window(second, 701, now() + 400, now() + 80'000),
                                                               window(own, 702, now() + 500, now() + 80'000),
                                                               window(own, 703, now() + 90'000, now() + 99'000)}}});
        begin();
        QSignalSpy soon(m_app->slotStore(), &SlotStore::opensSoon);
        QSignalSpy notes(m_app.get(), &App::notify);
        for (int i = 0; i < 3; ++i) QTRY_VERIFY_WITH_TIMEOUT(soon.count() > i, patience);
        QStringList told;
        for (const auto& arguments : soon) {
            const QJsonObject slot = arguments.first().toJsonObject();
            told << slot.value(QLatin1String("miner")).toString() + u'/' +
                        QString::number(slot.value(QLatin1String("slot")).toInt());
        }
        told.sort();
        QCOMPARE(told, (QStringList{own + QStringLiteral("/702"), second + QStringLiteral("/701"),
                                    third + QStringLiteral("/701")}));
        QCOMPARE(notes.count(), 3);
        // What is said of the next one is of the one that is open.
        QCOMPARE(m_app->slotStore()->next().value(QLatin1String("slot")).toInt(), 700);
        QCOMPARE(m_app->slotStore()->secondsToNext(), 0.0);
        // Each once, however often it is asked.
        m_app->refresh();
        QSignalSpy ticked(m_app->slotStore(), &SlotStore::ticked);
        QTRY_VERIFY_WITH_TIMEOUT(ticked.count() >= 3, patience);
        QCOMPARE(soon.count(), 3);
    }

    void aWindowThatIsSkippedIsToldOnceItIsNot() {
        QJsonObject next = window(own, 701, now() + 400, now() + 80'000);
        next.insert(QStringLiteral("policy"), QStringLiteral("skip"));
        m_daemon->answer(QStringLiteral("FilFil.NextWindow"),
                         QJsonObject{{QStringLiteral("windows"), QJsonArray{next}}});
        m_daemon->answer(QStringLiteral("FilFil.Windows"), QJsonObject{{QStringLiteral("windows"), QJsonArray()}});
        begin();
        QSignalSpy soon(m_app->slotStore(), &SlotStore::opensSoon);
        QSignalSpy ticked(m_app->slotStore(), &SlotStore::ticked);
        QTRY_VERIFY_WITH_TIMEOUT(ticked.count() >= 2, patience);
        QCOMPARE(soon.count(), 0);
        m_daemon->publish(QStringLiteral("slot_policy"),
                          {{QStringLiteral("miner"), own}, {QStringLiteral("policy"), QStringLiteral("ask")}});
        QTRY_COMPARE_WITH_TIMEOUT(soon.count(), 1, patience);
    }
};

std::unique_ptr<QObject> slotsTest() { return std::make_unique<SlotsTest>(); }

}    // namespace filfil::gui::test

#include "slots_test.moc"
