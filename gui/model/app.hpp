// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "gui/model/alert_store.hpp"
#include "gui/model/daemon_settings.hpp"
#include "gui/model/daemon_starter.hpp"
#include "gui/model/deal_store.hpp"
#include "gui/model/device_store.hpp"
#include "gui/model/format.hpp"
#include "gui/model/job_store.hpp"
#include "gui/model/log_store.hpp"
#include "gui/model/payout_store.hpp"
#include "gui/model/preferences.hpp"
#include "gui/model/session.hpp"
#include "gui/model/slot_store.hpp"
#include "gui/model/snapshot_store.hpp"
#include "gui/model/status_store.hpp"
#include "gui/model/verifier.hpp"

namespace filfil::gui {

/// Everything that the desktop shows, in one object: made in main.cpp and given to Main.qml. GUI thread only.
class App : public QObject {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("main.cpp makes it")
    Q_PROPERTY(filfil::gui::Session* session READ session CONSTANT)
    Q_PROPERTY(filfil::gui::StatusStore* status READ status CONSTANT)
    Q_PROPERTY(filfil::gui::SlotStore* slotStore READ slotStore CONSTANT)
    Q_PROPERTY(filfil::gui::SnapshotStore* snapshots READ snapshots CONSTANT)
    Q_PROPERTY(filfil::gui::DealStore* deals READ deals CONSTANT)
    Q_PROPERTY(filfil::gui::PayoutStore* payouts READ payouts CONSTANT)
    Q_PROPERTY(filfil::gui::DeviceStore* devices READ devices CONSTANT)
    Q_PROPERTY(filfil::gui::LogStore* log READ log CONSTANT)
    Q_PROPERTY(filfil::gui::JobStore* jobs READ jobs CONSTANT)
    Q_PROPERTY(filfil::gui::AlertStore* alerts READ alerts CONSTANT)
    Q_PROPERTY(filfil::gui::DaemonSettings* settings READ settings CONSTANT)
    Q_PROPERTY(filfil::gui::Preferences* preferences READ preferences CONSTANT)
    Q_PROPERTY(filfil::gui::Verifier* verifier READ verifier CONSTANT)
    Q_PROPERTY(filfil::gui::DaemonStarter* starter READ starter CONSTANT)
    Q_PROPERTY(filfil::gui::Format* format READ format CONSTANT)
    Q_PROPERTY(QString version READ version CONSTANT)
    /// What the operator's last action failed with, and what can be done; "" when it was put away.
    Q_PROPERTY(QString failure READ failure NOTIFY failureChanged)
    Q_PROPERTY(QString failureRemedy READ failureRemedy NOTIFY failureChanged)

public:
    struct Options {
        QString settingsFile;    ///< "": the user's own
        QString dataFolder;      ///< for histories; "": the user's own
        QString version;
    };

    explicit App(const Options& options, QObject* parent = nullptr);

    [[nodiscard]] Session* session() const { return m_session; }
    [[nodiscard]] StatusStore* status() const { return m_status; }
    [[nodiscard]] SlotStore* slotStore() const { return m_slotStore; }
    [[nodiscard]] SnapshotStore* snapshots() const { return m_snapshots; }
    [[nodiscard]] DealStore* deals() const { return m_deals; }
    [[nodiscard]] PayoutStore* payouts() const { return m_payouts; }
    [[nodiscard]] DeviceStore* devices() const { return m_devices; }
    [[nodiscard]] LogStore* log() const { return m_log; }
    [[nodiscard]] JobStore* jobs() const { return m_jobs; }
    [[nodiscard]] AlertStore* alerts() const { return m_alerts; }
    [[nodiscard]] DaemonSettings* settings() const { return m_settings; }
    [[nodiscard]] Preferences* preferences() const { return m_preferences; }
    [[nodiscard]] Verifier* verifier() const { return m_verifier; }
    [[nodiscard]] DaemonStarter* starter() const { return m_starter; }
    [[nodiscard]] Format* format() const { return m_format; }
    [[nodiscard]] QString version() const { return m_version; }
    [[nodiscard]] QString failure() const { return m_failure; }
    [[nodiscard]] QString failureRemedy() const { return m_failureRemedy; }

    /// Connects to the daemon of last time; where none is in the list, to the one of this user, if its folder is there.
    /// Demos that have ended are taken from the list.
    Q_INVOKABLE void begin();

    /// All stores anew.
    Q_INVOKABLE void refresh();

    Q_INVOKABLE void putFailureAway() { setFailure({}, {}); }

signals:
    void failureChanged();

    /// Something that a desktop notification may tell; `kind` as in Preferences::notification, which was asked.
    void notify(const QString& kind, const QString& title, const QString& text);

    /// What any store's done() and failed() said.
    void done(const QString& sentence);
    void failed(const QString& sentence, const QString& remedy);

private:
    void join();
    void joinNotifications();
    void tellIf(const QString& kind, const QString& title, const QString& text);
    void noteSkew();
    void setFailure(const QString& sentence, const QString& remedy);

    QString m_version;
    QString m_failure;
    QString m_failureRemedy;
    Preferences* m_preferences;
    Format* m_format;
    Session* m_session;
    JobStore* m_jobs;
    StatusStore* m_status;
    AlertStore* m_alerts;
    SnapshotStore* m_snapshots;
    DealStore* m_deals;
    SlotStore* m_slotStore;
    PayoutStore* m_payouts;
    DeviceStore* m_devices;
    LogStore* m_log;
    DaemonSettings* m_settings;
    Verifier* m_verifier;
    DaemonStarter* m_starter;
};

/// Makes the types of this folder known to QML as the module FilFil.Model. To be called once, before the engine loads.
void registerModelTypes();

}    // namespace filfil::gui
