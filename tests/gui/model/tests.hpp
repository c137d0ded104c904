// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include <QObject>
#include <QString>

#include <memory>

namespace filfil::gui::test {

std::unique_ptr<QObject> formatTest();
std::unique_ptr<QObject> recordModelTest();
std::unique_ptr<QObject> logModelTest();
std::unique_ptr<QObject> slotStatesTest();
std::unique_ptr<QObject> preferencesTest();
std::unique_ptr<QObject> verifierTest();
std::unique_ptr<QObject> sessionTest();
std::unique_ptr<QObject> storesTest();
std::unique_ptr<QObject> slotsTest();
std::unique_ptr<QObject> hostileTest();

/// @param program the path of fil-fil
std::unique_ptr<QObject> liveTest(const QString& program);

}    // namespace filfil::gui::test
