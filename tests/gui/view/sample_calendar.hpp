// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "gui/view/slot_item.hpp"
#include "quick_scene.hpp"
#include "sample_slots.hpp"

#include <QAbstractListModel>

namespace filfil::gui::test {

/// Rows as the daemon's fields, in either way of writing.
class Rows : public QAbstractListModel {
public:
    explicit Rows(std::vector<SlotEntry> entries, bool snakes = true)
        : m_entries(std::move(entries)), m_snakes(snakes) {}

    int rowCount(const QModelIndex& = {}) const override { return static_cast<int>(m_entries.size()); }
    QHash<int, QByteArray> roleNames() const override {
        if (m_snakes)
            return {{300, "slot"},  {301, "miner"}, {302, "open_time"}, {303, "close_time"},
                    {304, "state"}, {305, "own"},   {306, "progress"},  {307, "open_epoch"}};
        return {{300, "slot"},  {301, "provider"}, {302, "openTime"}, {303, "closeTime"},
                {304, "state"}, {305, "own"},      {306, "progress"}, {307, "openEpoch"}};
    }
    QVariant data(const QModelIndex& index, int role) const override {
        const SlotEntry& entry = m_entries[static_cast<std::size_t>(index.row())];
        switch (role) {
            case 300: return static_cast<double>(entry.slot);
            case 301: return entry.provider;
            case 302: return entry.open;
            case 303: return entry.close > 0 ? QVariant(entry.close) : QVariant::fromValue(nullptr);
            case 304:
                return QStringList{QStringLiteral("future"),     QStringLiteral("open"),
                                   QStringLiteral("building"),   QStringLiteral("published"),
                                   QStringLiteral("stored"),     QStringLiteral("paid"),
                                   QStringLiteral("missed"),     QStringLiteral("disputed"),
                                   QStringLiteral("reassigned"), QStringLiteral("skipped"),
                                   QStringLiteral("ended"),      QStringLiteral("?")}[static_cast<int>(entry.state)];
            case 305: return entry.own;
            case 306: return entry.progress < 0 ? QVariant() : QVariant(entry.progress);
            case 307: return entry.openEpoch < 0 ? QVariant() : QVariant(static_cast<double>(entry.openEpoch));
            default: return {};
        }
    }
    void insert(SlotEntry entry) {
        beginInsertRows({}, rowCount(), rowCount());
        m_entries.push_back(std::move(entry));
        endInsertRows();
    }
    void remove(int first, int count) {
        beginRemoveRows({}, first, first + count - 1);
        m_entries.erase(m_entries.begin() + first, m_entries.begin() + first + count);
        endRemoveRows();
    }
    void change(int row, SlotState state) {
        m_entries[static_cast<std::size_t>(row)].state = state;
        emit dataChanged(index(row, 0), index(row, 0));
    }
    void reset(std::vector<SlotEntry> entries) {
        beginResetModel();
        m_entries = std::move(entries);
        endResetModel();
    }

private:
    std::vector<SlotEntry> m_entries;
    bool m_snakes;
};

inline constexpr const char* calendarQml = R"(
SlotCalendar { objectName: "it"; width: 1000; height: 520; focus: true; fixedNow: 1795181100; theme: PaintTheme { objectName: "theme"; fontFamily: "DejaVu Sans" } }
)";

/// A calendar in a window, with the sample in its model.
struct Calendar {
    Rows rows{sampleEntries()};
    QuickScene scene{calendarQml};
    SlotCalendarItem* item = nullptr;

    bool begin() {
        if (!scene.good()) return false;
        item = scene.find<SlotCalendarItem>();
        if (item == nullptr) return false;
        item->setModel(&rows);
        item->forceActiveFocus();
        return QTest::qWaitFor([this] { return item->windows() == rows.rowCount(); });
    }
    void key(Qt::Key key) { QTest::keyClick(&scene.window(), key); }
    QPoint centre(int entry) const { return item->layout().cellOf(entry)->rect.center().toPoint(); }
    int entryAt(double hours) const {
        for (const SlotCell& cell : item->layout().cells())
            if (item->layout().set().entry(cell.entry).open == sampleDay + hours * 3600) return cell.entry;
        return -1;
    }
};

}    // namespace filfil::gui::test
