// SPDX-License-Identifier: Apache-2.0 OR MIT
import QtQuick
import QtQuick.Templates as T
import FilFil

/*! Where a file is dropped, or chosen by a press. */
T.Button {
    id: field

    signal chosen()

    implicitHeight: 200
    implicitWidth: 400
    hoverEnabled: true
    focusPolicy: Qt.StrongFocus
    text: qsTr("Drop a CAR file here, or choose one")
    onClicked: field.chosen()
    Keys.onReturnPressed: field.clicked()
    Accessible.role: Accessible.Button
    Accessible.name: field.text
    Accessible.onPressAction: if (field.enabled) field.clicked()

    contentItem: Item {
        Column {
            anchors.centerIn: parent
            width: parent.width - 48
            spacing: Theme.s2

            Icon {
                anchors.horizontalCenter: parent.horizontalCenter
                name: "download"
                size: 30
                color: field.hovered ? Theme.accent : Theme.textMuted
            }
            AppText {
                width: parent.width
                horizontalAlignment: Text.AlignHCenter
                text: field.text
                font.pixelSize: Theme.strong
                font.weight: Font.DemiBold
                wrapMode: Text.Wrap
                Accessible.ignored: true
            }
            AppText {
                width: parent.width
                horizontalAlignment: Text.AlignHCenter
                text: qsTr(".car, .car.zst or .forest.car.zst, of any size; memory stays small")
                muted: true
                wrapMode: Text.Wrap
            }
        }
    }
    background: Item {
        Rectangle {
            anchors.fill: parent
            radius: Theme.radiusLarge
            color: field.hovered ? Theme.tint(Theme.accent, 0.06) : Theme.panel
            border.color: field.hovered ? Theme.accent : Theme.borderStrong
            border.width: 1
            opacity: field.hovered ? 1 : 0.7
        }
        FocusRing {
            shown: field.visualFocus
            radius: Theme.radiusLarge + 2
        }
    }
}
