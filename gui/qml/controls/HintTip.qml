// SPDX-License-Identifier: Apache-2.0 OR MIT
import QtQuick
import QtQuick.Templates as T
import FilFil

/*!
    The small note that a control shows while the pointer rests on it. It hangs on the window and not on the control: Qt 6.4 tells a
    popup of each change of what its parent stands in, and a row of a table, which goes at once when the table is made smaller, would
    take the popup along in the midst of that. What hangs on a part of a page, such as a menu, has to be in no such row; and where its
    parent itself goes while it is shown, it goes on listening (QQuickPopupPositioner::itemChildRemoved looks only for ancestors of its
    parent), so its parent is a part of the control, such as its background.
*/
T.ToolTip {
    id: tip

    /*! What it tells of. */
    required property Item over
    property point corner    // of that, in the window

    // It may be made while its control is on its way out of the window. What is visible before it is complete is shown without
    // asking for one, and without the delay where that is not set yet.
    property bool complete: false
    parent: T.Overlay.overlay
    visible: complete && over !== null && over.Window.window !== null
    x: corner.x + Math.round(((over ? over.width : 0) - implicitWidth) / 2)
    y: corner.y > implicitHeight + 18 ? corner.y - implicitHeight - 6 : corner.y + (over ? over.height : 0) + 6
    implicitWidth: Math.min(420, contentItem.implicitWidth + leftPadding + rightPadding)
    implicitHeight: contentItem.implicitHeight + topPadding + bottomPadding
    margins: 8
    padding: 6
    leftPadding: 10
    rightPadding: 10
    delay: 450
    closePolicy: T.Popup.CloseOnEscape
    onAboutToShow: if (over && parent) corner = over.mapToItem(parent, 0, 0)
    Component.onCompleted: complete = true

    contentItem: AppText {
        text: tip.text
        font.pixelSize: Theme.small
        wrapMode: Text.Wrap
        elide: Text.ElideNone
    }
    background: Rectangle {
        color: Theme.raised
        border.color: Theme.border
        radius: Theme.radius
    }
}
