// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "tests/gui/quick/dice.hpp"

#include <QJsonObject>
#include <QJsonValue>
#include <QList>
#include <QString>

#include <utility>

namespace filfil::gui::test {

/// The same value with about one in `rate` of its parts gone, of another type, or out of all bounds.
QJsonValue spoiled(const QJsonValue& value, Dice& dice, int rate);

/// An answer on a bad day, as FakeDaemon::Fate has it: late, bent, torn, twice, for another question, or never.
QList<std::pair<int, QString>> spoiledAnswer(const QJsonObject& reply, Dice& dice);

/// Text that nobody expects: empty, very long, of many scripts and directions, or of control characters.
QString oddText(Dice& dice);

}    // namespace filfil::gui::test
