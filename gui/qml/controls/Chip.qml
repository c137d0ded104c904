// SPDX-License-Identifier: Apache-2.0 OR MIT
import QtQuick
import FilFil

/*! A state: colour, glyph and word. */
Rectangle {
    id: chip

    property string text
    property string tone: "idle"
    property string glyph: ({ good: "check", warning: "warning", bad: "cross", info: "dot", violet: "dot", idle: "dashed" })[tone] ?? "dot"
    readonly property color ink: Theme.tone(tone)

    implicitWidth: Math.ceil(words.implicitWidth) + 34
    implicitHeight: 22
    radius: 11
    color: Theme.tint(ink, Theme.dark ? 0.14 : 0.09)
    border.color: Theme.tint(ink, 0.45)
    Accessible.role: Accessible.StaticText
    Accessible.name: chip.text

    Row {
        anchors.centerIn: parent
        spacing: 5

        Icon {
            anchors.verticalCenter: parent.verticalCenter
            name: chip.glyph
            color: chip.ink
            size: 12
        }
        AppText {
            id: words

            anchors.verticalCenter: parent.verticalCenter
            text: chip.text
            color: chip.ink
            font.pixelSize: Theme.small
            font.weight: Font.Medium
            width: Math.min(implicitWidth, Math.max(0, chip.width - 33))
            Accessible.ignored: true
        }
    }
}
