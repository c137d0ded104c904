// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gui/model/store.hpp"

#include "gui/model/format.hpp"
#include "gui/model/job_store.hpp"

#include <QJsonArray>

#include <utility>

namespace filfil::gui {
namespace {

/// Methods that ask the node on the way may take long, and are not lost for it.
constexpr int patience_milliseconds = 300'000;

/// What failed is asked for again by itself after so long.
constexpr int again_milliseconds = 10'000;

}    // namespace

Store::Store(Session& session, Format& format, QObject* parent)
    : QObject(parent), m_session(session), m_format(format) {
    connect(&session, &Session::onlineNow, this, [this](const QJsonObject& state) {
        onState(state);
        refresh();
    });
    connect(&session, &Session::resynced, this, [this](const QJsonObject& state) {
        onState(state);
        refresh();
    });
    connect(&session, &Session::told, this, &Store::onEvent);
    connect(&session, &Session::wentOffline, this, &Store::loadingChanged);
    m_again.setSingleShot(true);
    m_again.setInterval(again_milliseconds);
    connect(&m_again, &QTimer::timeout, this, &Store::refresh);
    connect(&session, &Session::switched, this, [this] {
        ++m_round;
        m_underWay = 0;
        m_loaded = false;
        m_supported = true;
        m_error.clear();
        m_remedy.clear();
        forget();
        emit loadingChanged();
    });
}

void Store::refresh() {
    if (!m_session.online()) return;
    ++m_round;
    m_underWay = 0;
    m_trouble = false;
    for (RecordModel* model : findChildren<RecordModel*>(Qt::FindDirectChildrenOnly)) model->expectRecords();
    load();
    emit loadingChanged();
}

void Store::forget() {
    if (m_model != nullptr) m_model->clear();
}

void Store::onState(const QJsonObject& /*state*/) {}

void Store::onEvent(const QString& /*type*/, const QJsonObject& /*data*/, double /*time*/) {}

void Store::fetch(const QString& method, const QJsonObject& params, std::function<void(const QJsonObject&)> good) {
    ++m_underWay;
    emit loadingChanged();
    auto ended = [this, round = m_round, method, good = std::move(good)](const Reply& reply) {
        if (round != m_round) return;
        if (!reply.ok())
            setProblem(reply.error());
        else if (!reply.value().isObject())
            setProblem({0, QStringLiteral("bad_answer"),
                        tr("The daemon's answer to %1 is not what it should be").arg(method),
                        tr("this may be another version of the daemon")});
        else
            good(reply.object());
        endOne();
    };
    if (asksInTurn())
        m_session.callInTurn(method, params, this, std::move(ended), patience_milliseconds);
    else
        m_session.call(method, params, this, std::move(ended), patience_milliseconds);
}

void Store::endOne() {
    if (--m_underWay == 0 && m_trouble && m_supported && m_session.online()) m_again.start();
    if (m_underWay == 0 && !m_trouble) {
        m_supported = true;
        m_loaded = true;
        m_error.clear();
        m_remedy.clear();
    }
    emit loadingChanged();
}

void Store::setProblem(const ApiError& error) {
    // The connection's own state says that it is lost.
    m_trouble = true;
    if (error.name == QLatin1String("lost")) return;
    m_supported = !error.isUnsupported();
    m_error = error.message;
    m_remedy = error.remedy;
    emit loadingChanged();
}

void Store::act(const QString& method, const QJsonObject& params, std::function<void(const QJsonObject&)> good) {
    m_session.call(
        method, params, this,
        [this, good = std::move(good)](const Reply& reply) {
            if (reply.ok())
                good(reply.object());
            else
                emit failed(reply.error().message, reply.error().remedy);
        },
        patience_milliseconds);
}

void Store::actByJob(JobStore& jobs, const QString& method, const QJsonObject& params,
                     std::function<void(const QJsonObject&)> good) {
    act(method, params, [this, &jobs, good = std::move(good)](const QJsonObject& answer) {
        jobs.follow(answer.value(QLatin1String("job")).toDouble(-1), this, [this, good](const Reply& reply) {
            if (reply.ok())
                good(reply.object());
            else
                emit failed(reply.error().message, reply.error().remedy);
        });
    });
}

QList<QJsonObject> Store::objectsOf(const QJsonValue& array) {
    QList<QJsonObject> out;
    const QJsonArray values = array.toArray();
    out.reserve(values.size());
    for (const QJsonValue& value : values)
        if (value.isObject()) out << value.toObject();
    return out;
}

}    // namespace filfil::gui
