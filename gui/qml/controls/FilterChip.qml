// SPDX-License-Identifier: Apache-2.0 OR MIT
import QtQuick
import QtQuick.Templates as T
import FilFil

/*! One of several filters that is on or off, with how many it would show. */
T.Button {
    id: control

    /*! As a press does. */
    function act() {
        toggle()
        toggled()
        clicked()
    }

    property int count: -1

    checkable: true
    hoverEnabled: true
    focusPolicy: Qt.StrongFocus
    implicitHeight: Theme.controlHeight
    topInset: 3
    bottomInset: 3
    implicitWidth: row.implicitWidth + 20
    Accessible.role: Accessible.CheckBox
    Accessible.name: control.count < 0 ? control.text : qsTr("%1, %n entry(ies)", "", control.count).arg(control.text)
    Accessible.checkable: true
    Accessible.checked: control.checked
    Accessible.onPressAction: if (control.enabled) control.act()
    Keys.onReturnPressed: control.act()

    // Made at once: it has ids.
    contentItem: Item { // qmllint disable deferred-property-id
        Row {
            id: row

            anchors.centerIn: parent
            spacing: 6

            Icon {
                visible: control.checked
                name: "check"
                size: 12
                color: Theme.accent
                anchors.verticalCenter: parent.verticalCenter
            }
            AppText {
                text: control.text
                font.pixelSize: Theme.small
                color: control.checked ? Theme.accent : Theme.textMuted
                anchors.verticalCenter: parent.verticalCenter
                Accessible.ignored: true
            }
            AppText {
                visible: control.count >= 0
                text: control.count
                font.pixelSize: Theme.caption
                color: Theme.textFaint
                anchors.verticalCenter: parent.verticalCenter
                Accessible.ignored: true
            }
        }
    }
    background: Rectangle {
        radius: 13
        color: control.checked ? Theme.tint(Theme.accent, 0.12) : control.hovered ? Theme.hover : "transparent"
        border.color: control.checked ? Theme.tint(Theme.accent, 0.6) : Theme.border

        FocusRing {
            shown: control.visualFocus
            radius: 15
        }
    }
}
