// SPDX-License-Identifier: Apache-2.0 OR MIT
import QtQuick
import FilFil

/*! How far the tree of a running commitment is: leaves below, the root on top, in squares that fill from the left. */
Item {
    id: tree

    property real progress: 0

    implicitHeight: 44
    implicitWidth: 300
    Accessible.ignored: true

    Repeater {
        model: 5

        Row {
            id: level

            required property int index
            readonly property int cells: Math.pow(2, index)

            y: index * 9
            width: tree.width
            spacing: 3

            Repeater {
                model: level.cells

                Rectangle {
                    required property int index

                    width: (tree.width - (level.cells - 1) * 3) / level.cells
                    height: 6
                    radius: 2
                    color: tree.progress >= (index + 1) / level.cells ? Theme.tint(Theme.good, 0.7)
                        : tree.progress > index / level.cells ? Theme.tint(Theme.accent, 0.5) : Theme.inset
                }
            }
        }
    }
}
