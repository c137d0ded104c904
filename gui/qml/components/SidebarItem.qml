// SPDX-License-Identifier: Apache-2.0 OR MIT
import QtQuick
import QtQuick.Templates as T
import FilFil

/*! A page in the sidebar. */
T.Button {
    id: entry

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
    Accessible.name: entry.text
    Accessible.description: entry.keys
    Accessible.selected: entry.current
    Accessible.onPressAction: if (entry.enabled) entry.clicked()
    Keys.onReturnPressed: entry.clicked()

    // Made at once: it has ids.
    contentItem: Item { // qmllint disable deferred-property-id
        Icon {
            id: icon

            x: entry.mirrored ? parent.width - width - 12 : 12
            anchors.verticalCenter: parent.verticalCenter
            name: entry.glyph
            size: 17
            color: entry.current ? Theme.accent : Theme.textMuted
        }
        AppText {
            visible: !entry.narrow
            anchors.left: icon.right
            anchors.right: shortcut.visible ? shortcut.left : parent.right
            anchors.leftMargin: 10
            anchors.rightMargin: 6
            anchors.verticalCenter: parent.verticalCenter
            text: entry.text
            color: entry.current ? Theme.text : Theme.textMuted
            font.weight: entry.current ? Font.DemiBold : Font.Normal
            Accessible.ignored: true
        }
        AppText {
            id: shortcut

            visible: !entry.narrow && entry.count === 0 && !entry.current
            anchors.right: parent.right
            anchors.rightMargin: 10
            anchors.verticalCenter: parent.verticalCenter
            text: entry.keys
            color: Theme.textFaint
            font.pixelSize: Theme.caption
            Accessible.ignored: true
        }
        Rectangle {
            visible: entry.count > 0
            anchors.right: parent.right
            anchors.rightMargin: entry.narrow ? 4 : 8
            anchors.verticalCenter: parent.verticalCenter
            anchors.verticalCenterOffset: entry.narrow ? -8 : 0
            width: Math.max(18, number.implicitWidth + 10)
            height: 18
            radius: 9
            color: Theme.tint(Theme.tone(entry.countTone), 0.18)
            border.color: Theme.tint(Theme.tone(entry.countTone), 0.5)

            AppText {
                id: number

                anchors.centerIn: parent
                text: entry.count
                font.pixelSize: Theme.caption
                font.weight: Font.DemiBold
                color: Theme.tone(entry.countTone)
                Accessible.ignored: true
            }
        }
    }
    background: Rectangle {
        radius: Theme.radius
        color: entry.current ? Theme.pressed : entry.down ? Theme.pressed : entry.hovered ? Theme.hover : "transparent"

        Rectangle {
            visible: entry.current
            width: 3
            height: 16
            radius: 1.5
            x: entry.mirrored ? parent.width - 3 : 0
            anchors.verticalCenter: parent.verticalCenter
            color: Theme.accent
        }
        FocusRing {
            shown: entry.visualFocus
            gap: -1
        }
    }

    Loader {
        active: entry.narrow && entry.hovered
        sourceComponent: HintTip {
            over: entry
            text: entry.text + "  (" + entry.keys + ")"
        }
    }
}
