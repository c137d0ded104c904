// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "gui/model/column.hpp"

#include <QtQmlIntegration/qqmlintegration.h>
#include <QAbstractTableModel>
#include <QHash>
#include <QJsonObject>
#include <QList>
#include <QSet>
#include <QVariantList>

#include <functional>
#include <vector>

namespace filfil::gui {

class Format;

/// Records (JSON objects) under keys, as a table. A new list is taken over by differences, a few milliseconds at a
/// time, so that selections, scroll places and persistent indexes stay; rows keep the place they came to, and a
/// RecordProxy puts them into an order. GUI thread only.
///
/// Roles: display (text for people), raw, sortKey, accessible (with the column's title), kind, recordKey, record, and
/// one for each field that was declared, by its name.
class RecordModel : public QAbstractTableModel {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("the stores have them")
    Q_PROPERTY(int count READ count NOTIFY countChanged)
    /// [{key, title, kind, width}]; kind is text, cid, bytes, fil, epoch, time, percent, state, number or duration.
    Q_PROPERTY(QVariantList columns READ columns NOTIFY columnsChanged)

public:
    enum Role { RawRole = Qt::UserRole + 1, SortRole, AccessibleRole, KindRole, KeyRole, RecordRole, FirstFieldRole };

    /// A record's key; an empty one leaves the record out.
    using KeyOf = std::function<QString(const QJsonObject&)>;

    /// @param fields names of more roles than the columns' keys
    /// @param parent whose words the columns' titles are: they are translated in its class's context, anew after a
    /// change of language
    RecordModel(KeyOf keyOf, QList<Column> columns, const QStringList& fields, Format* format,
                QObject* parent = nullptr);

    /// The key is this field, a text or a number.
    static KeyOf field(const QString& name);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role = Qt::DisplayRole) const override;
    [[nodiscard]] QHash<int, QByteArray> roleNames() const override;

    [[nodiscard]] int count() const { return static_cast<int>(m_rows.size()); }
    [[nodiscard]] QVariantList columns() const;
    [[nodiscard]] int columnOf(const QString& key) const;

    Q_INVOKABLE QJsonObject record(const QString& key) const;    ///< empty where there is none
    Q_INVOKABLE QJsonObject recordAt(int row) const;
    Q_INVOKABLE QString keyAt(int row) const;
    Q_INVOKABLE int rowOf(const QString& key) const;    ///< −1 where there is none
    Q_INVOKABLE bool contains(const QString& key) const { return m_places.contains(key); }

    /// A list was asked for: what upsert() and remove() say until it comes is newer than what it will say.
    void expectRecords();

    /// This is the whole list now. Done piece by piece; settled() tells when.
    void setRecords(QList<QJsonObject> records);

    /// One that is new or changed; goes before what a list that is still being taken over says of it.
    void upsert(const QJsonObject& record);

    /// Sets these fields of a record that is there.
    void patch(const QString& key, const QJsonObject& fields);
    void remove(const QString& key);
    void clear();

    /// A list is still being taken over.
    [[nodiscard]] bool settling() const { return m_phase != Phase::None; }

    /// Takes over all of it at once.
    void settle();

    /// Less than by a field: numbers by value, text as people sort it, money (the column's kind says so) by amount;
    /// what is missing first, and what is the same in the order in which it came.
    [[nodiscard]] bool lessThan(int left, int right, const QString& field) const;

    /// Whether a search for `text` finds the row: in its fields, whatever the case.
    [[nodiscard]] bool matches(int row, const QString& text) const;

    [[nodiscard]] const QList<QJsonObject>& all() const { return m_rows; }

signals:
    void countChanged();
    void columnsChanged();
    void settled();

private:
    /// How far a new list is taken over: its keys are read, what is not in it goes, what is in it comes.
    enum class Phase { None, Reading, Removing, Taking };

    void takeSome(int milliseconds);
    void readKey();
    void removeGone(int milliseconds);
    void schedule();
    void removeAll(const std::vector<int>& rows);
    void update(int row, const QJsonObject& record);
    void append(const QList<QJsonObject>& records, const QStringList& keys);
    [[nodiscard]] QString titleOf(const Column& column) const;
    void retitle();

    KeyOf m_keyOf;
    QList<Column> m_columns;
    QStringList m_fields;
    Format* m_format;
    QList<QJsonObject> m_rows;
    QStringList m_keys;
    QHash<QString, int> m_places;
    Phase m_phase = Phase::None;
    QList<QJsonObject> m_incoming;                             ///< whose keys are not read yet; the last first
    std::vector<std::pair<QString, QJsonObject>> m_pending;    ///< the last of the list first
    QSet<QString> m_wanted;                                    ///< all keys of the list
    QSet<QString> m_overtaken;    ///< keys that an event spoke of since: what the list says of them is older
    int m_removeFrom = 0;         ///< rows from here on were looked at for removal
    bool m_expecting = false;
    bool m_scheduled = false;
};

}    // namespace filfil::gui
