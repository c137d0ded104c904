// SPDX-License-Identifier: Apache-2.0 OR MIT
import QtQuick
import QtQuick.Templates as T
import FilFil

/*!
    The small note that a control shows while the pointer rests on it. Its parent, like that of every menu and list that opens, is a
    part of the control, such as its background: where the parent itself goes while the popup is shown, Qt 6.4's popup goes on
    listening to all that it stood in (QQuickPopupPositioner::itemChildRemoved looks only for ancestors of its parent).
*/
T.ToolTip {
    id: tip

    // It may be made while its control is on its way out of the window.
    visible: parent !== null && parent.Window.window !== null
    x: parent ? Math.round((parent.width - implicitWidth) / 2) : 0
    y: parent && parent.mapToItem(null, 0, 0).y > 60 ? -implicitHeight - 6 : (parent ? parent.height + 6 : 0)
    implicitWidth: Math.min(420, contentItem.implicitWidth + leftPadding + rightPadding)
    implicitHeight: contentItem.implicitHeight + topPadding + bottomPadding
    margins: 8
    padding: 6
    leftPadding: 10
    rightPadding: 10
    delay: 450
    closePolicy: T.Popup.CloseOnEscape | T.Popup.CloseOnPressOutsideParent | T.Popup.CloseOnReleaseOutsideParent

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
