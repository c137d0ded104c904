// SPDX-License-Identifier: Apache-2.0 OR MIT
import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import FilFil
import FilFil.Model

/*! The daemons that are known, and the way to another one. */
T.Popup {
    id: menu

    required property App app

    signal wizardWanted()
    signal settingsWanted()

    x: 4
    y: -height - 6
    width: 280
    height: column.implicitHeight + 16
    padding: 8
    focus: true
    margins: 8
    closePolicy: T.Popup.CloseOnEscape | T.Popup.CloseOnPressOutside

    background: Rectangle {
        radius: Theme.radius + 2
        color: Theme.raised
        border.color: Theme.border
    }
    // Made at once: it has ids.
    contentItem: ColumnLayout { // qmllint disable deferred-property-id
        id: column

        spacing: 2
        // Until then Qt 6.4 lays out what is gone.
        onChildrenChanged: Qt.callLater(ensurePolished) // qmllint disable type

        AppText {
            text: menu.app.session.sentence
            visible: text !== ""
            muted: true
            font.pixelSize: Theme.small
            wrapMode: Text.Wrap
            elide: Text.ElideNone
            Layout.fillWidth: true
            Layout.margins: 6
        }
        Repeater {
            model: menu.app.preferences.daemons

            AppButton {
                id: entry

                required property int index
                required property var modelData

                Layout.fillWidth: true
                kind: AppButton.Quiet
                leading: true
                glyph: menu.app.session.current === index ? "check" : "link"
                text: modelData.name !== undefined && modelData.name !== "" ? modelData.name : (modelData.url ?? modelData.folder ?? "")
                onClicked: {
                    menu.close()
                    menu.app.session.connectTo(entry.index)
                }
            }
        }
        Rectangle {
            Layout.fillWidth: true
            Layout.margins: 4
            implicitHeight: 1
            color: Theme.borderMuted
        }
        AppButton {
            Layout.fillWidth: true
            visible: !menu.app.session.online && menu.app.session.state !== Session.Offline
            kind: AppButton.Quiet
            leading: true
            glyph: "refresh"
            text: qsTr("Try again now")
            onClicked: {
                menu.close()
                menu.app.session.retry()
            }
        }
        AppButton {
            Layout.fillWidth: true
            kind: AppButton.Quiet
            leading: true
            glyph: "plus"
            text: qsTr("Find or start a daemon…")
            onClicked: {
                menu.close()
                menu.wizardWanted()
            }
        }
        AppButton {
            Layout.fillWidth: true
            kind: AppButton.Quiet
            leading: true
            glyph: "settings"
            text: qsTr("Daemons in the settings")
            onClicked: {
                menu.close()
                menu.settingsWanted()
            }
        }
    }
}
