// SPDX-License-Identifier: Apache-2.0 OR MIT
import QtQuick
import QtQuick.Layouts
import FilFil

/*! Nothing here yet: why, and what comes next. */
Item {
    id: empty

    property string glyph: "info"
    property string title
    property string message
    property string action
    property string secondAction
    property bool actionEnabled: true
    property string command

    signal acted()
    signal actedSecond()

    implicitHeight: column.implicitHeight + 48
    implicitWidth: 420

    ColumnLayout {
        id: column

        anchors.centerIn: parent
        width: Math.min(460, parent.width - 32)
        spacing: Theme.s3

        Rectangle {
            Layout.alignment: Qt.AlignHCenter
            implicitWidth: 56
            implicitHeight: 56
            radius: 28
            color: Theme.tint(Theme.accent, 0.1)

            Icon {
                anchors.centerIn: parent
                name: empty.glyph
                size: 26
                color: Theme.accent
            }
        }
        AppText {
            Layout.fillWidth: true
            horizontalAlignment: Text.AlignHCenter
            text: empty.title
            font.pixelSize: Theme.strong
            font.weight: Font.DemiBold
            wrapMode: Text.Wrap
            elide: Text.ElideNone
        }
        AppText {
            visible: empty.message !== ""
            Layout.fillWidth: true
            horizontalAlignment: Text.AlignHCenter
            text: empty.message
            muted: true
            wrapMode: Text.Wrap
            elide: Text.ElideNone
            lineHeight: 1.25
        }
        Rectangle {
            visible: empty.command !== ""
            Layout.alignment: Qt.AlignHCenter
            Layout.maximumWidth: column.width
            implicitWidth: Math.ceil(commandRow.implicitWidth) + 24
            implicitHeight: 34
            radius: Theme.radius
            color: Theme.inset
            border.color: Theme.border

            RowLayout {
                id: commandRow

                anchors.fill: parent
                anchors.leftMargin: 10
                anchors.rightMargin: 4

                AppText {
                    text: empty.command
                    mono: true
                    Layout.fillWidth: true
                }
                CopyButton {
                    value: empty.command
                    what: qsTr("command")
                }
            }
        }
        RowLayout {
            Layout.alignment: Qt.AlignHCenter
            Layout.topMargin: 4
            spacing: Theme.s2
            visible: empty.action !== "" || empty.secondAction !== ""

            AppButton {
                visible: empty.action !== ""
                enabled: empty.actionEnabled
                text: empty.action
                kind: AppButton.Primary
                onClicked: empty.acted()
            }
            AppButton {
                visible: empty.secondAction !== ""
                text: empty.secondAction
                onClicked: empty.actedSecond()
            }
        }
    }
}
