// SPDX-License-Identifier: Apache-2.0 OR MIT
import QtQuick
import QtQuick.Layouts
import FilFil

/*! What a setting is, why one would change it, and its control at the end of the line, or below it where that is short. */
Item {
    id: row

    property string label
    property string help
    default property alias content: place.data
    readonly property bool below: width < 420

    Layout.fillWidth: true
    implicitHeight: below ? words.height + place.height + 14 : Math.max(words.height, place.height) + 8
    implicitWidth: 360

    Column {
        id: words

        y: row.below ? 0 : (row.height - height) / 2
        anchors.left: parent.left
        width: row.below ? row.width : Math.max(0, row.width - place.width - Theme.s4)
        spacing: 2

        AppText {
            text: row.label
            width: parent.width
            wrapMode: Text.Wrap
            elide: Text.ElideNone
        }
        AppText {
            visible: row.help !== ""
            text: row.help
            muted: true
            font.pixelSize: Theme.small
            wrapMode: Text.Wrap
            elide: Text.ElideNone
            width: parent.width
        }
    }
    Row {
        id: place

        anchors.right: row.below ? undefined : parent.right
        y: row.below ? words.height + 6 : (row.height - height) / 2
    }
}
