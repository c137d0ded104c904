// SPDX-License-Identifier: Apache-2.0 OR MIT
import QtQuick
import QtQuick.Templates as T
import FilFil

/*! One of several, out of a list that opens. `model` holds texts, or objects with `text`. */
T.ComboBox {
    id: control

    property string label
    property string hint

    implicitWidth: 180
    implicitHeight: Theme.controlHeight
    leftPadding: 10
    rightPadding: 30
    hoverEnabled: true
    focusPolicy: Qt.StrongFocus
    font.family: Theme.sans
    font.pixelSize: Theme.body
    Accessible.role: Accessible.ComboBox
    Accessible.name: control.label
    Accessible.description: control.displayText
    Keys.onReturnPressed: control.popup.visible ? control.popup.close() : control.popup.open()

    contentItem: AppText {
        text: control.displayText
        font: control.font
        color: control.enabled ? Theme.text : Theme.textFaint
        verticalAlignment: Text.AlignVCenter
        Accessible.ignored: true
    }
    indicator: Icon {
        x: control.mirrored ? 8 : control.width - 24
        y: (control.height - height) / 2
        name: "sort-down"
        color: Theme.textMuted
    }
    background: Rectangle {
        radius: Theme.radius
        color: control.down ? Theme.pressed : control.hovered ? Theme.hover : Theme.panel
        border.color: control.hovered ? Theme.borderStrong : Theme.border

        FocusRing { shown: control.visualFocus }
    }
    delegate: T.ItemDelegate {
        id: entry

        required property int index

        width: control.popup.availableWidth
        implicitHeight: Theme.rowHeight
        leftPadding: 10
        rightPadding: 10
        text: control.textAt(entry.index)
        highlighted: control.highlightedIndex === entry.index
        hoverEnabled: true
        Accessible.role: Accessible.ListItem
        Accessible.name: entry.text
        contentItem: AppText {
            text: entry.text
            color: control.currentIndex === entry.index ? Theme.accent : Theme.text
            verticalAlignment: Text.AlignVCenter
            Accessible.ignored: true
        }
        background: Rectangle {
            radius: Theme.radiusSmall
            color: entry.highlighted ? Theme.hover : "transparent"
        }
    }
    // Made at once: it has ids.
    popup: T.Popup { // qmllint disable deferred-property-id
        // A row may go while its list is open; see HintTip.
        parent: control.background
        y: control.height + 4
        width: Math.max(control.width, 140)
        height: Math.min(list.contentHeight + 8, 320)
        padding: 4
        margins: 8

        // Made at once: it has ids.
        contentItem: ListView { // qmllint disable deferred-property-id
            id: list

            clip: true
            model: control.popup.visible ? control.delegateModel : null
            currentIndex: control.highlightedIndex
            boundsBehavior: Flickable.StopAtBounds
            T.ScrollBar.vertical: SlimScrollBar {}
        }
        background: Rectangle {
            radius: Theme.radius
            color: Theme.raised
            border.color: Theme.border
        }
    }

    Loader {
        active: control.hovered && control.hint !== "" && !control.popup.visible
        sourceComponent: HintTip {
            over: control
            text: control.hint
        }
    }
}
