// SPDX-License-Identifier: Apache-2.0 OR MIT
import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import FilFil

/*! One number that matters, what it is, and what stands behind it; a press leads there. */
T.Button {
    id: card

    property string label
    property string value
    property string note
    property string tone: ""
    property string glyph
    property bool waiting: false

    implicitHeight: 96
    implicitWidth: 200
    hoverEnabled: true
    focusPolicy: Qt.StrongFocus
    Accessible.role: Accessible.Button
    Accessible.name: card.label + ": " + card.value
    Accessible.description: card.note
    Accessible.onPressAction: if (card.enabled) card.clicked()
    Keys.onReturnPressed: card.clicked()

    contentItem: Item {
        ColumnLayout {
            anchors.fill: parent
            anchors.margins: Theme.s4
            anchors.topMargin: 14
            anchors.bottomMargin: 14
            spacing: 4

            RowLayout {
                spacing: 6

                Icon {
                    visible: card.glyph !== ""
                    name: card.glyph
                    color: Theme.textFaint
                    size: 14
                }
                AppText {
                    text: card.label
                    muted: true
                    font.pixelSize: Theme.small
                    Layout.fillWidth: true
                    Accessible.ignored: true
                }
            }
            AppText {
                visible: !card.waiting
                text: card.value
                color: card.tone !== "" ? Theme.tone(card.tone) : Theme.text
                font.pixelSize: card.width < 190 ? Theme.title : Theme.figure
                font.weight: Font.DemiBold
                fontSizeMode: Text.HorizontalFit
                minimumPixelSize: 14
                Layout.fillWidth: true
                Layout.fillHeight: true
                verticalAlignment: Text.AlignVCenter
                Accessible.ignored: true
            }
            Skeleton {
                visible: card.waiting
                implicitHeight: 20
                implicitWidth: 96
                Layout.alignment: Qt.AlignVCenter
                Layout.fillHeight: false
            }
            AppText {
                text: card.note
                muted: true
                font.pixelSize: Theme.small
                Layout.fillWidth: true
                Accessible.ignored: true
            }
        }
    }
    background: Rectangle {
        radius: Theme.radius + 2
        color: card.down ? Theme.pressed : card.hovered ? Theme.hover : Theme.panel
        border.color: card.hovered ? Theme.borderStrong : Theme.border

        FocusRing { shown: card.visualFocus }
    }
}
