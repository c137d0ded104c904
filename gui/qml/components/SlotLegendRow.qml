// SPDX-License-Identifier: Apache-2.0 OR MIT
import QtQuick
import FilFil
import FilFil.Model

/*! What the colours and marks of the calendar mean. */
Flow {
    id: legend

    required property App app

    spacing: Theme.s4
    Accessible.role: Accessible.List
    Accessible.name: qsTr("Legend")

    Repeater {
        model: ["future", "open", "building", "published", "stored", "paid", "missed", "disputed", "skipped"]

        Row {
            id: entry

            required property string modelData
            readonly property color ink: modelData === "stored" ? Theme.violet : Theme.tone(States.tone(modelData))

            spacing: 6

            Rectangle {
                width: 16
                height: 16
                radius: 4
                anchors.verticalCenter: parent.verticalCenter
                color: Theme.tint(entry.ink, 0.2)
                border.color: entry.ink

                Icon {
                    anchors.centerIn: parent
                    name: entry.modelData === "future" ? "" : States.glyph(entry.modelData)
                    color: entry.ink
                    size: 11
                }
            }
            AppText {
                text: legend.app.format.state(entry.modelData)
                font.pixelSize: Theme.small
                muted: true
                anchors.verticalCenter: parent.verticalCenter
            }
        }
    }
}
