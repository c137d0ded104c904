// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "gui/model/json_fields.hpp"

#include <compare>
#include <optional>

namespace filfil::gui {

/// Where an event stands in what the contract told: FilFil.ContractEvents' order, turned round.
struct EventPlace {
    qint64 epoch = -1;
    qint64 index = 0;

    auto operator<=>(const EventPlace&) const = default;

    /// Nothing where the event does not say it as docs/api.md has it.
    static std::optional<EventPlace> of(const QJsonObject& event) {
        const QJsonValue epoch = event.value(QLatin1String("epoch"));
        const QJsonValue index = event.value(QLatin1String("index"));
        if (!epoch.isDouble() || !index.isDouble() || epoch.toDouble() < 0) return {};
        return EventPlace{whole(epoch.toDouble()), whole(index.toDouble())};
    }

    [[nodiscard]] QString key() const { return QString::number(epoch) + u'/' + QString::number(index); }

    /// Parameters of FilFil.ContractEvents for what stands before it.
    void askBefore(QJsonObject& params) const {
        params.insert(QStringLiteral("before_epoch"), epoch);
        params.insert(QStringLiteral("before_index"), index);
    }
};

}    // namespace filfil::gui
