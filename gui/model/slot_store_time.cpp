// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gui/model/format.hpp"
#include "gui/model/json_fields.hpp"
#include "gui/model/slot_store.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <utility>

namespace filfil::gui {
namespace {

constexpr qsizetype most_heads = 30;
constexpr double soon_seconds = 600;

}    // namespace

void SlotStore::learnTimes(const QJsonObject& slot) {
    const double open = number(slot, "open_epoch", -1);
    const double openTime = number(slot, "open_time");
    const double close = number(slot, "close_epoch", -1);
    const double closeTime = number(slot, "close_time");
    if (open < 0 || openTime <= 0) return;
    const double seconds = close > open && closeTime > openTime ? (closeTime - openTime) / (close - open) : 30;
    format().setAnchor(open, openTime, seconds);
}

void SlotStore::learnHead(double epoch, double time) {
    if (epoch < 0 || time <= 0) return;
    // Heads that come in one go after a pause say nothing of how long an epoch is.
    if (!m_heads.isEmpty() && (epoch <= m_heads.last().first || time <= m_heads.last().second)) return;
    m_heads << std::pair(epoch, time);
    while (m_heads.size() > most_heads) m_heads.removeFirst();
    if (m_heads.size() < 3) return;
    const double seconds = (time - m_heads.first().second) / (epoch - m_heads.first().first);
    // It is moved seldom, since all that is shown moves with it.
    if (m_clock.known() && std::abs(m_clock.at(epoch) - time) < std::max(3.0, 2 * seconds)) return;
    m_clock = {epoch, time, seconds};
    if (!m_next.isEmpty() || m_providers->count() > 0) {
        bool changed = false;
        for (RecordModel* model : {m_providers, m_operatorSlots})
            for (int row = 0; row < model->count(); ++row) {
                QJsonObject record = model->recordAt(row);
                const QJsonObject before = record;
                m_clock.fill(record);
                if (record == before) continue;
                changed = true;
                model->patch(model->keyAt(row), record);
                learnTimes(record);
            }
        if (changed) chooseNext();
    }
    planOpenings();
    reckonHits();
    scheduleRebuild();
}

void SlotStore::chooseNext() {
    QJsonObject next;
    for (const QJsonObject& row : m_providers->all()) {
        if (!row.value(QLatin1String("open_time")).isDouble() || number(row, "close_time") < format().now()) continue;
        if (next.isEmpty() || number(row, "open_time") < number(next, "open_time")) next = row;
    }
    if (next == m_next) return;
    m_next = next;
    emit slotsChanged();
    emit ticked();
}

double SlotStore::secondsToNext() const {
    return m_next.isEmpty() ? -1 : std::max(0.0, number(m_next, "open_time") - format().now());
}

QString SlotStore::nextText() const {
    if (m_next.isEmpty()) return {};
    const double left = secondsToNext();
    if (left > 0) return tr("opens in %1").arg(format().duration(std::max(1.0, left)));
    return tr("closes in %1").arg(format().duration(std::max(0.0, number(m_next, "close_time") - format().now())));
}

/// While one own window is open, others may be about to open: of other own providers, and the provider's own next one.
void SlotStore::planOpenings() {
    m_openings.clear();
    const double now = format().now();
    const auto add = [&](QJsonObject window) {
        m_clock.fill(window);
        const double time = number(window, "open_time");
        const QJsonValue slot = window.value(QLatin1String("slot"));
        const QString miner = text(window, "miner");
        if (time > now && slot.isDouble() && !miner.isEmpty())
            m_openings.push_back({time, slotKey(miner, slot.toInteger()), std::move(window)});
    };
    for (const QJsonObject& row : m_providers->all()) add(row);
    for (const QJsonValue& window : std::as_const(m_windows)) add(window.toObject());
    std::ranges::sort(m_openings, std::ranges::greater(), &Opening::time);
}

void SlotStore::tellOpenings() {
    const double now = format().now();
    bool opened = false;
    for (; !m_openings.empty() && m_openings.back().time <= now; m_openings.pop_back()) opened = true;
    if (opened) scheduleRebuild();
    QList<QJsonObject> soon;
    for (auto next = m_openings.rbegin(); next != m_openings.rend() && next->time - now <= soon_seconds; ++next) {
        if (m_soon.contains(next->key)) continue;
        // Nobody is to do anything then; where that is changed, it is told yet.
        if (text(m_providers->record(text(next->window, "miner")), "policy") == QLatin1String("skip")) continue;
        m_soon.insert(next->key);
        soon << next->window;
    }
    for (const QJsonObject& window : std::as_const(soon)) emit opensSoon(window);
}

void SlotStore::tick() {
    tellOpenings();
    if (m_next.isEmpty()) return;
    emit ticked();
    const double left = number(m_next, "open_time") - format().now();
    // It opens, or closes, right now.
    if ((left <= 0 && left > -1) || number(m_next, "close_time") < format().now()) {
        chooseNext();
        scheduleRebuild();
    }
}

}    // namespace filfil::gui
