// SPDX-License-Identifier: Apache-2.0 OR MIT
import QtQuick
import FilFil

/*! The shape of what is being loaded. */
Rectangle {
    id: bone

    implicitWidth: 120
    implicitHeight: 12
    radius: Theme.radiusSmall
    color: Theme.dark ? "#21262d" : "#e4e8ec"
    Accessible.ignored: true

    SequentialAnimation on opacity {
        running: bone.visible && !Theme.reduceMotion
        loops: Animation.Infinite
        NumberAnimation { from: 1; to: 0.45; duration: 900; easing.type: Easing.InOutSine }
        NumberAnimation { from: 0.45; to: 1; duration: 900; easing.type: Easing.InOutSine }
    }
}
