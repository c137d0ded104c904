// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include <QtQmlIntegration/qqmlintegration.h>
#include <QObject>
#include <QStringList>
#include <QTimer>
#include <QVariantMap>

#include <functional>

namespace filfil::gui {

/// Starts `fil-fil daemon` on this machine, or a devnet with a daemon over it, and stops what it started. A daemon goes
/// on when this program ends, unless stopAtExit; a devnet and its daemon end with it. GUI thread only.
class DaemonStarter : public QObject {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("app.starter")
    Q_PROPERTY(State state READ state NOTIFY changed)
    Q_PROPERTY(QString sentence READ sentence NOTIFY changed)
    Q_PROPERTY(QString remedy READ remedy NOTIFY changed)
    Q_PROPERTY(QString program READ program WRITE setProgram NOTIFY changed)    ///< the path of fil-fil; "": none found
    Q_PROPERTY(QString folder READ folder NOTIFY changed)          ///< the data folder of the daemon it started
    Q_PROPERTY(QString output READ output NOTIFY outputChanged)    ///< the last lines that it said
    /// What it started is a devnet with a daemon over it.
    Q_PROPERTY(bool demo READ demo NOTIFY changed)
    Q_PROPERTY(bool stopAtExit READ stopAtExit WRITE setStopAtExit NOTIFY changed)

public:
    enum State { Stopped, Starting, Running, Failed };
    Q_ENUM(State)

    explicit DaemonStarter(QObject* parent = nullptr);
    ~DaemonStarter() override;

    [[nodiscard]] State state() const { return m_state; }
    [[nodiscard]] QString sentence() const { return m_sentence; }
    [[nodiscard]] QString remedy() const { return m_remedy; }
    [[nodiscard]] QString program() const { return m_program; }
    void setProgram(const QString& path);
    [[nodiscard]] QString folder() const { return m_folder; }
    [[nodiscard]] QString output() const { return m_output; }
    [[nodiscard]] bool demo() const { return m_demo; }
    [[nodiscard]] bool stopAtExit() const { return m_stopAtExit; }
    void setStopAtExit(bool stop);

    /// {network, node, nodeTokenFile, folder, bootstrap, retrieval, api, extra (list of more options)}; what is missing
    /// is as the daemon has it by default. running() comes when its API can be called. A devnet that runs is ended
    /// first. A daemon that runs goes on, unseen from then on; over the same folder there can be no second one, and
    /// failed() says so.
    Q_INVOKABLE void startDaemon(const QVariantMap& options);

    /// "Just show me": a devnet with the contract and its storage providers, and a daemon over it. What they write goes
    /// into `folder`, which is made, or emptied if it was made for this before; what still runs over it is ended first.
    /// {folder, state, tipset, period, extra (of the devnet), daemonExtra}.
    Q_INVOKABLE void startDevnet(const QVariantMap& options);

    /// Whether a demo was made over this data folder, and runs no more.
    [[nodiscard]] static bool isEndedDemo(const QString& data);

    /// Ends what it started, the daemon first.
    Q_INVOKABLE void stop();

signals:
    void changed();
    void outputChanged();

    /// Nothing was started, and what runs goes on.
    void failed(const QString& sentence, const QString& remedy);

    /// The daemon's API can be called; for Session::connectToAddress({"folder": folder}).
    void running(const QString& folder);

private:
    struct Child {
        qint64 pid = 0;
        QString log;    ///< file that its output goes to
        QString title;
    };
    bool makesRoom(const std::function<void()>& start);
    void waitToStart(const std::function<void()>& start);
    bool waitedTooLongFor(qint64 pid);
    void launchDaemon(const QString& folder, const QVariantMap& options);
    void launchDevnet(const QString& folder, const QVariantMap& options);
    bool launch(Child& child, const QStringList& arguments);
    void onStopped();
    void poll();
    void fail(const QString& sentence, const QString& remedy);
    void set(State state, const QString& sentence);
    bool prepareFolder(const QString& folder);
    bool prepareDemo(const QString& folder);
    void readOutput();

    State m_state = Stopped;
    QString m_sentence;
    QString m_remedy;
    QString m_program;
    QString m_folder;
    QString m_output;
    QStringList m_daemonArguments;
    Child m_devnet;
    Child m_daemon;
    QString m_leftFolder;            ///< of a demo that an earlier window left running and that is being ended
    std::function<void()> m_next;    ///< as soon as what runs has stopped
    QTimer m_poll;
    qint64 m_startedAt = 0;
    bool m_stopping = false;
    bool m_demo = false;
    bool m_stopAtExit = false;
};

}    // namespace filfil::gui
