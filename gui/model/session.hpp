// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "gui/model/rpc_client.hpp"

#include <QtQmlIntegration/qqmlintegration.h>

namespace filfil::gui {

class Preferences;

/// The connection to one daemon: finds it, asks its version, subscribes to its events, notices gaps, and comes back
/// after a loss by itself. Stores load on online(), apply told(), and load anew on resync(). GUI thread only.
class Session : public QObject {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("app.session is the one there is")
    Q_PROPERTY(State state READ state NOTIFY changed)
    Q_PROPERTY(bool online READ online NOTIFY changed)
    /// What the state means, and why.
    Q_PROPERTY(QString sentence READ sentence NOTIFY changed)
    Q_PROPERTY(QString remedy READ remedy NOTIFY changed)
    Q_PROPERTY(QString url READ url NOTIFY changed)
    Q_PROPERTY(QString name READ name NOTIFY changed)
    /// Of Preferences.daemons; −1 before connectTo, for one that is in no list, and once it was taken from the list,
    /// which disconnects.
    Q_PROPERTY(int current READ current NOTIFY changed)
    Q_PROPERTY(QString version READ version NOTIFY changed)
    Q_PROPERTY(QString network READ network NOTIFY changed)
    /// The token lets one look and not change things: known from its file's name, or once something was refused.
    Q_PROPERTY(bool readOnly READ readOnly NOTIFY changed)
    /// Seconds until the next attempt; 0 while none is planned.
    Q_PROPERTY(int retryIn READ retryIn NOTIFY retryInChanged)
    /// Seconds that the daemon's clock is ahead of this machine's.
    Q_PROPERTY(double clockSkew READ clockSkew NOTIFY clockSkewChanged)

public:
    /// Offline: nothing was asked for. Lost: it was there or is not yet, and is tried again. WrongToken and
    /// OtherVersion are tried again, too, more slowly: the daemon may be replaced.
    enum State { Offline, Connecting, Online, WrongToken, OtherVersion, Lost };
    Q_ENUM(State)

    /// The API's version that this program speaks.
    static constexpr int apiVersion = 1;

    explicit Session(Preferences& preferences, QObject* parent = nullptr);

    [[nodiscard]] State state() const { return m_state; }
    [[nodiscard]] bool online() const { return m_state == Online; }
    [[nodiscard]] QString sentence() const { return m_sentence; }
    [[nodiscard]] QString remedy() const { return m_remedy; }
    [[nodiscard]] QString url() const { return m_url; }
    [[nodiscard]] QString name() const { return m_name; }
    [[nodiscard]] int current() const { return m_current; }
    [[nodiscard]] QString version() const { return m_version; }
    [[nodiscard]] QString network() const { return m_network; }
    [[nodiscard]] bool readOnly() const { return m_readOnly; }
    [[nodiscard]] int retryIn() const;
    [[nodiscard]] double clockSkew() const { return m_skew; }

    /// To the daemon at this place of Preferences.daemons, leaving the one before.
    Q_INVOKABLE void connectTo(int index);

    /// To one that is in no list: {"url" or "folder", "token" or "tokenFile", "caFile", "name"}.
    Q_INVOKABLE void connectToAddress(const QVariantMap& daemon);
    Q_INVOKABLE void retry();    ///< at once
    Q_INVOKABLE void disconnect();

    /// Tries an address without leaving the one that is used. Answers by tested().
    Q_INVOKABLE void test(const QVariantMap& daemon);

    /// @return why no daemon is called at this HOST:PORT, ws:// or wss:// address, and what can be done; "" where one
    /// may be
    Q_INVOKABLE static QString addressProblem(const QString& url);

    /// See RpcClient::call; while not online `handler` gets "lost".
    void call(const QString& method, const QJsonObject& params, QObject* receiver, RpcClient::Handler handler,
              int timeout = 30'000);

    /// The same one after the other: for what makes the daemon ask its node many things, which may not take them all at
    /// once.
    void callInTurn(const QString& method, const QJsonObject& params, QObject* receiver, RpcClient::Handler handler,
                    int timeout);

    /// First and longest wait between attempts, milliseconds; for tests.
    void setBackoff(int first, int longest);

    /// The last event's number; for tests.
    [[nodiscard]] qint64 lastSequence() const { return m_lastSeq; }

signals:
    void changed();
    void retryInChanged();
    void clockSkewChanged();

    /// Subscribed; `state` is FilFil.State's answer. Also after each reconnect.
    void onlineNow(const QJsonObject& state);

    /// Events were lost, and this is all that there is now: what events alone had told is to be asked for again.
    void resynced(const QJsonObject& state);

    /// Another daemon than before: what was shown of that one has to go.
    void switched();
    void wentOffline();
    void told(const QString& type, const QJsonObject& data, double time);

    /// For the log page and tests: something came that was not as docs/api.md says.
    void nonsense(const QString& sentence);
    void tested(bool good, const QString& sentence, const QString& remedy);

private:
    struct Target {
        RpcAddress address;
        QString name;
        bool readOnly = false;
        bool noToken = false;    ///< the problem is that there is none
        QString problem;         ///< why nothing can be called there; then `remedy`
        QString remedy;
    };
    [[nodiscard]] static Target resolve(const QVariantMap& daemon);

    struct Turn {
        QString method;
        QJsonObject params;
        QPointer<QObject> receiver;
        RpcClient::Handler handler;
        int timeout = 0;
    };
    struct Event {
        qint64 seq = 0;
        QString type;
        QJsonObject data;
        double time = 0;
    };

    void begin();
    void followList();
    void leave();
    void onEnded(RpcClient::End why, const QString& sentence);
    void onNotified(const QString& method, const QJsonObject& params);
    void onVersion(const Reply& reply);
    void subscribe();
    void askState();
    void onState(const Reply& reply);
    void give(const Event& event);
    void nextTurn();
    void set(State state, const QString& sentence, const QString& remedy);
    void planRetry(bool slowly);
    void noteTime(double daemonTime);

    Preferences& m_preferences;
    RpcClient m_client;
    QTimer m_retry;
    QTimer m_second;
    QVariantMap m_daemon;
    State m_state = Offline;
    QString m_sentence;
    QString m_remedy;
    QString m_url;
    QString m_name;
    QString m_version;
    QString m_network;
    int m_current = -1;
    qsizetype m_known = 0;    ///< daemons in the list when m_current was found
    bool m_readOnly = false;
    bool m_wanted = false;
    bool m_hadState = false;    ///< of this daemon: events can go on from m_lastSeq
    bool m_askingState = false;
    bool m_gap = false;           ///< since the state was asked for
    bool m_seqIsOfNow = false;    ///< m_lastSeq is of this connection
    QList<Event> m_waiting;       ///< events that came while the state was asked for
    QList<Turn> m_turns;          ///< the first is under way
    qint64 m_lastSeq = 0;
    int m_attempt = 0;
    int m_firstWait = 500;
    int m_longestWait = 15'000;
    double m_skew = 0;
    bool m_skewKnown = false;
};

}    // namespace filfil::gui
