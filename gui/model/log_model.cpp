// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gui/model/log_model.hpp"

#include "gui/model/format.hpp"

#include <QElapsedTimer>

#include <algorithm>

namespace filfil::gui {
namespace {

constexpr int turn_milliseconds = 4;
constexpr qsizetype most_copied = 10'000;

}    // namespace

LogModel::LogModel(Format* format, int keep, QObject* parent)
    : QAbstractListModel(parent), m_format(format), m_keep(static_cast<std::size_t>(std::max(8, keep))) {
    connect(format, &Format::changed, this, [this] {
        if (!m_shown.empty()) emit dataChanged(index(0), index(count() - 1), {TimeTextRole, AccessibleRole});
    });
}

int LogModel::levelOf(const QString& name) {
    if (name == QLatin1String("debug")) return 0;
    if (name == QLatin1String("warning")) return 2;
    return name == QLatin1String("error") ? 3 : 1;
}

QString LogModel::levelName(int level) {
    switch (level) {
        case 0: return QStringLiteral("debug");
        case 2: return QStringLiteral("warning");
        case 3: return QStringLiteral("error");
        default: return QStringLiteral("info");
    }
}

int LogModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : count(); }

const LogModel::Line& LogModel::lineAt(int row) const {
    return m_lines[static_cast<std::size_t>(m_shown[static_cast<std::size_t>(row)] - m_dropped)];
}

QVariant LogModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const Line& line = lineAt(index.row());
    switch (role) {
        case Qt::DisplayRole: return textOf(line);
        case SeqRole: return line.seq;
        case TimeRole: return line.time;
        case TimeTextRole: return m_format->time(line.time);
        case LevelRole: return levelName(line.level);
        case ModuleRole: return line.module;
        case MessageRole: return line.message;
        case AccessibleRole:
            return tr("%1, %2, %3: %4")
                .arg(m_format->state(levelName(line.level)), m_format->timeOfDay(line.time), line.module, line.message);
        default: return {};
    }
}

QHash<int, QByteArray> LogModel::roleNames() const {
    return {
        {Qt::DisplayRole, "display"}, {SeqRole, "seq"},       {TimeRole, "time"},       {TimeTextRole, "timeText"},
        {LevelRole, "level"},         {ModuleRole, "module"}, {MessageRole, "message"}, {AccessibleRole, "accessible"}};
}

QString LogModel::textOf(const Line& line) const {
    return m_format->isoTime(line.time) + u' ' + levelName(line.level) + u' ' + line.module + QStringLiteral(": ") +
           line.message;
}

void LogModel::append(std::vector<Line> lines) {
    if (lines.empty()) return;
    for (Line& line : lines) m_lines.push_back(std::move(line));
    if (m_lines.size() > m_keep) dropOldest();
    look(turn_milliseconds);
    emit countChanged();
}

void LogModel::dropOldest() {
    // An eighth more than has to go, so that views are not told of each line.
    const std::size_t drop = std::min(m_lines.size(), m_lines.size() - m_keep + m_keep / 8);
    const qint64 first = m_dropped + static_cast<qint64>(drop);
    const auto gone = std::lower_bound(m_shown.begin(), m_shown.end(), first);
    const auto rows = static_cast<int>(gone - m_shown.begin());
    if (rows > 0) beginRemoveRows({}, 0, rows - 1);
    m_shown.erase(m_shown.begin(), gone);
    m_lines.erase(m_lines.begin(), m_lines.begin() + static_cast<std::ptrdiff_t>(drop));
    m_dropped = first;
    m_looked = std::max(m_looked, m_dropped);
    if (rows > 0) endRemoveRows();
}

void LogModel::clear() {
    beginResetModel();
    m_dropped += static_cast<qint64>(m_lines.size());
    m_looked = m_dropped;
    m_lines.clear();
    m_shown.clear();
    endResetModel();
    emit countChanged();
}

void LogModel::setFilter(int level, const QString& module, const QString& text) {
    if (level == m_level && module == m_module && text == m_text) return;
    m_level = level;
    m_module = module;
    m_text = text;
    beginResetModel();
    m_shown.clear();
    m_looked = m_dropped;
    endResetModel();
    look(turn_milliseconds);
    emit countChanged();
}

bool LogModel::accepts(const Line& line) const {
    if (line.level < m_level || (!m_module.isEmpty() && line.module != m_module)) return false;
    return m_text.isEmpty() || line.message.contains(m_text, Qt::CaseInsensitive) ||
           line.module.contains(m_text, Qt::CaseInsensitive);
}

void LogModel::settle() { look(1'000'000); }

void LogModel::look(int milliseconds) {
    QElapsedTimer timer;
    timer.start();
    std::vector<qint64> found;
    const qint64 end = m_dropped + static_cast<qint64>(m_lines.size());
    for (int looked = 0; m_looked < end; ++m_looked, ++looked) {
        if (looked % 256 == 255 && timer.elapsed() >= milliseconds) break;
        if (accepts(m_lines[static_cast<std::size_t>(m_looked - m_dropped)])) found.push_back(m_looked);
    }
    if (!found.empty()) {
        beginInsertRows({}, count(), count() + static_cast<int>(found.size()) - 1);
        m_shown.insert(m_shown.end(), found.begin(), found.end());
        endInsertRows();
    }
    if (filtering()) schedule();
}

void LogModel::schedule() {
    if (m_scheduled) return;
    m_scheduled = true;
    QMetaObject::invokeMethod(
        this,
        [this] {
            m_scheduled = false;
            look(turn_milliseconds);
            emit countChanged();
        },
        Qt::QueuedConnection);
}

QString LogModel::text(int first, int last) const {
    QString out;
    const int end = std::min({last + 1, count(), first + static_cast<int>(most_copied)});
    for (int row = std::max(0, first); row < end; ++row) out += textOf(lineAt(row)) + u'\n';
    return out;
}

}    // namespace filfil::gui
