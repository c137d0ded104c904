// SPDX-License-Identifier: Apache-2.0 OR MIT
import QtQuick
import QtQuick.Layouts
import FilFil

/*! What is wrong, why, and the button that mends it. It stays until it is mended. */
Rectangle {
    id: banner

    property string tone: "bad"
    property string title
    property string message
    property string action
    property string secondAction
    property bool busy: false
    readonly property color ink: Theme.tone(tone)

    signal acted()
    signal actedSecond()

    implicitHeight: Math.max(44, grid.implicitHeight + 20)
    radius: Theme.radius
    color: Theme.tint(ink, Theme.dark ? 0.13 : 0.07)
    border.color: Theme.tint(ink, 0.55)
    Accessible.role: Accessible.AlertMessage
    Accessible.name: banner.title + (banner.message !== "" ? ". " + banner.message : "")

    RowLayout {
        id: grid

        anchors.fill: parent
        anchors.margins: 10
        anchors.leftMargin: Theme.s3
        anchors.rightMargin: 10
        spacing: Theme.s3

        Icon {
            name: banner.tone === "info" ? "info" : banner.tone === "good" ? "check-circle" : "warning"
            color: banner.ink
            size: 18
            Layout.alignment: Qt.AlignTop
            Layout.topMargin: 3
        }
        // No layout in a layout: what its texts wrap to would come in the middle of the outer one's own arranging, which Qt 6.4 gives
        // up after two turns.
        Column {
            Layout.fillWidth: true
            Layout.alignment: Qt.AlignVCenter
            spacing: 2

            AppText {
                visible: banner.title !== ""
                text: Theme.sentence(banner.title)
                font.weight: Font.DemiBold
                wrapMode: Text.Wrap
                elide: Text.ElideNone
                width: parent.width
            }
            AppText {
                visible: banner.message !== ""
                text: Theme.sentence(banner.message)
                color: banner.title !== "" ? Theme.textMuted : Theme.text
                wrapMode: Text.Wrap
                elide: Text.ElideNone
                width: parent.width
            }
        }
        AppButton {
            visible: banner.secondAction !== ""
            text: banner.secondAction
            kind: AppButton.Quiet
            onClicked: banner.actedSecond()
        }
        AppButton {
            visible: banner.action !== ""
            text: banner.action
            busy: banner.busy
            onClicked: banner.acted()
        }
    }
}
