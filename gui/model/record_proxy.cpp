// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gui/model/record_proxy.hpp"

#include <algorithm>

namespace filfil::gui {
namespace {

/// As RFC 4180 quotes; a leading =, +, -, @ would be a formula for a spreadsheet.
QString csvCell(QString text) {
    if (!text.isEmpty() && QStringLiteral("=+-@\t\r").contains(text.front())) {
        bool number = false;
        text.toDouble(&number);
        if (!number) text.prepend(u'\'');
    }
    if (!text.contains(u',') && !text.contains(u'"') && !text.contains(u'\n') && !text.contains(u'\r')) return text;
    return u'"' + text.replace(u'"', QStringLiteral("\"\"")) + u'"';
}

}    // namespace

RecordProxy::RecordProxy(QObject* parent) : QSortFilterProxyModel(parent) {
    connect(this, &QAbstractItemModel::rowsInserted, this, &RecordProxy::countChanged);
    connect(this, &QAbstractItemModel::rowsRemoved, this, &RecordProxy::countChanged);
    connect(this, &QAbstractItemModel::modelReset, this, &RecordProxy::countChanged);
    connect(this, &QAbstractItemModel::layoutChanged, this, &RecordProxy::countChanged);
}

void RecordProxy::setRecords(RecordModel* records) {
    if (m_records == records) return;
    m_records = records;
    setSourceModel(records);
    reorder();
    emit recordsChanged();
    emit countChanged();
}

void RecordProxy::setFilterText(const QString& text) {
    if (m_text == text) return;
    m_text = text;
    invalidateRowsFilter();
    emit filterChanged();
}

void RecordProxy::setStateKey(const QString& key) {
    if (m_stateKey == key) return;
    m_stateKey = key;
    invalidateRowsFilter();
    emit filterChanged();
}

void RecordProxy::setStates(const QStringList& states) {
    if (m_states == states) return;
    m_states = states;
    invalidateRowsFilter();
    emit filterChanged();
}

void RecordProxy::setEquals(const QVariantMap& equals) {
    if (m_equals == equals) return;
    m_equals = equals;
    invalidateRowsFilter();
    emit filterChanged();
}

void RecordProxy::setSortKey(const QString& key) {
    if (m_sortKey == key) return;
    m_sortKey = key;
    reorder();
    emit orderChanged();
}

void RecordProxy::setDescending(bool descending) {
    if (m_descending == descending) return;
    m_descending = descending;
    reorder();
    emit orderChanged();
}

void RecordProxy::sortBy(const QString& key) {
    if (m_sortKey == key) return setDescending(!m_descending);
    m_sortKey = key;
    m_descending = false;
    reorder();
    emit orderChanged();
}

void RecordProxy::reorder() {
    if (m_records == nullptr) return;
    // By any field, shown in a column or not: which one is known to lessThan alone.
    const int column = m_sortKey.isEmpty() ? -1 : 0;
    const Qt::SortOrder order = m_descending ? Qt::DescendingOrder : Qt::AscendingOrder;
    if (column == sortColumn() && order == sortOrder())
        invalidate();
    else
        sort(column, order);
}

QJsonObject RecordProxy::recordAt(int row) const {
    return m_records == nullptr || row < 0 || row >= rowCount() ? QJsonObject()
                                                                : m_records->recordAt(mapToSource(index(row, 0)).row());
}

QString RecordProxy::keyAt(int row) const {
    return m_records == nullptr || row < 0 || row >= rowCount() ? QString()
                                                                : m_records->keyAt(mapToSource(index(row, 0)).row());
}

int RecordProxy::rowOf(const QString& key) const {
    if (m_records == nullptr) return -1;
    const int row = m_records->rowOf(key);
    return row < 0 ? -1 : mapFromSource(m_records->index(row, 0)).row();
}

QString RecordProxy::csv() const {
    QString out;
    for (int row = -1; row < rowCount(); ++row) {
        QStringList cells;
        for (int column = 0; column < columnCount(); ++column)
            cells << csvCell(row < 0 ? headerData(column, Qt::Horizontal).toString()
                                     : index(row, column).data(RecordModel::RawRole).toString());
        out += cells.join(u',') + QStringLiteral("\r\n");
    }
    return out;
}

bool RecordProxy::filterAcceptsRow(int row, const QModelIndex& /*parent*/) const {
    if (m_records == nullptr) return true;
    if (!m_states.isEmpty() || !m_equals.isEmpty()) {
        const QJsonObject record = m_records->recordAt(row);
        if (!m_states.isEmpty() && !m_states.contains(record.value(m_stateKey).toString())) return false;
        for (auto wanted = m_equals.begin(); wanted != m_equals.end(); ++wanted)
            if (record.value(wanted.key()).toVariant() != wanted.value()) return false;
    }
    return m_text.isEmpty() || m_records->matches(row, m_text);
}

bool RecordProxy::lessThan(const QModelIndex& left, const QModelIndex& right) const {
    return m_records != nullptr && m_records->lessThan(left.row(), right.row(), m_sortKey);
}

}    // namespace filfil::gui
