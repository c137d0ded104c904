// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "gui/model/record_model.hpp"
#include "gui/model/session.hpp"

#include <QObject>

namespace filfil::gui {

class Format;
class JobStore;

/// What the stores share: they load when the session is online, keep showing what they had while it is not, apply
/// events, and say in words what went wrong. GUI thread only.
class Store : public QObject {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("app has them")
    Q_PROPERTY(bool loading READ loading NOTIFY loadingChanged)
    /// Has been filled once since the daemon was chosen.
    Q_PROPERTY(bool loaded READ loaded NOTIFY loadingChanged)
    /// What is shown is of before the connection was lost.
    Q_PROPERTY(bool stale READ stale NOTIFY loadingChanged)
    /// False where the daemon is not set up for it (no contract, no market): `error` says so and `remedy` how to.
    Q_PROPERTY(bool supported READ supported NOTIFY loadingChanged)
    Q_PROPERTY(QString error READ error NOTIFY loadingChanged)
    Q_PROPERTY(QString remedy READ remedy NOTIFY loadingChanged)
    Q_PROPERTY(filfil::gui::RecordModel* model READ model CONSTANT)

public:
    Store(Session& session, Format& format, QObject* parent);

    [[nodiscard]] bool loading() const { return m_underWay > 0; }
    [[nodiscard]] bool loaded() const { return m_loaded; }
    [[nodiscard]] bool stale() const { return m_loaded && !m_session.online(); }
    [[nodiscard]] bool supported() const { return m_supported; }
    [[nodiscard]] QString error() const { return m_error; }
    [[nodiscard]] QString remedy() const { return m_remedy; }
    [[nodiscard]] RecordModel* model() const { return m_model; }

    /// Asks the daemon for all of it again.
    Q_INVOKABLE void refresh();

signals:
    void loadingChanged();

    /// An action came to its end, or failed; for toasts and banners.
    void done(const QString& sentence);
    void failed(const QString& sentence, const QString& remedy);

protected:
    /// Asks for what the store shows, by fetch().
    virtual void load() = 0;

    /// Whether what it asks for makes the daemon ask its node a lot: then one after the other.
    [[nodiscard]] virtual bool asksInTurn() const { return false; }

    /// Nothing of the daemon before may stay.
    virtual void forget();
    virtual void onState(const QJsonObject& state);
    virtual void onEvent(const QString& type, const QJsonObject& data, double time);

    /// Calls, and counts it as loading; errors go to `error`. `good` gets the result.
    void fetch(const QString& method, const QJsonObject& params, std::function<void(const QJsonObject&)> good);

    /// Calls what changes something; errors go to failed().
    void act(const QString& method, const QJsonObject& params, std::function<void(const QJsonObject&)> good);

    /// The same of a method that answers {"job"}; `good` gets the job's result when it is done.
    void actByJob(JobStore& jobs, const QString& method, const QJsonObject& params,
                  std::function<void(const QJsonObject&)> good);
    void setProblem(const ApiError& error);
    void setModel(RecordModel* model) { m_model = model; }

    /// "": an array of objects under that name, without what is none; also where the answer has another shape.
    [[nodiscard]] static QList<QJsonObject> objectsOf(const QJsonValue& array);

    [[nodiscard]] Session& session() const { return m_session; }
    [[nodiscard]] Format& format() const { return m_format; }

private:
    void endOne();

    Session& m_session;
    Format& m_format;
    RecordModel* m_model = nullptr;
    QTimer m_again;    ///< after a failure
    int m_underWay = 0;
    quint64 m_round = 0;       ///< answers of an earlier one are not looked at
    bool m_trouble = false;    ///< in this round
    bool m_loaded = false;
    bool m_supported = true;
    QString m_error;
    QString m_remedy;
};

}    // namespace filfil::gui
