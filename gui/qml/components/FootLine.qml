// SPDX-License-Identifier: Apache-2.0 OR MIT
import QtQuick
import QtQuick.Templates as T
import FilFil

/*! A line of the sidebar's foot: a dot with a meaning, and what it means. */
T.Button {
    id: line

    property string tone: "idle"
    property string note
    property bool narrow: false

    implicitHeight: 24
    implicitWidth: 190
    hoverEnabled: true
    focusPolicy: Qt.TabFocus
    Accessible.role: Accessible.Button
    Accessible.name: line.text + (line.note !== "" ? ", " + line.note : "")
    Accessible.onPressAction: if (line.enabled) line.clicked()
    Keys.onReturnPressed: line.clicked()

    // Made at once: it has ids.
    contentItem: Item { // qmllint disable deferred-property-id
        Icon {
            id: dot

            x: line.narrow ? (parent.width - width) / 2 : line.mirrored ? parent.width - width - 12 : 12
            anchors.verticalCenter: parent.verticalCenter
            name: ({ good: "check-circle", warning: "warning", bad: "cross-circle", info: "refresh", idle: "dashed" })[line.tone] ?? "dot"
            color: Theme.tone(line.tone)
            size: 14
        }
        AppText {
            id: words

            visible: !line.narrow
            anchors.left: dot.right
            anchors.leftMargin: 10
            anchors.verticalCenter: parent.verticalCenter
            width: Math.min(implicitWidth, parent.width - 36)
            text: line.text
            font.pixelSize: Theme.small
            color: line.tone === "bad" || line.tone === "warning" ? Theme.tone(line.tone) : Theme.text
            Accessible.ignored: true
        }
        AppText {
            visible: !line.narrow
            anchors.left: words.right
            anchors.leftMargin: 6
            anchors.right: parent.right
            anchors.rightMargin: 6
            anchors.verticalCenter: parent.verticalCenter
            text: line.note
            font.pixelSize: Theme.small
            muted: true
            Accessible.ignored: true
        }
    }
    background: Rectangle {
        radius: Theme.radiusSmall
        color: line.hovered ? Theme.hover : "transparent"

        FocusRing {
            shown: line.visualFocus
            gap: -1
        }
    }

    Loader {
        active: line.hovered
        sourceComponent: HintTip {
            over: line
            text: line.text + (line.note !== "" ? "\n" + line.note : "")
        }
    }
}
