// SPDX-License-Identifier: Apache-2.0 OR MIT
import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import FilFil

/*! Asks before what cannot be taken back. Says what will happen; the button says it again in a word. */
T.Popup {
    id: dialog

    property string title
    property string message
    property string action: qsTr("OK")
    property string cancel: qsTr("Cancel")
    property bool dangerous: false
    property bool actionEnabled: true
    property bool busy: false
    property bool closesItself: true
    default property alias content: body.data

    signal accepted()

    parent: T.Overlay.overlay
    width: parent ? Math.min(460, parent.width - 32) : 460
    height: parent ? Math.min(implicitHeight, parent.height - 32) : implicitHeight
    x: parent ? Math.round((parent.width - width) / 2) : 0
    y: parent ? Math.round((parent.height - height) / 2.4) : 0
    implicitHeight: column.implicitHeight + 2 * padding
    modal: true
    dim: true
    focus: true
    padding: Theme.s5
    closePolicy: T.Popup.CloseOnEscape

    T.Overlay.modal: Rectangle { color: Theme.scrim }

    enter: Transition {
        NumberAnimation { property: "opacity"; from: 0; to: 1; duration: Theme.quick }
    }
    exit: Transition {
        NumberAnimation { property: "opacity"; from: 1; to: 0; duration: Theme.quick }
    }
    background: Rectangle {
        radius: Theme.radiusLarge
        color: Theme.raised
        border.color: Theme.border
    }
    // Made at once: it has ids.
    contentItem: FocusScope { // qmllint disable deferred-property-id
        focus: true
        Accessible.role: Accessible.Dialog
        Accessible.name: dialog.title

        ColumnLayout {
            id: column

            anchors.fill: parent
            spacing: Theme.s3

            AppText {
                text: dialog.title
                font.pixelSize: 17
                font.weight: Font.DemiBold
                wrapMode: Text.Wrap
                elide: Text.ElideNone
                Layout.fillWidth: true
            }
            AppText {
                visible: dialog.message !== ""
                text: dialog.message
                muted: true
                lineHeight: 1.2
                wrapMode: Text.Wrap
                elide: Text.ElideNone
                Layout.fillWidth: true
            }
            ColumnLayout {
                id: body

                visible: children.length > 0
                spacing: Theme.s3
                Layout.fillWidth: true
                Layout.fillHeight: true
                // Until then Qt 6.4 lays out what is gone.
                onChildrenChanged: Qt.callLater(ensurePolished) // qmllint disable type
            }
            RowLayout {
                Layout.fillWidth: true
                Layout.topMargin: Theme.s2
                spacing: Theme.s2

                Item { Layout.fillWidth: true }
                AppButton {
                    text: dialog.cancel
                    focus: true
                    onClicked: dialog.close()
                }
                AppButton {
                    text: dialog.action
                    kind: dialog.dangerous ? AppButton.Danger : AppButton.Primary
                    enabled: dialog.actionEnabled && !dialog.busy
                    busy: dialog.busy
                    onClicked: {
                        if (dialog.closesItself)
                            dialog.close()
                        dialog.accepted()
                    }
                }
            }
        }
    }
}
