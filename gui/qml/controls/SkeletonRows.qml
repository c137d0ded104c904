// SPDX-License-Identifier: Apache-2.0 OR MIT
import QtQuick
import FilFil

/*! The shape of a table that is being loaded. */
Item {
    id: rows

    property int count: 8

    implicitHeight: count * Theme.rowHeight + 16
    Accessible.role: Accessible.Animation
    Accessible.name: qsTr("Loading")

    Column {
        anchors.fill: parent

        Repeater {
            model: rows.count

            Item {
                id: line

                required property int index

                width: parent ? parent.width : 0
                height: Theme.rowHeight + 4

                Row {
                    anchors.verticalCenter: parent.verticalCenter
                    anchors.left: parent.left
                    spacing: Theme.s6

                    Skeleton { width: rows.width * 0.08 }
                    Skeleton { width: rows.width * (0.26 + 0.05 * ((line.index * 7) % 3)) }
                    Skeleton { width: rows.width * 0.1 }
                    Skeleton { width: rows.width * (0.08 + 0.03 * ((line.index * 5) % 4)) }
                    Skeleton { width: rows.width * 0.12 }
                }
            }
        }
    }
}
