// SPDX-License-Identifier: Apache-2.0 OR MIT
import QtQuick
import FilFil

/*!
    A few choices side by side, one of which is on; the arrow keys move between them. `options`: texts.
    What is chosen is only told: the caller sets `current`, so that a binding of it holds.
*/
Item {
    id: control

    property var options: []
    property int current: 0
    property string label
    /*! The keyboard came here by a press: then no ring is drawn. */
    property bool byMouse: false

    signal chosen(int index)

    function choose(index: int) {
        if (index < 0 || index >= options.length)
            return
        chosen(index)
    }

    implicitHeight: Theme.controlHeight
    implicitWidth: row.implicitWidth + 6
    activeFocusOnTab: true
    onActiveFocusChanged: if (!activeFocus) byMouse = false
    Accessible.role: Accessible.PageTabList
    Accessible.name: control.label
    Accessible.focusable: true
    Keys.onLeftPressed: control.choose(control.current + (Theme.mirrored ? 1 : -1))
    Keys.onRightPressed: control.choose(control.current + (Theme.mirrored ? -1 : 1))

    Rectangle {
        anchors.fill: parent
        radius: Theme.radius
        color: Theme.inset
        border.color: Theme.border

        FocusRing { shown: control.activeFocus && !control.byMouse }
    }
    Row {
        id: row

        x: 3
        y: 3
        spacing: 2

        Repeater {
            model: control.options

            Rectangle {
                id: segment

                required property int index
                required property string modelData
                readonly property bool on: control.current === index

                width: word.implicitWidth + 24
                height: Theme.controlHeight - 6
                radius: Theme.radiusSmall
                color: on ? Theme.pressed : over.hovered ? Theme.hover : "transparent"
                Accessible.role: Accessible.PageTab
                Accessible.name: segment.modelData
                Accessible.selected: segment.on
                Accessible.onPressAction: if (segment.enabled) control.choose(segment.index)

                AppText {
                    id: word

                    anchors.centerIn: parent
                    text: segment.modelData
                    color: segment.on ? Theme.text : Theme.textMuted
                    font.weight: segment.on ? Font.DemiBold : Font.Normal
                    Accessible.ignored: true
                }
                HoverHandler { id: over }
                TapHandler {
                    onTapped: {
                        control.byMouse = true
                        control.forceActiveFocus(Qt.MouseFocusReason)
                        control.choose(segment.index)
                    }
                }
            }
        }
    }
}
