// SPDX-License-Identifier: Apache-2.0 OR MIT
import QtQuick
import QtQuick.Layouts
import FilFil

/*! A panel with a heading. */
Rectangle {
    id: card

    property string title
    property string note
    property alias actions: actionRow.data
    default property alias content: body.data
    property int inset: Theme.s4

    implicitHeight: column.implicitHeight + 2 * inset
    implicitWidth: 320
    radius: Theme.radius + 2
    color: Theme.panel
    border.color: Theme.border
    Accessible.role: Accessible.Grouping
    Accessible.name: card.title

    ColumnLayout {
        id: column

        anchors.fill: parent
        anchors.margins: card.inset
        spacing: Theme.s3

        RowLayout {
            visible: card.title !== ""
            spacing: Theme.s2
            Layout.minimumHeight: 24

            AppText {
                text: card.title
                font.weight: Font.DemiBold
                font.pixelSize: Theme.body
                Layout.fillWidth: true
                Layout.maximumWidth: Math.ceil(implicitWidth)
            }
            AppText {
                text: card.note
                muted: true
                font.pixelSize: Theme.small
                Layout.fillWidth: true
            }
            RowLayout {
                id: actionRow

                spacing: Theme.s1
                // Until then Qt 6.4 lays out what is gone.
                onChildrenChanged: Qt.callLater(ensurePolished) // qmllint disable type
            }
        }
        ColumnLayout {
            id: body

            Layout.fillWidth: true
            Layout.fillHeight: true
            spacing: Theme.s2
            // Until then Qt 6.4 lays out what is gone.
            onChildrenChanged: Qt.callLater(ensurePolished) // qmllint disable type
        }
    }
}
