// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include <QtTest/QtTest>

namespace filfil::e2e {

/// Milliseconds that anything may take on a busy machine before it counts as not coming.
constexpr int soon = 90'000;

/// Milliseconds until a window of a contract has opened, and its snapshot is stored.
constexpr int a_window = 240'000;

}    // namespace filfil::e2e

// Unlike QTRY_VERIFY it does not go on for twice as long to tell whether more time would have done: QtTest would end
// the program before it has told what was shown.
#define FILFIL_COMES(condition, milliseconds) \
    QVERIFY2(QTest::qWaitFor([&] { return static_cast<bool>(condition); }, milliseconds), #condition)
