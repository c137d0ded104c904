// SPDX-License-Identifier: Apache-2.0 OR MIT
import QtQuick
import QtQuick.Templates as T
import FilFil

/*! A box to tick. */
T.CheckBox {
    id: control

    /*! As a press does. */
    function act() {
        toggle()
        toggled()
        clicked()
    }

    implicitHeight: 26
    implicitWidth: Math.max(18, implicitContentWidth + leftPadding + rightPadding)
    leftPadding: mirrored ? 0 : 26
    rightPadding: mirrored ? 26 : 0
    hoverEnabled: true
    focusPolicy: Qt.StrongFocus
    Accessible.role: Accessible.CheckBox
    Accessible.name: control.text
    Accessible.checkable: true
    Accessible.checked: control.checked
    Accessible.onPressAction: if (control.enabled) control.act()
    Keys.onReturnPressed: control.act()

    indicator: Rectangle {
        x: control.mirrored ? control.width - width : 0
        y: (control.height - height) / 2
        width: 18
        height: 18
        radius: Theme.radiusSmall
        color: control.checked ? Theme.accentFill : Theme.canvas
        border.color: control.checked ? Theme.accentFill : Theme.borderStrong

        Icon {
            anchors.centerIn: parent
            visible: control.checked
            name: "check"
            size: 14
            color: Theme.textOnAccent
        }
        FocusRing { shown: control.visualFocus }
    }
    contentItem: AppText {
        text: control.text
        verticalAlignment: Text.AlignVCenter
        wrapMode: Text.Wrap
        Accessible.ignored: true
    }
}
