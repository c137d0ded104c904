// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "gui/model/log_model.hpp"
#include "gui/model/store.hpp"

#include <QTimer>
#include <QUrl>

namespace filfil::gui {

/// The daemon's log, asked for once a second while `active`. What is shown is in `lines`; `model` is null.
class LogStore : public filfil::gui::Store {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("app.log")
    Q_PROPERTY(filfil::gui::LogModel* lines READ lines CONSTANT)
    /// Somebody looks at it.
    Q_PROPERTY(bool active READ active WRITE setActive NOTIFY filterChanged)
    Q_PROPERTY(QString level READ level WRITE setLevel NOTIFY filterChanged)    ///< debug, info, warning or error
    Q_PROPERTY(QString module READ module WRITE setModule NOTIFY filterChanged)
    Q_PROPERTY(QString text READ text WRITE setText NOTIFY filterChanged)
    Q_PROPERTY(QStringList modules READ modules NOTIFY modulesChanged)    ///< that were seen

public:
    LogStore(Session& session, Format& format, QObject* parent, int keep = 100'000);

    [[nodiscard]] LogModel* lines() const { return m_lines; }
    [[nodiscard]] bool active() const { return m_active; }
    void setActive(bool active);
    [[nodiscard]] QString level() const { return m_level; }
    void setLevel(const QString& level);
    [[nodiscard]] QString module() const { return m_module; }
    void setModule(const QString& module);
    [[nodiscard]] QString text() const { return m_text; }
    void setText(const QString& text);
    [[nodiscard]] QStringList modules() const { return m_modules; }

    /// Writes what helps to find out what is wrong into a JSON file: versions, status, settings, jobs, log. Secrets
    /// (tokens, keys, passwords, users and passwords in URLs) are left out.
    Q_INVOKABLE void saveDiagnostics(const QUrl& file);

    /// The same object with what is secret in it replaced, at any depth.
    static QJsonValue withoutSecrets(const QJsonValue& value, const QString& name = {});

signals:
    void filterChanged();
    void modulesChanged();

protected:
    void load() override;
    void forget() override;

private:
    void ask();
    void applyFilter();
    void take(const QJsonObject& answer);

    LogModel* m_lines;
    QTimer m_poll;
    QString m_level = QStringLiteral("debug");
    QString m_module;
    QString m_text;
    QStringList m_modules;
    qint64 m_last = -1;
    bool m_active = false;
    bool m_asking = false;
};

}    // namespace filfil::gui
