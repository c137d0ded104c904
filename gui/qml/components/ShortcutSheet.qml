// SPDX-License-Identifier: Apache-2.0 OR MIT
import QtQuick
import QtQuick.Layouts
import FilFil

/*! All keys. `groups`: objects with `title` and `entries` of [keys, what]. */
Sheet {
    id: sheet

    property var groups: []

    title: qsTr("Keys")
    subtitle: qsTr("Everything can be done without a mouse.")
    wide: 400

    Repeater {
        model: sheet.groups

        ColumnLayout {
            id: group

            required property var modelData

            Layout.fillWidth: true
            spacing: 6
            // Until then Qt 6.4 lays out what is gone.
            onChildrenChanged: Qt.callLater(ensurePolished) // qmllint disable type

            AppText {
                text: group.modelData.title
                muted: true
                font.pixelSize: Theme.small
                font.weight: Font.DemiBold
                Layout.topMargin: 4
            }
            Repeater {
                model: group.modelData.entries

                Item {
                    id: entry

                    required property var modelData

                    Layout.fillWidth: true
                    implicitHeight: 24

                    AppText {
                        anchors.left: parent.left
                        anchors.right: cap.left
                        anchors.rightMargin: Theme.s3
                        anchors.verticalCenter: parent.verticalCenter
                        text: entry.modelData[1]
                    }
                    Rectangle {
                        id: cap

                        anchors.right: parent.right
                        anchors.verticalCenter: parent.verticalCenter
                        width: Math.max(26, keys.implicitWidth + 14)
                        height: 22
                        radius: Theme.radiusSmall
                        color: Theme.inset
                        border.color: Theme.border

                        AppText {
                            id: keys

                            anchors.centerIn: parent
                            text: entry.modelData[0]
                            font.pixelSize: Theme.small
                        }
                    }
                }
            }
        }
    }
}
