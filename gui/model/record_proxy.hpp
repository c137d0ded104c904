// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "gui/model/record_model.hpp"

#include <QSortFilterProxyModel>

namespace filfil::gui {

/// A RecordModel in an order and without what was filtered away. Made in QML:
/// `RecordProxy { records: app.deals.model; sortKey: "id"; descending: true; filterText: search.text }`
class RecordProxy : public QSortFilterProxyModel {
    Q_OBJECT
    QML_ELEMENT
    Q_PROPERTY(filfil::gui::RecordModel* records READ records WRITE setRecords NOTIFY recordsChanged)
    Q_PROPERTY(QString filterText READ filterText WRITE setFilterText NOTIFY filterChanged)
    /// The field that `states` looks at; by default "state".
    Q_PROPERTY(QString stateKey READ stateKey WRITE setStateKey NOTIFY filterChanged)
    /// Only these states; empty: all.
    Q_PROPERTY(QStringList states READ states WRITE setStates NOTIFY filterChanged)
    /// Only records whose fields are these values, e.g. {"miner": "f01000"}.
    Q_PROPERTY(QVariantMap equals READ equals WRITE setEquals NOTIFY filterChanged)
    Q_PROPERTY(QString sortKey READ sortKey WRITE setSortKey NOTIFY orderChanged)
    Q_PROPERTY(bool descending READ descending WRITE setDescending NOTIFY orderChanged)
    Q_PROPERTY(int count READ count NOTIFY countChanged)

public:
    explicit RecordProxy(QObject* parent = nullptr);

    [[nodiscard]] RecordModel* records() const { return m_records; }
    void setRecords(RecordModel* records);
    [[nodiscard]] QString filterText() const { return m_text; }
    void setFilterText(const QString& text);
    [[nodiscard]] QString stateKey() const { return m_stateKey; }
    void setStateKey(const QString& key);
    [[nodiscard]] QStringList states() const { return m_states; }
    void setStates(const QStringList& states);
    [[nodiscard]] QVariantMap equals() const { return m_equals; }
    void setEquals(const QVariantMap& equals);
    [[nodiscard]] QString sortKey() const { return m_sortKey; }
    void setSortKey(const QString& key);
    [[nodiscard]] bool descending() const { return m_descending; }
    void setDescending(bool descending);
    [[nodiscard]] int count() const { return rowCount(); }

    /// As a click on a header does: this column, or the other way round where it is so already.
    Q_INVOKABLE void sortBy(const QString& key);
    Q_INVOKABLE QJsonObject recordAt(int row) const;
    Q_INVOKABLE QString keyAt(int row) const;
    Q_INVOKABLE int rowOf(const QString& key) const;    ///< −1 where it is not there or filtered away

    /// The rows as they are shown, as CSV with a line of titles.
    Q_INVOKABLE QString csv() const;

signals:
    void recordsChanged();
    void filterChanged();
    void orderChanged();
    void countChanged();

protected:
    [[nodiscard]] bool filterAcceptsRow(int row, const QModelIndex& parent) const override;
    [[nodiscard]] bool lessThan(const QModelIndex& left, const QModelIndex& right) const override;

private:
    void reorder();

    RecordModel* m_records = nullptr;
    QString m_text;
    QString m_stateKey = QStringLiteral("state");
    QStringList m_states;
    QVariantMap m_equals;
    QString m_sortKey;
    bool m_descending = false;
};

}    // namespace filfil::gui
