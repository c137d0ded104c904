// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gui/model/record_model.hpp"

#include "gui/model/format.hpp"
#include "gui/model/json_fields.hpp"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QJsonArray>

#include <algorithm>
#include <utility>

namespace filfil::gui {
namespace {

/// What one turn of the event loop may cost.
constexpr int turn_milliseconds = 4;

/// Rows that are inserted with one signal.
constexpr qsizetype batch_rows = 200;

constexpr int everything = 1'000'000;

}    // namespace

RecordModel::RecordModel(KeyOf keyOf, QList<Column> columns, const QStringList& fields, Format* format, QObject* parent)
    : QAbstractTableModel(parent), m_keyOf(std::move(keyOf)), m_columns(std::move(columns)), m_format(format) {
    for (const Column& column : m_columns) m_fields << column.key;
    for (const QString& field : fields)
        if (!m_fields.contains(field)) m_fields << field;
    if (m_format != nullptr) connect(m_format, &Format::changed, this, &RecordModel::retitle);
}

RecordModel::KeyOf RecordModel::field(const QString& name) {
    return [name](const QJsonObject& record) {
        const QJsonValue value = record.value(name);
        if (value.isString()) return value.toString();
        return value.isDouble() ? QString::number(value.toInteger(whole(value.toDouble()))) : QString();
    };
}

int RecordModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : count(); }

int RecordModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_columns.size());
}

QVariant RecordModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const QJsonObject& record = m_rows[index.row()];
    if (role >= FirstFieldRole) {
        const int field = role - FirstFieldRole;
        return field < m_fields.size() ? record.value(m_fields[field]).toVariant() : QVariant();
    }
    const Column& column = m_columns[index.column()];
    switch (role) {
        case Qt::DisplayRole: return m_format->cell(column.kind, record.value(column.key));
        case RawRole:
        case SortRole: return record.value(column.key).toVariant();
        case AccessibleRole: {
            const QString text = m_format->cell(column.kind, record.value(column.key));
            const QString title = titleOf(column);
            return text.isEmpty() ? tr("%1: unknown").arg(title) : tr("%1: %2").arg(title, text);
        }
        case KindRole: return nameOf(column.kind);
        case KeyRole: return m_keys[index.row()];
        case RecordRole: return record;
        default: return {};
    }
}

QVariant RecordModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || section < 0 || section >= m_columns.size() || role != Qt::DisplayRole)
        return {};
    return titleOf(m_columns[section]);
}

QHash<int, QByteArray> RecordModel::roleNames() const {
    QHash<int, QByteArray> out = {{Qt::DisplayRole, "display"},   {RawRole, "raw"},   {SortRole, "sortKey"},
                                  {AccessibleRole, "accessible"}, {KindRole, "kind"}, {KeyRole, "recordKey"},
                                  {RecordRole, "record"}};
    const QList<QByteArray> taken = out.values();
    for (int i = 0; i < m_fields.size(); ++i)
        if (const QByteArray name = m_fields[i].toLatin1(); !taken.contains(name)) out.insert(FirstFieldRole + i, name);
    return out;
}

QVariantList RecordModel::columns() const {
    QVariantList out;
    for (const Column& column : m_columns) out << column.toMap(titleOf(column));
    return out;
}

int RecordModel::columnOf(const QString& key) const {
    for (int i = 0; i < m_columns.size(); ++i)
        if (m_columns[i].key == key) return i;
    return -1;
}

QString RecordModel::titleOf(const Column& column) const {
    const QMetaObject* words = parent() != nullptr ? parent()->metaObject() : metaObject();
    return QCoreApplication::translate(words->className(), column.title);
}

void RecordModel::retitle() {
    emit columnsChanged();
    if (m_columns.isEmpty()) return;
    emit headerDataChanged(Qt::Horizontal, 0, static_cast<int>(m_columns.size()) - 1);
    if (!m_rows.isEmpty())
        emit dataChanged(index(0, 0), index(count() - 1, columnCount() - 1), {Qt::DisplayRole, AccessibleRole});
}

QJsonObject RecordModel::record(const QString& key) const {
    const auto place = m_places.constFind(key);
    return place == m_places.constEnd() ? QJsonObject() : m_rows[*place];
}

QJsonObject RecordModel::recordAt(int row) const { return row >= 0 && row < count() ? m_rows[row] : QJsonObject(); }

QString RecordModel::keyAt(int row) const { return row >= 0 && row < count() ? m_keys[row] : QString(); }

int RecordModel::rowOf(const QString& key) const { return m_places.value(key, -1); }

void RecordModel::setRecords(QList<QJsonObject> records) {
    m_incoming = std::move(records);
    m_pending.clear();
    m_pending.reserve(static_cast<std::size_t>(m_incoming.size()));
    m_wanted.clear();
    if (!m_expecting) m_overtaken.clear();
    m_expecting = false;
    m_phase = Phase::Reading;
    takeSome(turn_milliseconds);
}

void RecordModel::readKey() {
    QJsonObject record = m_incoming.takeLast();
    QString key = m_keyOf(record);
    // Of two with one key the later counts.
    if (key.isEmpty() || m_wanted.contains(key)) return;
    m_wanted.insert(key);
    m_pending.emplace_back(std::move(key), std::move(record));
}

void RecordModel::removeGone(int milliseconds) {
    QElapsedTimer timer;
    timer.start();
    std::vector<int> gone;
    // From the end: rows that are removed do not move those that are still to be looked at.
    for (int looked = 0; m_removeFrom > 0; ++looked) {
        if (looked % 64 == 63 && timer.elapsed() >= milliseconds) break;
        const QString& key = m_keys[--m_removeFrom];
        if (!m_wanted.contains(key) && !m_overtaken.contains(key)) gone.push_back(m_removeFrom);
    }
    std::reverse(gone.begin(), gone.end());
    removeAll(gone);
    if (m_removeFrom == 0) m_phase = Phase::Taking;
}

void RecordModel::expectRecords() {
    settle();
    m_expecting = true;
    m_overtaken.clear();
}

void RecordModel::settle() { takeSome(everything); }

void RecordModel::schedule() {
    if (m_scheduled) return;
    m_scheduled = true;
    QMetaObject::invokeMethod(
        this,
        [this] {
            m_scheduled = false;
            takeSome(turn_milliseconds);
        },
        Qt::QueuedConnection);
}

void RecordModel::takeSome(int milliseconds) {
    QElapsedTimer timer;
    timer.start();
    const auto late = [&] { return timer.elapsed() >= milliseconds; };
    while (m_phase == Phase::Reading && !late()) {
        for (qsizetype i = 0; i < batch_rows && !m_incoming.isEmpty(); ++i) readKey();
        if (!m_incoming.isEmpty()) continue;
        m_phase = Phase::Removing;
        m_removeFrom = count();
    }
    while (m_phase == Phase::Removing && !late()) removeGone(milliseconds);
    while (m_phase == Phase::Taking && !m_pending.empty() && !late()) {
        QList<QJsonObject> fresh;
        QStringList keys;
        for (qsizetype i = 0; i < batch_rows && !m_pending.empty(); ++i) {
            auto [key, record] = std::move(m_pending.back());
            m_pending.pop_back();
            if (m_overtaken.contains(key)) continue;
            const int row = m_places.value(key, -1);
            if (row >= 0)
                update(row, record);
            else {
                fresh << std::move(record);
                keys << std::move(key);
            }
            if (late()) break;
        }
        append(fresh, keys);
    }
    if (m_phase == Phase::None) return;
    if (m_phase != Phase::Taking || !m_pending.empty()) return schedule();
    m_phase = Phase::None;
    if (!m_expecting) m_overtaken.clear();
    m_wanted.clear();
    emit settled();
}

void RecordModel::update(int row, const QJsonObject& record) {
    if (m_rows[row] == record) return;
    m_rows[row] = record;
    if (!m_columns.isEmpty()) emit dataChanged(index(row, 0), index(row, columnCount() - 1));
}

void RecordModel::append(const QList<QJsonObject>& records, const QStringList& keys) {
    if (records.isEmpty()) return;
    beginInsertRows({}, count(), count() + static_cast<int>(records.size()) - 1);
    for (qsizetype i = 0; i < records.size(); ++i) {
        m_places.insert(keys[i], count());
        m_rows << records[i];
        m_keys << keys[i];
    }
    endInsertRows();
    emit countChanged();
}

void RecordModel::removeAll(const std::vector<int>& rows) {
    if (rows.empty()) return;
    if (rows.size() == static_cast<std::size_t>(m_rows.size())) {
        beginRemoveRows({}, 0, count() - 1);
        m_rows.clear();
        m_keys.clear();
        m_places.clear();
        endRemoveRows();
        return emit countChanged();
    }
    for (auto last = rows.rbegin(); last != rows.rend();) {
        auto first = last;
        while (first + 1 != rows.rend() && *(first + 1) == *first - 1) ++first;
        beginRemoveRows({}, *first, *last);
        for (int row = *first; row <= *last; ++row) m_places.remove(m_keys[row]);
        m_rows.remove(*first, *last - *first + 1);
        m_keys.remove(*first, *last - *first + 1);
        for (int row = *first; row < count(); ++row) m_places[m_keys[row]] = row;
        endRemoveRows();
        last = first + 1;
    }
    emit countChanged();
}

void RecordModel::upsert(const QJsonObject& record) {
    const QString key = m_keyOf(record);
    if (key.isEmpty()) return;
    if (settling() || m_expecting) m_overtaken.insert(key);
    const int row = m_places.value(key, -1);
    if (row >= 0) return update(row, record);
    append({record}, {key});
}

void RecordModel::patch(const QString& key, const QJsonObject& fields) {
    const int row = m_places.value(key, -1);
    if (row < 0) return;
    QJsonObject record = m_rows[row];
    for (auto field = fields.begin(); field != fields.end(); ++field) record.insert(field.key(), field.value());
    update(row, record);
}

void RecordModel::remove(const QString& key) {
    if (settling() || m_expecting) m_overtaken.insert(key);
    const int row = m_places.value(key, -1);
    if (row < 0) return;
    removeAll({row});
    // A row before the place of the search was taken out of what it has still to look at.
    if (m_phase == Phase::Removing && row < m_removeFrom) --m_removeFrom;
}

void RecordModel::clear() {
    m_expecting = false;
    setRecords({});
    settle();
}

bool RecordModel::lessThan(int left, int right, const QString& field) const {
    const QJsonValue a = m_rows[left].value(field);
    const QJsonValue b = m_rows[right].value(field);
    const int column = columnOf(field);
    if (column >= 0 && m_columns[column].kind == ColumnKind::Fil && a.isString() && b.isString()) {
        const int order = Format::compareAmounts(a.toString(), b.toString());
        if (order != 0) return order < 0;
    } else if (a.isDouble() && b.isDouble()) {
        if (a.toDouble() != b.toDouble()) return a.toDouble() < b.toDouble();
    } else if (a.isString() && b.isString()) {
        const int order = QString::compare(a.toString(), b.toString(), Qt::CaseInsensitive);
        if (order != 0) return order < 0;
    } else if (a.isBool() && b.isBool()) {
        if (a.toBool() != b.toBool()) return b.toBool();
    } else if (a.type() != b.type()) {
        // Null and missing are the least types.
        const auto rank = [](const QJsonValue& value) {
            return value.isUndefined() ? -1 : static_cast<int>(value.type());
        };
        return rank(a) < rank(b);
    }
    // What is the same stays in the order in which it came, whichever way the table is sorted.
    return left < right;
}

bool RecordModel::matches(int row, const QString& text) const {
    const QJsonObject& record = m_rows[row];
    return std::any_of(m_fields.begin(), m_fields.end(),
                       [&](const QString& field) {
                           const QJsonValue value = record.value(field);
                           if (value.isString()) return value.toString().contains(text, Qt::CaseInsensitive);
                           return value.isDouble() && QString::number(value.toInteger()).contains(text);
                       }) ||
           std::any_of(m_columns.begin(), m_columns.end(), [&](const Column& column) {
               return column.kind == ColumnKind::State &&
                      m_format->state(record.value(column.key).toString()).contains(text, Qt::CaseInsensitive);
           });
}

}    // namespace filfil::gui
