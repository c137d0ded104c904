// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gui/model/session.hpp"

#include "gui/model/preferences.hpp"

#include <QDateTime>

#include <algorithm>
#include <cmath>
#include <utility>

namespace filfil::gui {
namespace {

/// More than that is waited for in vain: the state has to be asked for anew.
constexpr qsizetype most_waiting = 20'000;

/// Differences of clocks below it come from the way of the message.
constexpr double least_skew_change = 0.5;

}    // namespace

Session::Session(Preferences& preferences, QObject* parent) : QObject(parent), m_preferences(preferences) {
    connect(&m_client, &RpcClient::opened, this, [this] {
        m_seqIsOfNow = false;
        m_client.call(
            QStringLiteral("FilFil.Version"), {}, this, [this](const Reply& reply) { onVersion(reply); }, 10'000);
    });
    connect(&m_client, &RpcClient::ended, this, &Session::onEnded);
    connect(&m_client, &RpcClient::notified, this, &Session::onNotified);
    connect(&m_client, &RpcClient::nonsense, this, &Session::nonsense);
    m_retry.setSingleShot(true);
    connect(&m_retry, &QTimer::timeout, this, &Session::begin);
    connect(&m_preferences, &Preferences::daemonsChanged, this, &Session::followList);
    m_second.setInterval(1000);
    connect(&m_second, &QTimer::timeout, this, &Session::retryInChanged);
}

int Session::retryIn() const {
    return m_retry.isActive() ? static_cast<int>((m_retry.remainingTime() + 999) / 1000) : 0;
}

void Session::connectTo(int index) {
    const QVariantList daemons = m_preferences.daemons();
    if (index < 0 || index >= daemons.size()) return;
    m_preferences.setDaemon(index);
    m_current = index;
    m_known = daemons.size();
    connectToAddress(daemons[index].toMap());
}

void Session::connectToAddress(const QVariantMap& daemon) {
    const bool another = m_daemon != daemon;
    if (another) {
        m_daemon = daemon;
        m_hadState = false;
        m_lastSeq = 0;
        m_version.clear();
        m_network.clear();
        const QVariantList daemons = m_preferences.daemons();
        if (m_current < 0 || m_current >= daemons.size() || daemons[m_current].toMap() != daemon)
            m_current = static_cast<int>(daemons.indexOf(QVariant(daemon)));
        m_known = daemons.size();
        emit switched();
    }
    m_wanted = true;
    m_attempt = 0;
    begin();
}

void Session::retry() {
    if (!m_wanted) return;
    m_attempt = 0;
    begin();
}

void Session::disconnect() {
    m_wanted = false;
    m_retry.stop();
    m_second.stop();
    m_client.close();
    m_askingState = false;
    set(Offline, tr("Not connected"), {});
}

/// The list has changed: the place of the daemon that is used may be another one, or none.
void Session::followList() {
    if (m_daemon.isEmpty()) return;
    const QVariantList daemons = m_preferences.daemons();
    const qsizetype known = std::exchange(m_known, daemons.size());
    const auto isIt = [this](const QVariant& one) {
        const QVariantMap map = one.toMap();
        for (const auto key : {QLatin1String("url"), QLatin1String("folder")})
            if (map.value(key) != m_daemon.value(key)) return false;
        return true;
    };
    if (m_current >= 0 && m_current < daemons.size() && isIt(daemons[m_current])) return;
    const auto found = std::find_if(daemons.begin(), daemons.end(), isIt);
    if (found != daemons.end()) {
        m_current = static_cast<int>(found - daemons.begin());
        emit changed();
    } else if (m_current >= 0 && daemons.size() < known) {
        leave();
    }
    // Else its address was changed, and whoever did that connects to the new one.
}

void Session::leave() {
    m_daemon.clear();
    m_current = -1;
    m_hadState = false;
    m_lastSeq = 0;
    m_name.clear();
    m_url.clear();
    m_version.clear();
    m_network.clear();
    emit switched();
    disconnect();
}

void Session::setBackoff(int first, int longest) {
    m_firstWait = first;
    m_longestWait = longest;
}

void Session::begin() {
    m_retry.stop();
    m_second.stop();
    m_askingState = false;
    m_waiting.clear();
    const Target target = resolve(m_daemon);
    m_name = target.name;
    m_url = target.address.url.toString(QUrl::RemoveUserInfo | QUrl::RemoveQuery);
    m_readOnly = target.readOnly;
    if (!target.problem.isEmpty()) {
        m_client.close();
        set(target.noToken ? WrongToken : Lost, target.problem, target.remedy);
        return planRetry(target.noToken);
    }
    set(Connecting, tr("Connecting to %1").arg(m_name), {});
    m_client.open(target.address);
}

void Session::onVersion(const Reply& reply) {
    if (!reply.ok()) {
        // A connection that is lost is told of by itself.
        if (!m_client.isOpen()) return;
        m_client.close();
        set(Lost, reply.error().message, reply.error().remedy);
        return planRetry(false);
    }
    const QJsonObject said = reply.object();
    const QJsonValue api = said.value(QLatin1String("api"));
    if (!api.isDouble() || api.toInteger() != apiVersion) {
        m_client.close();
        m_version = said.value(QLatin1String("version")).toString();
        if (!api.isDouble())
            set(OtherVersion, tr("What answers at %1 does not say which version it is").arg(m_url),
                tr("see whether a fil-fil daemon listens there"));
        else
            set(OtherVersion,
                tr("The daemon at %1 (version %2) speaks version %3 of the API, and this program version %4")
                    .arg(m_url, m_version, QString::number(api.toInteger()), QString::number(apiVersion)),
                api.toInteger() > apiVersion ? tr("update this program") : tr("update the daemon"));
        return planRetry(true);
    }
    const QString network = said.value(QLatin1String("network")).toString();
    if (!m_network.isEmpty() && network != m_network) {
        m_hadState = false;
        emit switched();
    }
    m_network = network;
    m_version = said.value(QLatin1String("version")).toString();
    subscribe();
}

void Session::subscribe() {
    QJsonObject params;
    if (m_hadState && m_lastSeq > 0)
        params.insert(QStringLiteral("after_seq"), m_lastSeq);
    else
        m_lastSeq = 0;
    // From here on events wait for the state, which is asked for right behind.
    m_askingState = true;
    m_gap = false;
    m_client.call(QStringLiteral("FilFil.Subscribe"), params, this, [this](const Reply& reply) {
        if (!reply.ok()) {
            if (!m_client.isOpen()) return;
            m_client.close();
            set(Lost, reply.error().message, reply.error().remedy);
            return planRetry(false);
        }
        const qint64 seq = reply.object().value(QLatin1String("seq")).toInteger(0);
        if (reply.object().value(QLatin1String("resync")).toBool() || m_lastSeq == 0) {
            m_gap = m_hadState;
            if (!m_seqIsOfNow || m_lastSeq < seq) m_lastSeq = seq;
            m_seqIsOfNow = true;
        }
    });
    askState();
}

void Session::askState() {
    m_askingState = true;
    m_client.call(QStringLiteral("FilFil.State"), {}, this, [this](const Reply& reply) { onState(reply); }, 60'000);
}

void Session::onState(const Reply& reply) {
    if (!reply.ok()) {
        if (!m_client.isOpen()) return;
        m_client.close();
        set(Lost, reply.error().message, reply.error().remedy);
        return planRetry(false);
    }
    const QJsonObject state = reply.object();
    const qint64 stateSeq = state.value(QLatin1String("seq")).toInteger(0);
    m_askingState = false;
    m_attempt = 0;
    const bool wasOnline = m_state == Online;
    const bool gap = m_gap;
    m_gap = false;
    m_hadState = true;
    set(Online, tr("Connected to %1").arg(m_name), {});
    const QList<Event> waiting = std::exchange(m_waiting, {});
    if (gap) emit resynced(state);
    if (!wasOnline || !gap) emit onlineNow(state);
    // Where none is lost the last one of each thing says what the state says. Where one is, an older one would undo it.
    for (const Event& event : waiting)
        if (!gap || event.seq > stateSeq) give(event);
}

void Session::onNotified(const QString& method, const QJsonObject& params) {
    if (method != QLatin1String("FilFil.Event")) return;
    Event event{params.value(QLatin1String("seq")).toInteger(-1), params.value(QLatin1String("type")).toString(),
                params.value(QLatin1String("data")).toObject(), params.value(QLatin1String("time")).toDouble()};
    if (event.seq < 0 || event.type.isEmpty()) return emit nonsense(tr("An event came without a number or a type"));
    if (event.type == QLatin1String("subscribed")) {
        noteTime(event.time);
        if (m_lastSeq == 0) {
            m_lastSeq = event.seq;
            m_seqIsOfNow = true;
        }
        return;
    }
    if (m_lastSeq != 0 && event.seq <= m_lastSeq) return;
    const bool lost = m_lastSeq != 0 && event.seq != m_lastSeq + 1;
    m_lastSeq = event.seq;
    m_seqIsOfNow = true;
    if (lost && m_hadState) {
        m_gap = true;
        if (!m_askingState) askState();
    }
    if (m_askingState) {
        if (m_waiting.size() < most_waiting) m_waiting << event;
        return;
    }
    noteTime(event.time);
    give(event);
}

void Session::give(const Event& one) { emit told(one.type, one.data, one.time); }

void Session::onEnded(RpcClient::End why, const QString& sentence) {
    m_askingState = false;
    m_waiting.clear();
    switch (why) {
        case RpcClient::End::Denied:
            set(WrongToken, sentence,
                tr("the token is not this daemon's: name the folder that it runs over, or paste its token anew"));
            return planRetry(true);
        case RpcClient::End::NoApi:
            set(OtherVersion, sentence,
                tr("see whether the address is right, and whether a fil-fil daemon listens there"));
            return planRetry(true);
        case RpcClient::End::Tls:
            set(Lost, sentence, tr("name the file of the certificate that the daemon's is signed by"));
            return planRetry(true);
        case RpcClient::End::Refused:
            set(Lost, sentence, tr("start the daemon, or see whether the address is right"));
            return planRetry(false);
        case RpcClient::End::Lost:
            set(Lost, sentence, tr("it is looked for again by itself; what is shown is of before"));
            return planRetry(false);
    }
}

void Session::planRetry(bool slowly) {
    if (!m_wanted) return;
    // Doubles each time.
    const int wait = slowly ? m_longestWait : std::min(m_longestWait, m_firstWait << std::min(m_attempt, 16));
    ++m_attempt;
    m_retry.start(wait);
    m_second.start();
    emit retryInChanged();
}

void Session::set(State state, const QString& sentence, const QString& remedy) {
    const bool wasOnline = m_state == Online;
    m_state = state;
    m_sentence = sentence;
    m_remedy = remedy;
    emit changed();
    if (wasOnline && state != Online) emit wentOffline();
}

void Session::noteTime(double daemonTime) {
    if (!(daemonTime > 0)) return;
    const double skew = daemonTime - static_cast<double>(QDateTime::currentMSecsSinceEpoch()) / 1000;
    if (m_skewKnown && std::abs(skew - m_skew) < least_skew_change) return;
    m_skewKnown = true;
    m_skew = skew;
    emit clockSkewChanged();
}

void Session::call(const QString& method, const QJsonObject& params, QObject* receiver, RpcClient::Handler handler,
                   int timeout) {
    m_client.call(
        method, params, receiver,
        [this, session = QPointer(this), handler = std::move(handler)](const Reply& reply) {
            if (session && !reply.ok() && reply.error().code == -32001 && !m_readOnly) {
                m_readOnly = true;
                emit changed();
            }
            handler(reply);
        },
        timeout);
}

void Session::callInTurn(const QString& method, const QJsonObject& params, QObject* receiver,
                         RpcClient::Handler handler, int timeout) {
    m_turns << Turn{method, params, receiver, std::move(handler), timeout};
    if (m_turns.size() == 1) nextTurn();
}

void Session::nextTurn() {
    if (m_turns.isEmpty()) return;
    const Turn& turn = m_turns.first();
    call(
        turn.method, turn.params, this,
        [this](const Reply& reply) {
            const Turn done = m_turns.takeFirst();
            nextTurn();
            if (done.receiver) done.handler(reply);
        },
        turn.timeout);
}

void Session::test(const QVariantMap& daemon) {
    const Target target = resolve(daemon);
    if (!target.problem.isEmpty()) {
        emit tested(false, target.problem, target.remedy);
        return;
    }
    auto* client = new RpcClient(this);
    connect(client, &RpcClient::opened, this, [this, client, name = target.name] {
        client->call(
            QStringLiteral("FilFil.Version"), {}, this,
            [this, client, name](const Reply& reply) {
                client->deleteLater();
                const QJsonObject said = reply.ok() ? reply.object() : QJsonObject();
                if (!reply.ok()) return emit tested(false, reply.error().message, reply.error().remedy);
                if (said.value(QLatin1String("api")).toInt(-1) != apiVersion)
                    return emit tested(false, tr("%1 speaks another version of the API").arg(name),
                                       tr("update the older of the two"));
                emit tested(true,
                            tr("%1 answers: version %2, network %3")
                                .arg(name, said.value(QLatin1String("version")).toString(),
                                     said.value(QLatin1String("network")).toString()),
                            {});
            },
            10'000);
    });
    connect(client, &RpcClient::ended, this, [this, client](RpcClient::End why, const QString& sentence) {
        client->deleteLater();
        emit tested(false, sentence,
                    why == RpcClient::End::Denied ? tr("paste the token that stands in the daemon's token.admin")
                                                  : tr("see whether the daemon runs and the address is right"));
    });
    client->open(target.address);
}

}    // namespace filfil::gui
