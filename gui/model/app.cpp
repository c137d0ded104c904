// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gui/model/app.hpp"

#include <QDir>
#include <QFileInfo>
#include <QStandardPaths>

#include <algorithm>
#include <cmath>
#include <utility>

// Made by CMake's qt_add_qml_module.
void qml_register_types_FilFil_Model();

namespace filfil::gui {
namespace {

/// Beyond it windows open earlier or later than this machine's clock says.
constexpr double most_skew_seconds = 10;

QString dataFolderOf(const App::Options& options) {
    const QString folder = options.dataFolder.isEmpty()
                               ? QDir(QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation))
                                     .filePath(QStringLiteral("fil-fil-desktop"))
                               : options.dataFolder;
    QDir().mkpath(folder);
    return folder;
}

}    // namespace

void registerModelTypes() {
    // The linker would leave the file out that nobody names; what is in it works by itself.
    volatile auto registration = &qml_register_types_FilFil_Model;
    (void)registration;
}

App::App(const Options& options, QObject* parent)
    : QObject(parent),
      m_version(options.version),
      m_preferences(new Preferences(options.settingsFile, this)),
      m_format(new Format(this)),
      m_session(new Session(*m_preferences, this)),
      m_jobs(new JobStore(*m_session, *m_format, this)),
      m_status(new StatusStore(*m_session, *m_format, this)),
      m_alerts(new AlertStore(*m_session, *m_format, this)),
      m_snapshots(new SnapshotStore(*m_session, *m_format, *m_jobs, this)),
      m_deals(new DealStore(*m_session, *m_format, *m_jobs, this)),
      m_slotStore(new SlotStore(*m_session, *m_format, *m_jobs, *m_deals, this)),
      m_payouts(new PayoutStore(*m_session, *m_format, *m_jobs, *m_slotStore, this)),
      m_devices(new DeviceStore(*m_session, *m_format, *m_jobs,
                                QDir(dataFolderOf(options)).filePath(QStringLiteral("benchmarks.json")), this)),
      m_log(new LogStore(*m_session, *m_format, this)),
      m_settings(new DaemonSettings(*m_session, *m_format, this)),
      m_verifier(new Verifier(*m_format, QDir(dataFolderOf(options)).filePath(QStringLiteral("verified.json")), this)),
      m_starter(new DaemonStarter(this)) {
    m_status->setJobs(m_jobs);
    m_format->setUtc(m_preferences->utc());
    connect(m_preferences, &Preferences::changed, this, [this] { m_format->setUtc(m_preferences->utc()); });
    join();
    joinNotifications();
}

void App::join() {
    const QList<Store*> stores = {m_jobs,      m_status,  m_alerts,  m_snapshots, m_deals,
                                  m_slotStore, m_payouts, m_devices, m_log,       m_settings};
    for (Store* store : stores) {
        connect(store, &Store::done, this, &App::done);
        connect(store, &Store::failed, this, &App::failed);
    }
    connect(this, &App::failed, this, &App::setFailure);
    connect(m_session, &Session::switched, this, &App::putFailureAway);
    connect(m_session, &Session::clockSkewChanged, this, &App::noteSkew);
    connect(m_session, &Session::onlineNow, this, &App::noteSkew);
    m_verifier->setFindStaged([this](const QStringList& roots) { return m_slotStore->findStaged(roots); });
    connect(m_starter, &DaemonStarter::running, this, [this](const QString& folder) {
        m_session->connectTo(m_preferences->addDaemon(
            {{QStringLiteral("name"), tr("This machine")}, {QStringLiteral("folder"), folder}}));
    });
}

void App::setFailure(const QString& sentence, const QString& remedy) {
    m_failure = sentence;
    m_failureRemedy = remedy;
    emit failureChanged();
}

void App::noteSkew() {
    const double skew = m_session->clockSkew();
    m_format->setClockSkew(skew);
    m_alerts->setOwn(
        QStringLiteral("clock_skew"), QStringLiteral("warning"),
        std::abs(skew) < most_skew_seconds ? QString()
        : skew > 0 ? tr("The daemon's clock is %1 ahead of this machine's").arg(m_format->duration(std::floor(skew)))
                   : tr("The daemon's clock is %1 behind this machine's").arg(m_format->duration(std::floor(-skew))),
        tr("set both clocks right (NTP); until then times are shown by the daemon's clock"));
}

void App::tellIf(const QString& kind, const QString& title, const QString& text) {
    if (m_preferences->notification(kind)) emit notify(kind, title, text);
}

void App::joinNotifications() {
    const auto miner = [](const QJsonObject& slot) { return slot.value(QLatin1String("miner")).toString(); };
    const auto epoch = [this](const QJsonObject& object) {
        return m_format->epoch(object.value(QLatin1String("target_epoch")).toDouble(-1));
    };
    connect(m_slotStore, &SlotStore::opensSoon, this, [this, miner, epoch](const QJsonObject& slot) {
        tellIf(QStringLiteral("windowSoon"), tr("A window opens in ten minutes"),
               tr("%1 is to store the snapshot of epoch %2").arg(miner(slot), epoch(slot)));
    });
    connect(m_slotStore, &SlotStore::hasOpened, this, [this, miner, epoch](const QJsonObject& slot) {
        tellIf(QStringLiteral("windowOpen"), tr("A window is open"),
               tr("%1 is to store the snapshot of epoch %2").arg(miner(slot), epoch(slot)));
    });
    connect(m_slotStore, &SlotStore::wasMissed, this, [this, miner, epoch](const QJsonObject& slot) {
        tellIf(QStringLiteral("missed"), tr("A window was missed"),
               tr("%1 did not store the snapshot of epoch %2").arg(miner(slot), epoch(slot)));
    });
    connect(m_deals, &DealStore::stageChanged, this, [this, miner](const QJsonObject& deal, const QString& before) {
        const QString stage = deal.value(QLatin1String("stage")).toString();
        if (stage == QLatin1String("proposed") && !before.isEmpty())
            tellIf(QStringLiteral("dealAccepted"), tr("A deal was accepted"),
                   tr("Deal %1 of %2").arg(m_format->number(deal.value(QLatin1String("id")).toDouble()), miner(deal)));
        if (stage == QLatin1String("missed"))
            tellIf(QStringLiteral("missed"), tr("A deal came too late"),
                   tr("Deal %1 of %2").arg(m_format->number(deal.value(QLatin1String("id")).toDouble()), miner(deal)));
    });
    connect(m_payouts, &PayoutStore::paid, this, [this](const QString& provider, const QString& amount) {
        tellIf(QStringLiteral("paid"), tr("Paid"), tr("%1 was credited %2").arg(provider, m_format->fil(amount)));
    });
    connect(m_session, &Session::wentOffline, this, [this] {
        if (m_session->state() == Session::Lost)
            tellIf(QStringLiteral("daemonLost"), tr("The daemon is lost"), m_session->sentence());
    });
}

void App::begin() {
    // A demo ends with the window that showed it: there is nothing to come back to.
    const QVariantList kept = m_preferences->daemons();
    for (int place = static_cast<int>(kept.size()) - 1; place >= 0; --place)
        if (DaemonStarter::isEndedDemo(kept[place].toMap().value(QStringLiteral("folder")).toString()))
            m_preferences->removeDaemon(place);
    const QVariantList daemons = m_preferences->daemons();
    if (!daemons.isEmpty())
        return m_session->connectTo(std::clamp(m_preferences->daemon(), 0, static_cast<int>(daemons.size()) - 1));
    // A daemon that this user started by hand needs no list.
    const QString folder = Preferences::defaultDataFolder();
    if (QFileInfo::exists(QDir(folder).filePath(QStringLiteral("api.url"))))
        m_session->connectTo(m_preferences->addDaemon(
            {{QStringLiteral("name"), tr("This machine")}, {QStringLiteral("folder"), folder}}));
}

void App::refresh() {
    const QList<Store*> stores = {m_jobs,      m_status,  m_alerts,  m_snapshots, m_deals,
                                  m_slotStore, m_payouts, m_devices, m_log,       m_settings};
    for (Store* store : stores) store->refresh();
}

}    // namespace filfil::gui
