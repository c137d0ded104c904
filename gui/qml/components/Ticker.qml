// SPDX-License-Identifier: Apache-2.0 OR MIT
import QtQuick
import FilFil.Model

/*! The time, as it goes: for what says "in 4 h". Stands still while nobody looks. */
Timer {
    id: ticker

    required property App app
    property double now: app.format.now()

    repeat: true
    interval: 1000
    triggeredOnStart: true
    onTriggered: now = app.format.now()
}
