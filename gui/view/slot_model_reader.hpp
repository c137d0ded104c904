// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "gui/view/slot_entry.hpp"

#include <QAbstractItemModel>

#include <vector>

namespace filfil::gui {

/// Reads the rows of any model whose roles have the names of the daemon's fields, in either way of writing
/// (open_time, openTime): slot round index provider (or miner) openTime closeTime openEpoch closeEpoch targetEpoch
/// state own progress reward detail dealId. What is missing or null is not known.
class SlotModelReader {
public:
    explicit SlotModelReader(const QAbstractItemModel& model);

    [[nodiscard]] SlotEntry row(int row) const;
    [[nodiscard]] std::vector<SlotEntry> all() const;

private:
    [[nodiscard]] QVariant value(int row, int role) const;
    [[nodiscard]] qint64 number(int row, int role) const;

    const QAbstractItemModel& m_model;
    int m_slot = -1, m_round = -1, m_index = -1, m_provider = -1, m_open = -1, m_close = -1, m_openEpoch = -1,
        m_closeEpoch = -1, m_targetEpoch = -1, m_state = -1, m_own = -1, m_progress = -1, m_reward = -1, m_detail = -1,
        m_deal = -1;
};

}    // namespace filfil::gui
