// SPDX-License-Identifier: Apache-2.0 OR MIT
import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import FilFil

/*! All that can be done, found by a few letters. `commands`: objects with `title`, `keys`, `glyph`, `run`. */
T.Popup {
    id: finder

    property var commands: []
    readonly property var found: {
        const words = search.text.toLowerCase().split(/\s+/).filter(word => word !== "")
        return commands.filter(command => words.every(word => command.title.toLowerCase().includes(word)))
    }

    function run(index: int) {
        const command = found[index]
        if (!command)
            return
        close()
        command.run()
    }

    parent: T.Overlay.overlay
    width: parent ? Math.min(560, parent.width - 32) : 560
    height: Math.min(64 + Math.max(1, list.count) * 36 + 12, parent ? parent.height - 64 : 420, 440)
    x: parent ? Math.round((parent.width - width) / 2) : 0
    y: parent ? Math.min(96, Math.round(parent.height * 0.12)) : 0
    modal: true
    dim: true
    focus: true
    padding: 12
    closePolicy: T.Popup.CloseOnEscape | T.Popup.CloseOnPressOutside
    onAboutToShow: {
        search.text = ""
        list.currentIndex = 0
    }
    onOpened: search.forceActiveFocus()
    onFoundChanged: list.currentIndex = 0

    T.Overlay.modal: Rectangle { color: Theme.scrim }

    background: Rectangle {
        radius: Theme.radiusLarge
        color: Theme.raised
        border.color: Theme.border
    }
    // Made at once: it has ids.
    contentItem: ColumnLayout { // qmllint disable deferred-property-id
        spacing: Theme.s2

        Field {
            id: search

            Layout.fillWidth: true
            glyph: "search"
            placeholder: qsTr("What do you want to do?")
            focus: true
            Keys.onDownPressed: list.currentIndex = Math.min(list.count - 1, list.currentIndex + 1)
            Keys.onUpPressed: list.currentIndex = Math.max(0, list.currentIndex - 1)
            onAccepted: finder.run(list.currentIndex)
        }
        ListView {
            id: list

            Layout.fillWidth: true
            Layout.fillHeight: true
            clip: true
            model: finder.found
            boundsBehavior: Flickable.StopAtBounds
            highlightMoveDuration: 0
            T.ScrollBar.vertical: SlimScrollBar {}
            Accessible.role: Accessible.List
            Accessible.name: qsTr("Commands")

            delegate: T.ItemDelegate {
                id: entry

                required property int index
                required property var modelData

                width: ListView.view ? ListView.view.width : 0
                height: 36
                text: modelData.title
                hoverEnabled: true
                highlighted: ListView.isCurrentItem
                focusPolicy: Qt.NoFocus
                onClicked: finder.run(entry.index)
                onHoveredChanged: if (hovered) list.currentIndex = entry.index
                Accessible.role: Accessible.ListItem
                Accessible.name: entry.text
                Accessible.onPressAction: if (entry.enabled) entry.clicked()

                leftPadding: 10
                rightPadding: 10
                contentItem: RowLayout {
                    spacing: 10

                    Icon {
                        name: entry.modelData.glyph ?? "arrow-right"
                        color: entry.highlighted ? Theme.accent : Theme.textMuted
                    }
                    AppText {
                        text: entry.text
                        Layout.fillWidth: true
                        Accessible.ignored: true
                    }
                    AppText {
                        text: entry.modelData.keys ?? ""
                        color: Theme.textFaint
                        font.pixelSize: Theme.small
                        Accessible.ignored: true
                    }
                }
                background: Rectangle {
                    radius: Theme.radius
                    color: entry.highlighted ? Theme.hover : "transparent"
                }
            }

            AppText {
                visible: list.count === 0
                anchors.centerIn: parent
                text: qsTr("Nothing is called like that")
                muted: true
            }
        }
    }
}
