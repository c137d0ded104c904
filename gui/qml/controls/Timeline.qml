// SPDX-License-Identifier: Apache-2.0 OR MIT
import QtQuick
import QtQuick.Layouts
import FilFil

/*! Stages one below the other. `steps`: objects with `title`, `note`, and `state` ("done", "now", "ahead", "failed"). */
ColumnLayout {
    id: timeline

    property var steps: []

    spacing: 0
    // Until then Qt 6.4 lays out what is gone.
    onChildrenChanged: Qt.callLater(ensurePolished) // qmllint disable type

    Repeater {
        model: timeline.steps

        Item {
            id: step

            required property int index
            required property var modelData
            readonly property string state_: step.modelData.state ?? "ahead"
            readonly property color ink: state_ === "done" ? Theme.good : state_ === "now" ? Theme.accent : state_ === "failed" ? Theme.bad : Theme.textFaint

            Layout.fillWidth: true
            implicitHeight: Math.max(40, words.implicitHeight + 12)
            Accessible.role: Accessible.ListItem
            Accessible.name: step.modelData.title + ", " + (({ done: qsTr("done"), now: qsTr("now"), failed: qsTr("failed"), ahead: qsTr("ahead") })[step.state_] ?? "")

            Rectangle {
                visible: step.index < timeline.steps.length - 1
                x: Theme.mirrored ? parent.width - 11 : 9
                y: 20
                width: 2
                height: parent.height - 18
                color: step.state_ === "done" ? Theme.tint(Theme.good, 0.5) : Theme.border
            }
            Rectangle {
                width: 20
                height: 20
                x: Theme.mirrored ? parent.width - 20 : 0
                y: 1
                radius: 10
                color: step.state_ === "ahead" ? "transparent" : Theme.tint(step.ink, 0.16)
                border.color: step.ink
                border.width: step.state_ === "now" ? 2 : 1

                Icon {
                    anchors.centerIn: parent
                    name: step.state_ === "done" ? "check" : step.state_ === "failed" ? "cross" : step.state_ === "now" ? "dot" : ""
                    color: step.ink
                    size: 12
                }
            }
            ColumnLayout {
                id: words

                x: Theme.mirrored ? 0 : 32
                width: parent.width - 32
                spacing: 1

                AppText {
                    text: String(step.modelData.title ?? "")
                    color: step.state_ === "ahead" ? Theme.textMuted : step.state_ === "failed" ? Theme.bad : Theme.text
                    font.weight: step.state_ === "now" ? Font.DemiBold : Font.Normal
                    Layout.fillWidth: true
                    topPadding: 2
                }
                AppText {
                    visible: text !== ""
                    text: String(step.modelData.note ?? "")
                    muted: true
                    font.pixelSize: Theme.small
                    wrapMode: Text.Wrap
                    elide: Text.ElideNone
                    Layout.fillWidth: true
                }
            }
        }
    }
}
