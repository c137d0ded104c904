// SPDX-License-Identifier: Apache-2.0 OR MIT
import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import FilFil

/*! One of several ways; what it needs stands in it once it is chosen. */
Rectangle {
    id: card

    property bool chosen: false
    property string title
    property string note
    property string glyph
    default property alias content: body.data

    signal clicked()

    Layout.fillWidth: true
    implicitHeight: column.implicitHeight
    radius: Theme.radius + 2
    color: chosen ? Theme.tint(Theme.accent, 0.07) : Theme.panel
    border.color: chosen ? Theme.accent : Theme.border

    ColumnLayout {
        id: column

        width: parent.width
        spacing: 0

        T.RadioButton {
            id: choice

            Layout.fillWidth: true
            implicitHeight: words.implicitHeight + 20
            checked: card.chosen
            autoExclusive: false
            hoverEnabled: true
            focusPolicy: Qt.StrongFocus
            text: card.title
            onClicked: card.clicked()
            Keys.onReturnPressed: choice.clicked()
            Accessible.role: Accessible.RadioButton
            Accessible.name: card.title
            Accessible.description: card.note
            Accessible.checkable: true
            Accessible.checked: card.chosen
            Accessible.onPressAction: if (choice.enabled) choice.clicked()

            leftPadding: Theme.s4
            rightPadding: Theme.s4
            // Made at once: it has ids.
            contentItem: RowLayout { // qmllint disable deferred-property-id
                spacing: Theme.s3

                Icon { name: card.glyph; color: card.chosen ? Theme.accent : Theme.textMuted; size: 20 }
                ColumnLayout {
                    id: words

                    Layout.fillWidth: true
                    spacing: 1

                    AppText { text: card.title; font.weight: Font.DemiBold; Layout.fillWidth: true; Accessible.ignored: true }
                    AppText { text: card.note; muted: true; font.pixelSize: Theme.small; wrapMode: Text.Wrap; elide: Text.ElideNone; Layout.fillWidth: true; Accessible.ignored: true }
                }
                Icon { visible: card.chosen; name: "check-circle"; color: Theme.accent }
            }
            background: Rectangle {
                radius: Theme.radius + 2
                color: choice.hovered && !card.chosen ? Theme.hover : "transparent"

                FocusRing { shown: choice.visualFocus }
            }
        }
        ColumnLayout {
            id: body

            visible: card.chosen && children.length > 0
            Layout.fillWidth: true
            Layout.leftMargin: 48
            Layout.rightMargin: Theme.s4
            Layout.bottomMargin: Theme.s4
            spacing: Theme.s3
            // Until then Qt 6.4 lays out what is gone.
            onChildrenChanged: Qt.callLater(ensurePolished) // qmllint disable type
        }
    }
}
