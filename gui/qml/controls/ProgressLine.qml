// SPDX-License-Identifier: Apache-2.0 OR MIT
import QtQuick
import QtQuick.Layouts
import FilFil

/*! How far something is: a line, what is being done, how quick, and how long yet ("estimating" first). */
Item {
    id: progress

    /*! 0 to 1; below 0: not known. */
    property real value: -1
    property string label
    property string rate
    /*! Text of the time left; empty: it cannot be told yet. */
    property string eta
    property bool done: false
    property bool running: true
    property string tone: "info"
    property bool compact: false

    implicitHeight: compact ? 8 : column.implicitHeight
    implicitWidth: 240
    Accessible.role: Accessible.ProgressBar
    Accessible.name: progress.label !== "" ? progress.label : qsTr("Progress")
    Accessible.description: progress.value >= 0 ? qsTr("%1 percent").arg(Math.round(progress.value * 100)) : qsTr("running")

    ColumnLayout {
        id: column

        width: parent.width
        spacing: 6

        // No layout: it would keep its place for the part that is not known at first.
        Item {
            visible: !progress.compact
            Layout.fillWidth: true
            implicitHeight: part.implicitHeight

            AppText {
                anchors.left: parent.left
                anchors.right: part.left
                anchors.rightMargin: Theme.s3
                text: progress.label
                font.pixelSize: Theme.small
            }
            AppText {
                id: part

                anchors.right: parent.right
                text: progress.value >= 0 ? Math.floor(progress.value * 100) + " %" : ""
                font.pixelSize: Theme.small
                font.weight: Font.DemiBold
            }
        }
        Rectangle {
            id: track

            Layout.fillWidth: true
            implicitHeight: 6
            radius: 3
            color: Theme.inset
            border.color: Theme.borderMuted
            clip: true

            Rectangle {
                id: fill

                height: parent.height
                radius: 3
                color: progress.done ? Theme.good : Theme.tone(progress.tone)
                width: progress.done ? parent.width : progress.value >= 0 ? parent.width * Math.min(1, progress.value) : parent.width * 0.3
                x: progress.mirrored ? parent.width - width : 0

                SequentialAnimation on x {
                    running: progress.value < 0 && progress.running && !progress.done && !Theme.reduceMotion && progress.visible
                    loops: Animation.Infinite
                    NumberAnimation { from: 0; to: track.width * 0.7; duration: 1100; easing.type: Easing.InOutSine }
                    NumberAnimation { from: track.width * 0.7; to: 0; duration: 1100; easing.type: Easing.InOutSine }
                    onStopped: fill.x = 0
                }
            }
        }
        RowLayout {
            visible: !progress.compact && !progress.done && progress.running
            spacing: Theme.s3

            AppText {
                text: progress.rate
                muted: true
                font.pixelSize: Theme.small
                Layout.fillWidth: true
            }
            AppText {
                text: progress.eta !== "" ? qsTr("%1 left").arg(progress.eta) : qsTr("estimating")
                muted: true
                font.pixelSize: Theme.small
            }
        }
    }
    readonly property bool mirrored: LayoutMirroring.enabled
}
