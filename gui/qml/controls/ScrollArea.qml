// SPDX-License-Identifier: Apache-2.0 OR MIT
import QtQuick
import QtQuick.Templates as T
import FilFil

/*! What does not fit is scrolled; what gets the keyboard is brought into sight. */
Flickable {
    id: area

    property int foot: Theme.s6
    /*! The bar stands beside what is scrolled, in the page's margin. */
    property bool barBeside: false

    contentWidth: width
    contentHeight: contentItem.childrenRect.y + contentItem.childrenRect.height + foot
    clip: true
    boundsBehavior: Flickable.StopAtBounds
    flickableDirection: Flickable.VerticalFlick
    interactive: contentHeight > height
    T.ScrollBar.vertical: SlimScrollBar {
        // Beside it: outside of what is clipped.
        parent: area.barBeside ? area.parent : area
        x: area.barBeside ? (Theme.mirrored ? area.x - width - 4 : area.x + area.width + 4) : (Theme.mirrored ? 0 : area.width - width)
        y: area.barBeside ? area.y : 0
        height: area.height
        visible: area.visible && area.contentHeight > area.height
    }
    Accessible.ignored: true

    function show(item: Item) {
        if (!item)
            return
        const top = item.mapToItem(area.contentItem, 0, 0).y
        if (top < area.contentY + 8)
            area.contentY = Math.max(0, top - 24)
        else if (top + item.height > area.contentY + area.height - 8)
            area.contentY = Math.min(Math.max(0, area.contentHeight - area.height), top + item.height - area.height + 24)
    }

    Connections {
        target: area.Window.window
        function onActiveFocusItemChanged() {
            const item = area.Window.window ? area.Window.window.activeFocusItem : null
            for (let above = item; above; above = above.parent) {
                if (above === area.contentItem) {
                    area.show(item)
                    return
                }
            }
        }
    }
}
