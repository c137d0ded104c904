// SPDX-License-Identifier: Apache-2.0 OR MIT
import QtQuick
import FilFil

/*! The ring around what has the keyboard. */
Rectangle {
    property bool shown: false
    property int gap: 2

    anchors.fill: parent
    anchors.margins: -gap - 2
    radius: Theme.radius + gap
    color: "transparent"
    border.width: 2
    border.color: Theme.focus
    visible: shown
}
