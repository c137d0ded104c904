// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gui/view/slot_model_reader.hpp"

#include <QHash>

#include <cmath>

namespace filfil::gui {

SlotModelReader::SlotModelReader(const QAbstractItemModel& model) : m_model(model) {
    QHash<QByteArray, int> roles;
    const auto names = model.roleNames();
    for (auto role = names.cbegin(); role != names.cend(); ++role)
        roles.insert(role.value().toLower().replace('_', ""), role.key());
    const auto find = [&roles](const char* name, const char* other = nullptr) {
        return roles.value(name, other != nullptr ? roles.value(other, -1) : -1);
    };
    m_slot = find("slot");
    m_round = find("round");
    m_index = find("index");
    m_provider = find("provider", "miner");
    m_open = find("opentime");
    m_close = find("closetime");
    m_openEpoch = find("openepoch");
    m_closeEpoch = find("closeepoch");
    m_targetEpoch = find("targetepoch");
    m_state = find("state");
    m_own = find("own");
    m_progress = find("progress");
    m_reward = find("reward");
    m_detail = find("detail");
    m_deal = find("dealid");
}

QVariant SlotModelReader::value(int row, int role) const {
    return role < 0 ? QVariant() : m_model.data(m_model.index(row, 0), role);
}

qint64 SlotModelReader::number(int row, int role) const {
    const QVariant one = value(row, role);
    bool good = false;
    const double number = one.isNull() ? 0 : one.toDouble(&good);
    // All numbers of JSON are doubles; beyond 2^53 they name no slot any more.
    return good && std::isfinite(number) && std::abs(number) < 9e15 ? static_cast<qint64>(number) : -1;
}

SlotEntry SlotModelReader::row(int row) const {
    const auto real = [&](int role, double missing) {
        const QVariant one = value(row, role);
        bool good = false;
        const double number = one.isNull() ? missing : one.toDouble(&good);
        return good && std::isfinite(number) ? number : missing;
    };
    SlotEntry out;
    out.slot = number(row, m_slot);
    out.round = number(row, m_round);
    out.index = number(row, m_index);
    out.provider = value(row, m_provider).toString();
    out.open = real(m_open, 0);
    out.close = real(m_close, 0);
    out.openEpoch = number(row, m_openEpoch);
    out.closeEpoch = number(row, m_closeEpoch);
    out.targetEpoch = number(row, m_targetEpoch);
    out.state = slotStateOf(value(row, m_state).toString());
    out.own = value(row, m_own).toBool();
    out.progress = real(m_progress, -1);
    out.reward = value(row, m_reward).toString();
    out.detail = value(row, m_detail).toString();
    out.dealId = number(row, m_deal);
    return out;
}

std::vector<SlotEntry> SlotModelReader::all() const {
    std::vector<SlotEntry> out;
    const int rows = m_model.rowCount();
    out.reserve(static_cast<std::size_t>(std::max(0, rows)));
    for (int i = 0; i < rows; ++i) out.push_back(row(i));
    return out;
}

}    // namespace filfil::gui
