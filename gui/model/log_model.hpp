// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include <QtQmlIntegration/qqmlintegration.h>
#include <QAbstractListModel>
#include <QJsonObject>

#include <deque>

namespace filfil::gui {

class Format;

/// Log lines, the newest last: a ring that forgets the oldest, and a filter that is applied a few milliseconds at a
/// time. Roles: seq time timeText level module message display accessible. GUI thread only.
class LogModel : public QAbstractListModel {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("app.log.lines")
    Q_PROPERTY(int count READ count NOTIFY countChanged)             ///< of those that are shown
    Q_PROPERTY(int total READ total NOTIFY countChanged)             ///< of those that are kept
    Q_PROPERTY(bool filtering READ filtering NOTIFY countChanged)    ///< not all were looked at yet

public:
    enum Role {
        SeqRole = Qt::UserRole + 1,
        TimeRole,
        TimeTextRole,
        LevelRole,
        ModuleRole,
        MessageRole,
        AccessibleRole
    };

    struct Line {
        qint64 seq = 0;
        double time = 0;
        int level = 1;    ///< 0 debug to 3 error
        QString module;
        QString message;
    };

    /// @param keep lines at most; the oldest eighth goes at once when there are more
    LogModel(Format* format, int keep, QObject* parent);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QHash<int, QByteArray> roleNames() const override;

    [[nodiscard]] int count() const { return static_cast<int>(m_shown.size()); }
    [[nodiscard]] int total() const { return static_cast<int>(m_lines.size()); }
    [[nodiscard]] bool filtering() const { return m_looked < m_dropped + static_cast<qint64>(m_lines.size()); }

    void append(std::vector<Line> lines);
    void clear();

    /// @param level the least one, 0 to 3. @param module exactly, "": all. @param text in the message or module
    void setFilter(int level, const QString& module, const QString& text);

    [[nodiscard]] const Line& lineAt(int row) const;
    [[nodiscard]] const std::deque<Line>& lines() const { return m_lines; }

    /// Looks at all lines at once.
    void settle();

    /// Some rows as text, one a line: for the clipboard.
    Q_INVOKABLE QString text(int first, int last) const;

    static int levelOf(const QString& name);
    static QString levelName(int level);

signals:
    void countChanged();

private:
    [[nodiscard]] bool accepts(const Line& line) const;
    [[nodiscard]] QString textOf(const Line& line) const;
    void look(int milliseconds);
    void schedule();
    void dropOldest();

    Format* m_format;
    std::size_t m_keep;
    std::deque<Line> m_lines;
    std::deque<qint64> m_shown;    ///< numbers of lines since the beginning
    qint64 m_dropped = 0;          ///< the number of m_lines' first
    qint64 m_looked = 0;           ///< the number of the first that the filter has not seen
    int m_level = 0;
    QString m_module;
    QString m_text;
    bool m_scheduled = false;
};

}    // namespace filfil::gui
