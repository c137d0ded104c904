// SPDX-License-Identifier: Apache-2.0 OR MIT
import QtQuick
import FilFil

/*! Text in the theme's face. */
Text {
    id: text

    property bool muted: false
    property bool mono: false

    color: muted ? Theme.textMuted : Theme.text
    font.family: mono ? Theme.mono : Theme.sans
    font.pixelSize: mono ? Theme.small : Theme.body
    textFormat: Text.PlainText
    elide: Text.ElideRight
    horizontalAlignment: Text.AlignLeft
    Accessible.role: Accessible.StaticText
    Accessible.name: text.text
}
