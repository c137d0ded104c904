// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "tests/gui/quick/monkey_weather.hpp"

#include "gui/model/session.hpp"
#include "tests/gui/quick/fake_spoil.hpp"

namespace filfil::gui::test {

MonkeyWeather::MonkeyWeather(Stage& stage, Dice& dice) : m_stage(stage), m_dice(dice), m_second(Mood::Full) {
    stage.app().session()->setBackoff(30, 200);
}

QString MonkeyWeather::change() {
    FakeDaemon& daemon = m_stage.daemon();
    switch (m_dice.below(20)) {
        case 0:
        case 1: {
            const Mood mood =
                m_dice.of({Mood::Full, Mood::Full, Mood::Empty, Mood::Loading, Mood::Broken, Mood::Unset});
            daemon.setMood(mood);
            m_stage.app().refresh();
            return QStringLiteral("mood %1").arg(static_cast<int>(mood));
        }
        case 2: daemon.stop(); return QStringLiteral("the daemon is gone");
        case 3:
        case 4:
            daemon.stop();
            Stage::run(m_dice.between(0, 60));
            daemon.start();
            return QStringLiteral("the daemon is started anew");
        case 5:
            m_hostile = !m_hostile;
            for (FakeDaemon* one : {&daemon, &m_second})
                one->setFate(m_hostile ? FakeDaemon::Fate([this](const QString&, const QJsonObject& reply) {
                    return spoiledAnswer(reply, m_dice);
                })
                                       : FakeDaemon::Fate());
            m_stage.app().refresh();
            return m_hostile ? QStringLiteral("answers become hostile") : QStringLiteral("answers are right again");
        case 6: daemon.skip(m_dice.between(1, 50)); return QStringLiteral("events are lost");
        case 7:
        case 8: return switchDaemon();
        case 9:
            daemon.world().more_windows = m_dice.of({0, 0, 50, 600});
            daemon.world().more_snapshots = m_dice.of({0, 0, 200});
            daemon.world().log_lines = m_dice.of({0, 160, 3'000});
            m_stage.app().refresh();
            return QStringLiteral("crowds");
        case 10: clear(); return QStringLiteral("a good day");
        case 11: m_stage.app().refresh(); return QStringLiteral("all is loaded anew");
        default: return pushEvent();
    }
}

void MonkeyWeather::clear() {
    m_hostile = false;
    FakeDaemon& daemon = m_stage.daemon();
    for (FakeDaemon* one : {&daemon, &m_second}) {
        one->setFate({});
        one->setMood(Mood::Full);
        // It may be there already.
        one->stop();
        one->start();
    }
    daemon.world().more_windows = daemon.world().more_snapshots = 0;
    m_stage.connectTo(daemon, QStringLiteral("sp-01"));
}

QString MonkeyWeather::switchDaemon() {
    switch (m_dice.below(4)) {
        case 0:
            m_stage.connectTo(m_stage.daemon(), QStringLiteral("sp-01"));
            return QStringLiteral("to the first daemon");
        case 1:
            m_second.setMood(m_dice.of({Mood::Full, Mood::Empty, Mood::Unset}));
            m_stage.connectTo(m_second, QStringLiteral("sp-02"));
            return QStringLiteral("to the second daemon");
        case 2: m_stage.app().session()->disconnect(); return QStringLiteral("disconnect");
        default: m_stage.app().session()->retry(); return QStringLiteral("retry");
    }
}

QJsonObject MonkeyWeather::someRecord(const char* method, const char* list) {
    FakeWorld world(Mood::Full);
    const QJsonArray all = world.answer(QLatin1String("FilFil.") + QLatin1String(method), {}, 0)
                               .result.value(QLatin1String(list))
                               .toArray();
    return all.isEmpty() ? QJsonObject() : all[m_dice.below(all.size())].toObject();
}

QString MonkeyWeather::pushEvent() {
    struct Kind {
        const char* type;
        const char* method;
        const char* list;
    };
    const Kind all[] = {{"job", "Jobs", "jobs"},
                        {"deal", "Deals", "deals"},
                        {"snapshot", "Snapshots", "snapshots"},
                        {"hold", "Holds", "holds"},
                        {"schedule", "Schedules", "schedules"},
                        {"transaction", "Transactions", "transactions"},
                        {"slot_policy", "NextWindow", "windows"},
                        {"config", "Config", "settings"},
                        {"status", "Status", ""},
                        {"contract", "ContractEvents", "events"},
                        {"head", "Status", ""},
                        {"alert", "Status", "alerts"},
                        {"alert_over", "Status", "alerts"},
                        {"snapshot_forgotten", "Snapshots", "snapshots"},
                        {"hold_released", "Holds", "holds"},
                        {"schedule_removed", "Schedules", "schedules"},
                        {"nobody knows it", "Status", ""}};
    const Kind& kind = all[m_dice.below(static_cast<qsizetype>(std::size(all)))];
    FakeWorld world(Mood::Full);
    QJsonObject data = *kind.list == '\0'
                           ? world.answer(QLatin1String("FilFil.") + QLatin1String(kind.method), {}, 0).result
                           : someRecord(kind.method, kind.list);
    if (QLatin1String(kind.type) == QLatin1String("contract"))
        data = {{QStringLiteral("added"), QJsonArray{data}}, {QStringLiteral("read_to_epoch"), 1}};
    const bool bent = m_hostile || m_dice.oneIn(4);
    if (bent) data = spoiled(data, m_dice, m_dice.of({5, 20, 100})).toObject();
    const int times = m_dice.oneIn(10) ? 200 : 1;
    for (int i = 0; i < times; ++i) m_stage.daemon().push(QString::fromLatin1(kind.type), data);
    return QStringLiteral("%1 %2event %3")
        .arg(times)
        .arg(bent ? QStringLiteral("bent ") : QString(), QString::fromLatin1(kind.type));
}

}    // namespace filfil::gui::test
