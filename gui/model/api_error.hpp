// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include <QJsonObject>
#include <QJsonValue>
#include <QString>

#include <optional>
#include <utility>

namespace filfil::gui {

/// Why a call of the daemon's API failed, in words for people.
struct ApiError {
    int code = 0;       ///< of JSON-RPC; 0 where no answer came
    QString name;       ///< "not_found", "busy", …; "no_answer", "lost", "bad_answer" for what the desktop itself saw
    QString message;    ///< one sentence: what, where, why
    QString remedy;     ///< what can be done; may be empty

    /// From an answer's "error" of any shape.
    static ApiError fromJson(const QJsonValue& error);

    /// The method needs something that the daemon is not set up for (a contract, a market).
    [[nodiscard]] bool isUnsupported() const { return name == QLatin1String("unsupported"); }

    /// The connection or its time ran out: trying again may do.
    [[nodiscard]] bool isPassing() const {
        return name == QLatin1String("busy") || name == QLatin1String("lost") || name == QLatin1String("no_answer");
    }
};

/// What a call ended with: its result, or why there is none.
class Reply {
public:
    explicit Reply(QJsonValue value) : m_value(std::move(value)) {}
    explicit Reply(ApiError error) : m_error(std::move(error)) {}

    [[nodiscard]] bool ok() const { return !m_error.has_value(); }
    [[nodiscard]] const QJsonValue& value() const { return m_value; }

    /// The result as an object; an empty one where it is none.
    [[nodiscard]] QJsonObject object() const { return m_value.toObject(); }

    /// Only where not ok().
    [[nodiscard]] const ApiError& error() const { return *m_error; }

private:
    QJsonValue m_value;
    std::optional<ApiError> m_error;
};

}    // namespace filfil::gui
