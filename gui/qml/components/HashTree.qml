// SPDX-License-Identifier: Apache-2.0 OR MIT
import QtQuick
import FilFil
import FilFil.View

/*! How far the tree of a running commitment is, and where it went fast. `size`: bytes of payload, below 0 while not known. */
TreeHeatMap {
    id: tree

    property real size: -1

    implicitHeight: 112
    implicitWidth: 300
    theme: ChartTheme {}
    // 127 bytes of payload fill 128 of the piece, which has a node for each 32.
    levels: size < 0 ? 30 : Math.ceil(Math.log2(Math.max(127, size) * 128 / 127 / 32))
    mirrored: Theme.mirrored
    Accessible.ignored: true

    Glow {
        readonly property real progress: tree.progress
        readonly property real levels: tree.levels + 1
        readonly property real backward: tree.mirrored ? 1 : 0

        shader: "tree_glow"
        moving: tree.visible
        color: Theme.warning
        x: tree.treeRect.x
        y: tree.treeRect.y
        width: tree.treeRect.width
        height: tree.treeRect.height
    }
}
