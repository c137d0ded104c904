// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "tests/gui/quick/scenes.hpp"

#include "gui/model/alert_store.hpp"
#include "gui/model/device_store.hpp"
#include "gui/model/preferences.hpp"
#include "gui/model/session.hpp"
#include "gui/model/verifier.hpp"

#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonArray>

#include <cmath>

namespace filfil::gui::test {
namespace {

const QString file_of_a_piece = QStringLiteral("snapshots/filfil_snapshot_calibrationnet_5001600_1f3c5a70.p1of3.car");

double now() { return static_cast<double>(QDateTime::currentSecsSinceEpoch()); }

/// Shows a page and waits for it to be in a condition.
bool shows(Stage& stage, const QString& page, const QString& condition) {
    const QQuickItem* item = stage.open(page);
    return item != nullptr && Stage::until([&] { return item->property("condition").toString() == condition; });
}

/// What has no name for users, by the name of its type.
QObject* find(Stage& stage, const char* type) {
    for (QObject* one : stage.window().findChildren<QObject*>())
        if (QString::fromLatin1(one->metaObject()->className()).startsWith(QLatin1String(type))) return one;
    return nullptr;
}

/// What opens over the pages: by how its title begins, or by the name of its type where it has none.
QObject* popup(Stage& stage, const QString& called) {
    const QQuickItem* page = stage.open(stage.window().property("page").toString());
    QList<QObject*> all = stage.window().findChildren<QObject*>();
    if (page != nullptr) all += page->findChildren<QObject*>();
    for (QObject* one : all)
        if (one->inherits("QQuickPopup") &&
            (one->property("title").toString().startsWith(called) ||
             QString::fromLatin1(one->metaObject()->className()).startsWith(called + QStringLiteral("_QML"))))
            return one;
    return nullptr;
}

bool opened(Stage& stage, const QString& called) {
    const QObject* shown = popup(stage, called);
    return shown != nullptr && Stage::until([shown] { return shown->property("opened").toBool(); });
}

std::function<void(Stage&)> closing(const QString& called) {
    return [called](Stage& stage) {
        QObject* shown = popup(stage, called);
        if (shown == nullptr) return;
        QMetaObject::invokeMethod(shown, "close");
        Stage::until([shown] { return !shown->property("visible").toBool(); });
    };
}

Scene page(const QString& name, const QString& word, const QString& condition) {
    return {.name = name + u'-' + word,
            .begin = [name, condition](Stage& stage) { return shows(stage, name, condition); }};
}

/// What a page opens when it is told to.
Scene sheet(const QString& name, const QString& page, const char* verb, const QVariant& argument,
            const QString& title) {
    return {.name = QStringLiteral("sheet-") + name,
            .begin =
                [=](Stage& stage) {
                    if (!shows(stage, page, QStringLiteral("full"))) return false;
                    QQuickItem* item = stage.open(page);
                    if (argument.userType() == QMetaType::QString)
                        QMetaObject::invokeMethod(item, verb, Q_ARG(QString, argument.toString()));
                    else
                        QMetaObject::invokeMethod(item, verb, Q_ARG(QVariant, argument));
                    return opened(stage, title);
                },
            .end = closing(title)};
}

/// What is in the tree already and only has to be opened.
Scene dialog(const QString& name, const QString& page, const QString& called) {
    return {.name = QStringLiteral("sheet-") + name,
            .begin =
                [=](Stage& stage) {
                    if (!shows(stage, page, QStringLiteral("full"))) return false;
                    QObject* it = popup(stage, called);
                    return it != nullptr && QMetaObject::invokeMethod(it, "open") && opened(stage, called);
                },
            .end = closing(called)};
}

Scene settings(const QString& name, int tab, const QString& condition) {
    return {.name = name, .begin = [=](Stage& stage) {
                QQuickItem* item = stage.open(QStringLiteral("settings"));
                if (item == nullptr || !item->setProperty("tab", tab)) return false;
                return shows(stage, QStringLiteral("settings"), condition);
            }};
}

/// One of the calendar's views; zoomed: a few hours of the day, as the strip's brush shows them.
Scene calendar(const QString& name, int view, bool zoomed) {
    return {.name = QStringLiteral("calendar-%1-full").arg(name),
            .begin =
                [=](Stage& stage) {
                    if (!shows(stage, QStringLiteral("calendar"), QStringLiteral("full"))) return false;
                    auto* item = stage.open(QStringLiteral("calendar"))->property("calendar").value<QObject*>();
                    if (item == nullptr) return false;
                    QMetaObject::invokeMethod(item, "today");
                    if (!zoomed) return item->setProperty("view", view);
                    const double hour = std::floor(now() / 3600) * 3600;
                    return QMetaObject::invokeMethod(item, "zoomTo", Q_ARG(double, hour - 4 * 3600),
                                                     Q_ARG(double, hour + 4 * 3600));
                },
            .end =
                [](Stage& stage) {
                    auto* item = stage.open(QStringLiteral("calendar"))->property("calendar").value<QObject*>();
                    if (item == nullptr) return;
                    item->setProperty("view", 0);
                    QMetaObject::invokeMethod(item, "today");
                }};
}

Scene wizard(const QString& name, int step) {
    const QString type = QStringLiteral("WizardDialog");
    return {.name = QStringLiteral("wizard-") + name,
            .begin =
                [=](Stage& stage) {
                    QMetaObject::invokeMethod(&stage.window(), "openWizard");
                    QObject* it = popup(stage, type);
                    return it != nullptr && it->setProperty("step", step) && opened(stage, type);
                },
            .end = closing(type)};
}

/// Hashes a file of so many bytes, most of which are holes, and waits for the verifier to be in a state.
bool verify(Stage& stage, const QString& name, qint64 size, const QString& expected, Verifier::State state) {
    if (size > 0) {
        QFile file(name);
        QDir().mkpath(QFileInfo(name).path());
        if (!file.open(QIODevice::WriteOnly) || file.write(name.toUtf8()) < 0 || !file.resize(size)) return false;
    }
    Verifier* verifier = stage.app().verifier();
    verifier->setExpected(expected);
    verifier->startPath(name);
    return Stage::until([=] { return verifier->state() == state; }, 30'000);
}

Scene verifier(const QString& word, const std::function<bool(Stage&)>& before) {
    return {.name = QStringLiteral("verifier-") + word, .begin = [before](Stage& stage) {
                return shows(stage, QStringLiteral("verifier"), QStringLiteral("full")) && before(stage);
            }};
}

bool verified(Stage& stage) {
    return verify(stage, QStringLiteral("snapshots/filfil_snapshot_calibrationnet_4998720_77ab0e21.p2of3.car"),
                  96 << 20, {}, Verifier::Done) &&
           verify(stage, QStringLiteral("snapshots/filfil_snapshot_calibrationnet_4998720_77ab0e21.p3of3.car"),
                  64 << 20, stage.app().verifier()->result().value(QLatin1String("piece_cid")).toString(),
                  Verifier::Done) &&
           verify(stage, file_of_a_piece, 512 << 20, {}, Verifier::Done) &&
           verify(stage, file_of_a_piece, 0,
                  stage.app().verifier()->result().value(QLatin1String("piece_cid_v2")).toString(), Verifier::Done);
}

bool verifying(Stage& stage) {
    return verify(stage, file_of_a_piece, qint64{31} << 30, {}, Verifier::Hashing) &&
           Stage::until([&] { return stage.app().verifier()->rate() >= 0; }, 10'000);
}

/// An hour of the daemon's life, which the window would have been told of.
void liveAnHour(Stage& stage) {
    Session* session = stage.app().session();
    const auto ask = [&stage](const char* method, const QJsonObject& params = {}) {
        return stage.daemon().world().answer(QLatin1String(method), params, 0).result;
    };
    const auto tell = [session](const char* type, const QJsonObject& data, double minutes_ago) {
        emit session->told(QString::fromLatin1(type), data, now() - minutes_ago * 60);
    };
    QJsonObject status = ask("FilFil.Status");
    const double rss = status.value(QLatin1String("rss")).toDouble();
    for (int i = 0; i < 60; ++i) {
        QJsonObject sync = status.value(QLatin1String("sync")).toObject();
        sync.insert(QStringLiteral("last_apply_seconds"),
                    0.021 + 0.009 * std::abs(std::sin(i * 0.9)) + 0.0003 * (i % 7));
        status.insert(QStringLiteral("sync"), sync);
        status.insert(QStringLiteral("rss"), rss - (59 - i) * 31e6 - (i % 9) * 40e6);
        tell("status", status, 70);
    }
    stage.open(QStringLiteral("snapshots"));
    QJsonObject job = ask("FilFil.Job", {{QStringLiteral("id"), 21}});
    const double done = job.value(QLatin1String("done_bytes")).toDouble();
    for (int i = 0; i < 60; ++i) {
        job.insert(QStringLiteral("done_bytes"), done * (i + 1) / 60);
        job.insert(QStringLiteral("bytes_per_second"), 1.91e9 - 0.14e9 * std::abs(std::cos(i * 0.7)));
        tell("job", job, 1);
    }
    const auto deal = [&](int id, double minutes_ago) {
        tell("deal", ask("FilFil.Deal", {{QStringLiteral("id"), id}}), minutes_ago);
    };
    deal(19, 58);
    deal(20, 57);
    deal(21, 57);
    tell("head",
         {{QStringLiteral("changes"), QJsonArray{QJsonObject{{QStringLiteral("type"), QStringLiteral("revert")}}}}},
         41);
    tell("snapshot", ask("FilFil.Snapshot", {{QStringLiteral("id"), 12}}), 34);
    deal(24, 12);
    deal(22, 11);
    deal(23, 4);
    stage.app().devices()->benchmark();
    Stage::until([&] { return !stage.app().devices()->benchmarking(); });

    // Where they are as they would be elsewhere.
    stage.app().preferences()->updateDaemon(
        0, {{QStringLiteral("name"), QStringLiteral("sp-01")},
            {QStringLiteral("url"), QStringLiteral("wss://sp-01.example:5346")},
            {QStringLiteral("tokenFile"), QStringLiteral("/home/sp/.config/fil-fil/tokens/sp_01.token")}});
    stage.app().preferences()->addDaemon({{QStringLiteral("name"), QStringLiteral("This machine")},
                                          {QStringLiteral("folder"), QStringLiteral("/home/sp/.local/share/fil-fil")}});
    // What went well is said for some seconds.
    const QObject* said = find(stage, "ToastHost");
    Stage::until([said] { return said->property("count").toInt() == 0; }, 10'000);
}

/// The daemon's alerts are over.
void endAlerts(Stage& stage) {
    stage.daemon().world().alerts = false;
    for (const char* code : {"sector_ends_1421", "preflight_f01234_3"})
        stage.daemon().push(QStringLiteral("alert_over"), {{QStringLiteral("code"), QLatin1String(code)}});
    Stage::until([&] { return stage.app().alerts()->count() == 0; });
}

Act full() {
    const QString word = QStringLiteral("full");
    Act act{.mood = Mood::Full, .prepare = liveAnHour, .scenes = {}};
    act.scenes.push_back(page(QStringLiteral("overview"), word, word));
    act.scenes.push_back(page(QStringLiteral("snapshots"), QStringLiteral("alert"), word));
    act.scenes.back().end = endAlerts;
    for (const char* name : {"calendar", "snapshots", "deals", "payouts", "devices", "log"})
        act.scenes.push_back(page(QLatin1String(name), word, word));
    act.scenes.push_back(calendar(QStringLiteral("week"), 1, false));
    act.scenes.push_back(calendar(QStringLiteral("month"), 2, false));
    act.scenes.push_back(calendar(QStringLiteral("zoom"), 0, true));
    act.scenes.push_back(verifier(word, verified));
    act.scenes.push_back(settings(QStringLiteral("settings-full"), 0, word));
    act.scenes.push_back(settings(QStringLiteral("settings-notifications-full"), 1, word));
    act.scenes.push_back(settings(QStringLiteral("settings-daemons-full"), 2, word));
    act.scenes.push_back(settings(QStringLiteral("settings-daemon-full"), 3, word));

    act.scenes.push_back(
        {.name = QStringLiteral("sheet-slot"),
         .begin =
             [](Stage& stage) {
                 if (!shows(stage, QStringLiteral("calendar"), QStringLiteral("full"))) return false;
                 QQuickItem* item = stage.open(QStringLiteral("calendar"));
                 auto* shown = item->property("calendar").value<QObject*>();
                 bool found = false;
                 QMetaObject::invokeMethod(shown, "select", Q_RETURN_ARG(bool, found), Q_ARG(double, 3 * 65536 + 50),
                                           Q_ARG(QString, QStringLiteral("f01234")));
                 QMetaObject::invokeMethod(item, "openSlot", Q_ARG(QVariant, shown->property("selected")));
                 return found && opened(stage, QStringLiteral("Slot "));
             },
         .end =
             [](Stage& stage) {
                 closing(QStringLiteral("Slot "))(stage);
                 QMetaObject::invokeMethod(
                     stage.open(QStringLiteral("calendar"))->property("calendar").value<QObject*>(), "clearSelection");
             }});
    act.scenes.push_back(sheet(QStringLiteral("deal"), QStringLiteral("deals"), "openDetail", QStringLiteral("23"),
                               QStringLiteral("Deal 23")));
    act.scenes.push_back(sheet(QStringLiteral("preflight"), QStringLiteral("deals"), "preflightSheet", {},
                               QStringLiteral("Is all ready")));
    act.scenes.push_back(
        sheet(QStringLiteral("claim"), QStringLiteral("payouts"), "claimSheet", {}, QStringLiteral("Claim")));
    act.scenes.push_back(sheet(QStringLiteral("snapshot"), QStringLiteral("snapshots"), "openDetail",
                               QStringLiteral("12"), QStringLiteral("Snapshot of epoch")));
    act.scenes.push_back(
        sheet(QStringLiteral("take"), QStringLiteral("snapshots"), "takeSheet", {}, QStringLiteral("Take a snapshot")));
    act.scenes.push_back(
        dialog(QStringLiteral("schedule"), QStringLiteral("snapshots"), QStringLiteral("Take snapshots by itself")));
    act.scenes.push_back(
        dialog(QStringLiteral("register"), QStringLiteral("calendar"), QStringLiteral("Register a provider")));
    act.scenes.push_back(dialog(QStringLiteral("keys"), QStringLiteral("overview"), QStringLiteral("Keys")));
    act.scenes.push_back(
        dialog(QStringLiteral("commands"), QStringLiteral("overview"), QStringLiteral("CommandPalette")));
    act.scenes.push_back(dialog(QStringLiteral("daemons"), QStringLiteral("overview"), QStringLiteral("DaemonMenu")));
    int step = 0;
    for (const char* name : {"daemon", "node", "provider", "folders", "devices", "summary"})
        act.scenes.push_back(wizard(QLatin1String(name), step++));
    return act;
}

/// The pages in another condition: of each its name and what it has to say of itself.
Act bare(Mood mood, const QString& word, const std::vector<std::pair<const char*, const char*>>& pages) {
    Act act{.mood = mood, .scenes = {}};
    for (const auto& [name, condition] : pages)
        act.scenes.push_back(page(QLatin1String(name), word, QLatin1String(condition)));
    return act;
}

}    // namespace

std::vector<Act> allActs() {
    std::vector<Act> acts;
    acts.push_back(full());

    acts.push_back(bare(Mood::Empty, QStringLiteral("empty"),
                        {{"overview", "full"},
                         {"calendar", "empty"},
                         {"snapshots", "empty"},
                         {"deals", "empty"},
                         {"payouts", "empty"},
                         {"verifier", "full"},
                         {"devices", "empty"},
                         {"log", "full"}}));

    const auto lists = [](const char* condition) {
        return std::vector<std::pair<const char*, const char*>>{
            {"overview", condition}, {"calendar", condition}, {"snapshots", condition}, {"deals", condition},
            {"payouts", condition},  {"devices", condition},  {"log", condition}};
    };
    acts.push_back(bare(Mood::Loading, QStringLiteral("loading"), lists("loading")));
    acts.back().scenes.push_back(settings(QStringLiteral("settings-loading"), 3, QStringLiteral("loading")));
    acts.back().scenes.push_back(verifier(QStringLiteral("loading"), verifying));
    acts.back().scenes.back().moves = true;
    acts.back().scenes.back().end = [](Stage& stage) {
        stage.app().verifier()->cancel();
        Stage::until([&] { return !stage.app().verifier()->running(); });
    };

    acts.push_back(bare(Mood::Broken, QStringLiteral("error"), lists("error")));
    acts.back().scenes.push_back(settings(QStringLiteral("settings-error"), 3, QStringLiteral("error")));
    acts.back().scenes.push_back(verifier(QStringLiteral("error"), [](Stage& stage) {
        return verify(stage, QStringLiteral("snapshots/filfil_snapshot_calibrationnet_4995840_02dd91c4.car"), 0, {},
                      Verifier::Failed);
    }));

    acts.push_back(bare(Mood::Unset, QStringLiteral("unset"),
                        {{"overview", "full"}, {"calendar", "unsupported"}, {"payouts", "unsupported"}}));

    Act alone{.mood = Mood::Full, .connected = false, .scenes = {}};
    alone.scenes.push_back(page(QStringLiteral("overview"), QStringLiteral("offline"), QStringLiteral("offline")));
    alone.scenes.push_back(settings(QStringLiteral("settings-empty"), 2, QStringLiteral("full")));
    acts.push_back(std::move(alone));
    return acts;
}

}    // namespace filfil::gui::test
