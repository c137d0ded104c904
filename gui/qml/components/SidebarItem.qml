// SPDX-License-Identifier: Apache-2.0 OR MIT
import QtQuick
import QtQuick.Templates as T
import FilFil

/*! A page in the sidebar. */
T.Button {
    id: item

    property string glyph
    property string keys
    property bool current: false
    property bool narrow: false
    property int count: 0
    property string countTone: "warning"

    implicitHeight: 34
    implicitWidth: 200
    hoverEnabled: true
    focusPolicy: Qt.StrongFocus
    Accessible.role: Accessible.PageTab
    Accessible.name: item.text
    Accessible.description: item.keys
    Accessible.selected: item.current
    Accessible.onPressAction: item.clicked()
    Keys.onReturnPressed: item.clicked()

    contentItem: Item {
        Icon {
            id: icon

            x: item.mirrored ? parent.width - width - 12 : 12
            anchors.verticalCenter: parent.verticalCenter
            name: item.glyph
            size: 17
            color: item.current ? Theme.accent : Theme.textMuted
        }
        AppText {
            visible: !item.narrow
            anchors.left: icon.right
            anchors.right: shortcut.left
            anchors.leftMargin: 10
            anchors.rightMargin: 6
            anchors.verticalCenter: parent.verticalCenter
            text: item.text
            color: item.current ? Theme.text : Theme.textMuted
            font.weight: item.current ? Font.DemiBold : Font.Normal
            Accessible.ignored: true
        }
        AppText {
            id: shortcut

            visible: !item.narrow && item.count === 0
            anchors.right: parent.right
            anchors.rightMargin: 10
            anchors.verticalCenter: parent.verticalCenter
            text: item.keys
            color: Theme.textFaint
            font.pixelSize: Theme.caption
            Accessible.ignored: true
        }
        Rectangle {
            visible: item.count > 0
            anchors.right: parent.right
            anchors.rightMargin: item.narrow ? 4 : 8
            anchors.verticalCenter: parent.verticalCenter
            anchors.verticalCenterOffset: item.narrow ? -8 : 0
            width: Math.max(18, number.implicitWidth + 10)
            height: 18
            radius: 9
            color: Theme.tint(Theme.tone(item.countTone), 0.18)
            border.color: Theme.tint(Theme.tone(item.countTone), 0.5)

            AppText {
                id: number

                anchors.centerIn: parent
                text: item.count
                font.pixelSize: Theme.caption
                font.weight: Font.DemiBold
                color: Theme.tone(item.countTone)
                Accessible.ignored: true
            }
        }
    }
    background: Rectangle {
        radius: Theme.radius
        color: item.current ? Theme.pressed : item.down ? Theme.pressed : item.hovered ? Theme.hover : "transparent"

        Rectangle {
            visible: item.current
            width: 3
            height: 16
            radius: 1.5
            x: item.mirrored ? parent.width - 3 : 0
            anchors.verticalCenter: parent.verticalCenter
            color: Theme.accent
        }
        FocusRing {
            shown: item.visualFocus
            gap: -1
        }
    }

    Loader {
        active: item.narrow && item.hovered
        sourceComponent: HintTip {
            parent: item
            visible: true
            text: item.text + "  (" + item.keys + ")"
        }
    }
}
