// SPDX-License-Identifier: Apache-2.0 OR MIT
import QtQuick
import QtQuick.Dialogs
import QtQuick.Layouts
import QtQuick.Templates as T
import FilFil

/*! The daemon's log, as it goes. */
PageFrame {
    id: page

    readonly property var log: app.log
    readonly property var levels: ["debug", "info", "warning", "error"]
    property bool follow: true

    function saveBundle(_) {
        bundleDialog.open()
    }

    function copyLines() {
        const from = list.mark < 0 ? list.currentIndex : Math.min(list.mark, list.currentIndex)
        const to = list.mark < 0 ? list.currentIndex : Math.max(list.mark, list.currentIndex)
        if (from >= 0)
            clipboard.copy(log.lines.text(from, to))
    }

    function copyAround() {
        if (list.currentIndex >= 0)
            clipboard.copy(log.lines.text(Math.max(0, list.currentIndex - 10), Math.min(list.count - 1, list.currentIndex + 10)))
    }

    title: qsTr("Log")
    subtitle: !log.loaded ? "" : log.lines.count === log.lines.total ? qsTr("%n line(s)", "", log.lines.total) : qsTr("%1 of %n line(s)", "", log.lines.total).arg(page.app.format.number(log.lines.count))
    stores: [app.log]
    filterField: search

    actions: [
        AppButton {
            text: page.width < 700 ? "" : qsTr("Save a diagnostic bundle…")
            glyph: "download"
            hint: qsTr("Versions, state, settings, jobs and log in one file; tokens, keys and passwords are left out")
            onClicked: page.saveBundle(null)
        }
    ]

    Binding {
        target: page.app.log
        property: "active"
        value: page.visible
    }
    Clipboard { id: clipboard }

    ColumnLayout {
        anchors.fill: parent
        anchors.bottomMargin: Theme.s6
        spacing: Theme.s3

        Flow {
            Layout.fillWidth: true
            spacing: Theme.s2

            SearchField {
                id: search

                placeholder: qsTr("Filter the messages")
                width: 240
                onEdited: page.log.text = text
            }
            Choice {
                label: qsTr("Least level")
                hint: qsTr("Least level that is shown")
                width: 140
                model: [qsTr("debug"), qsTr("info"), qsTr("warning"), qsTr("error")]
                currentIndex: Math.max(0, page.levels.indexOf(page.log.level))
                onActivated: index => page.log.level = page.levels[index]
            }
            Choice {
                id: moduleChoice

                readonly property var names: [""].concat(page.log.modules)

                label: qsTr("Module")
                hint: qsTr("Part of the daemon that said it")
                width: 150
                model: names.map(name => name === "" ? qsTr("all modules") : name)
                currentIndex: Math.max(0, names.indexOf(page.log.module))
                onActivated: index => page.log.module = names[index]
            }
            Toggle {
                text: qsTr("Follow")
                checked: page.follow
                onToggled: {
                    page.follow = checked
                    if (checked)
                        list.positionViewAtEnd()
                }
            }
            AppButton {
                text: qsTr("Copy")
                glyph: "copy"
                keys: "Ctrl+C"
                hint: qsTr("Copy the chosen lines")
                kind: AppButton.Quiet
                enabled: list.currentIndex >= 0
                onClicked: page.copyLines()
            }
            AppButton {
                text: qsTr("Copy with context")
                hint: qsTr("Copy the line with ten before and ten after it")
                kind: AppButton.Quiet
                enabled: list.currentIndex >= 0
                onClicked: page.copyAround()
            }
        }
        Rectangle {
            Layout.fillWidth: true
            Layout.fillHeight: true
            radius: Theme.radius + 2
            color: Theme.panel
            border.color: Theme.border

            ListView {
                id: list

                /*! The other end of the chosen lines, or −1. */
                property int mark: -1

                anchors.fill: parent
                anchors.margins: 1
                model: page.log.lines
                clip: true
                activeFocusOnTab: true
                boundsBehavior: Flickable.StopAtBounds
                currentIndex: -1
                highlightMoveDuration: 0
                reuseItems: true
                cacheBuffer: 200
                T.ScrollBar.vertical: SlimScrollBar {}
                Accessible.role: Accessible.List
                Accessible.name: qsTr("Log")
                Accessible.focusable: true
                // The qmllint of Qt 6.4 takes Qt's own callLater for a property.
                onCountChanged: if (page.follow && !moving) Qt.callLater(() => { if (page.follow) list.positionViewAtEnd() }) // qmllint disable type
                onMovementStarted: page.follow = false
                onMovementEnded: if (atYEnd) page.follow = true
                onActiveFocusChanged: if (activeFocus && currentIndex < 0 && count > 0) currentIndex = count - 1
                Keys.onPressed: event => {
                    const page_ = Math.max(1, Math.floor(list.height / 26) - 1)
                    let to = -1
                    if (event.key === Qt.Key_Down)
                        to = list.currentIndex + 1
                    else if (event.key === Qt.Key_Up)
                        to = list.currentIndex - 1
                    else if (event.key === Qt.Key_PageDown)
                        to = list.currentIndex + page_
                    else if (event.key === Qt.Key_PageUp)
                        to = list.currentIndex - page_
                    else if (event.key === Qt.Key_Home)
                        to = 0
                    else if (event.key === Qt.Key_End)
                        to = list.count - 1
                    else if (event.matches(StandardKey.Copy)) {
                        page.copyLines()
                        event.accepted = true
                        return
                    } else
                        return
                    list.mark = event.modifiers & Qt.ShiftModifier ? (list.mark < 0 ? list.currentIndex : list.mark) : -1
                    list.currentIndex = Math.max(0, Math.min(list.count - 1, to))
                    page.follow = list.currentIndex === list.count - 1
                    event.accepted = true
                }

                delegate: Rectangle {
                    id: line

                    required property int index
                    required property string timeText
                    required property string level
                    required property string module
                    required property string message
                    readonly property bool chosen: index === list.currentIndex || (list.mark >= 0 && index >= Math.min(list.mark, list.currentIndex) && index <= Math.max(list.mark, list.currentIndex))

                    width: ListView.view ? ListView.view.width : 0
                    height: Math.max(26, words.implicitHeight + 10)
                    color: chosen ? Theme.selected : over.hovered ? Theme.hover : "transparent"
                    Accessible.role: Accessible.ListItem
                    Accessible.name: line.timeText + " " + line.level + " " + line.module + ": " + line.message

                    HoverHandler { id: over }
                    TapHandler {
                        acceptedModifiers: Qt.NoModifier
                        onTapped: {
                            list.forceActiveFocus(Qt.MouseFocusReason)
                            list.mark = -1
                            list.currentIndex = line.index
                            page.follow = false
                        }
                    }
                    TapHandler {
                        acceptedModifiers: Qt.ShiftModifier
                        onTapped: {
                            list.mark = list.mark < 0 ? Math.max(0, list.currentIndex) : list.mark
                            list.currentIndex = line.index
                        }
                    }
                    Row {
                        id: facts

                        x: 12
                        y: 5
                        spacing: 10

                        AppText { text: line.timeText; muted: true; font.pixelSize: Theme.small; width: page.width < 640 ? 0 : 148; visible: width > 0 }
                        Row {
                            spacing: 5
                            width: 74

                            Icon { name: States.glyph(line.level); color: Theme.tone(States.tone(line.level)); size: 13; anchors.verticalCenter: parent.verticalCenter }
                            AppText { text: page.app.format.state(line.level); color: Theme.tone(States.tone(line.level)); font.pixelSize: Theme.small }
                        }
                        AppText { text: line.module; muted: true; font.pixelSize: Theme.small; width: 76 }
                    }
                    AppText {
                        id: words

                        x: facts.x + facts.width + 10
                        y: 5
                        width: line.width - x - 14
                        text: line.message
                        font.pixelSize: Theme.small
                        wrapMode: Text.Wrap
                        maximumLineCount: 4
                    }
                }

                EmptyState {
                    visible: list.count === 0 && page.log.loaded
                    anchors.fill: parent
                    glyph: "log"
                    title: page.log.lines.total === 0 ? qsTr("Nothing was said yet") : qsTr("No line fits the filter")
                    message: page.log.lines.total === 0 ? qsTr("What the daemon logs from now on stands here.") : qsTr("Of %n line(s) that are kept.", "", page.log.lines.total)
                    action: page.log.lines.total > 0 ? qsTr("Show all") : ""
                    onActed: {
                        search.clear()
                        page.log.text = ""
                        page.log.level = "debug"
                        page.log.module = ""
                    }
                }
            }
            AppButton {
                visible: !page.follow && list.count > 0 && !list.atYEnd
                anchors.right: parent.right
                anchors.bottom: parent.bottom
                anchors.margins: Theme.s3
                text: qsTr("To the newest")
                glyph: "sort-down"
                onClicked: {
                    page.follow = true
                    list.positionViewAtEnd()
                }
            }
        }
    }

    FileDialog {
        id: bundleDialog

        title: qsTr("Save a diagnostic bundle")
        fileMode: FileDialog.SaveFile
        defaultSuffix: "json"
        nameFilters: [qsTr("JSON files (*.json)")]
        onAccepted: page.app.log.saveDiagnostics(selectedFile)
    }
}
