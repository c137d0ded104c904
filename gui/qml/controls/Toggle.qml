// SPDX-License-Identifier: Apache-2.0 OR MIT
import QtQuick
import QtQuick.Templates as T
import FilFil

/*! On or off, at once. */
T.Switch {
    id: control

    /*! As a press does. */
    function act() {
        toggle()
        toggled()
        clicked()
    }

    property string hint

    implicitHeight: Theme.controlHeight
    implicitWidth: Math.max(36, implicitContentWidth + leftPadding + rightPadding)
    leftPadding: mirrored ? 0 : control.text !== "" ? 46 : 36
    rightPadding: mirrored ? (control.text !== "" ? 46 : 36) : 0
    hoverEnabled: true
    focusPolicy: Qt.StrongFocus
    font.family: Theme.sans
    font.pixelSize: Theme.body
    Accessible.role: Accessible.CheckBox
    Accessible.name: control.text !== "" ? control.text : control.hint
    Accessible.checkable: true
    Accessible.checked: control.checked
    Accessible.onPressAction: if (control.enabled) control.act()
    Keys.onReturnPressed: control.act()

    indicator: Rectangle {
        x: control.mirrored ? control.width - width : 0
        y: (control.height - height) / 2
        width: 36
        height: 20
        radius: 10
        color: control.checked ? Theme.accentFill : Theme.inset
        border.color: control.checked ? Theme.accentFill : Theme.borderStrong
        opacity: control.enabled ? 1 : 0.5

        Rectangle {
            readonly property bool far: control.checked !== control.mirrored

            x: far ? parent.width - width - 3 : 3
            anchors.verticalCenter: parent.verticalCenter
            width: 14
            height: 14
            radius: 7
            color: control.checked ? Theme.textOnAccent : Theme.textMuted

            Behavior on x { NumberAnimation { duration: Theme.quick } }
        }
        FocusRing {
            shown: control.visualFocus
            radius: 13
        }
    }
    contentItem: AppText {
        text: control.text
        visible: control.text !== ""
        verticalAlignment: Text.AlignVCenter
        color: control.enabled ? Theme.text : Theme.textFaint
        wrapMode: Text.Wrap
        Accessible.ignored: true
    }
}
