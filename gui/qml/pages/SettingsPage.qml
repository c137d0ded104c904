// SPDX-License-Identifier: Apache-2.0 OR MIT
import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import FilFil
import FilFil.Model

/*! What this window does, which daemons it knows, and what the daemon's own settings are. */
PageFrame {
    id: page

    readonly property var format: app.format
    readonly property var preferences: app.preferences
    property int tab: 0
    readonly property bool daemonTab: tab === 3

    function showDaemonTab() { tab = 3 }

    title: qsTr("Settings")
    subtitle: daemonTab && app.settings.file !== "" ? app.settings.file : ""
    stores: daemonTab ? [app.settings] : []
    needsDaemon: daemonTab
    filterField: daemonTab ? search : null

    Component.onCompleted: tab = Number(preferences.value("settings/tab", 0))
    onTabChanged: preferences.setValue("settings/tab", tab)

    actions: [
        Segments {
            label: qsTr("Which settings")
            options: [qsTr("Desktop"), qsTr("Notifications"), qsTr("Daemons"), qsTr("This daemon")]
            current: page.tab
            onChosen: index => page.tab = index
        }
    ]

    // Desktop.
    ScrollArea {
        id: desktop

        anchors.fill: parent
        barBeside: true
        visible: page.tab === 0

        ColumnLayout {
            width: Math.min(desktop.width, 720)
            spacing: Theme.s4

            Card {
                Layout.fillWidth: true
                title: qsTr("Look")

                SettingRow {
                    label: qsTr("Theme")
                    help: qsTr("Dark, light, or as the system has it.")

                    Segments {
                        label: qsTr("Theme")
                        options: [qsTr("System"), qsTr("Dark"), qsTr("Light")]
                        current: Math.max(0, ["system", "dark", "light"].indexOf(page.preferences.theme))
                        onChosen: index => page.preferences.theme = ["system", "dark", "light"][index]
                    }
                }
                SettingRow {
                    label: qsTr("Language")
                    help: qsTr("All words of this program; the daemon's own sentences are English.")

                    Choice {
                        readonly property var codes: ["", "en", "zh_CN"]

                        label: qsTr("Language")
                        model: [qsTr("As the system"), "English", "简体中文"]
                        currentIndex: Math.max(0, codes.indexOf(page.preferences.language))
                        onActivated: index => page.preferences.language = codes[index]
                    }
                }
                SettingRow {
                    label: qsTr("Reduced motion")
                    help: qsTr("Nothing moves by itself.")

                    Toggle {
                        hint: qsTr("Reduced motion")
                        checked: page.preferences.reduceMotion
                        onToggled: page.preferences.reduceMotion = checked
                    }
                }
                SettingRow {
                    label: qsTr("Times in UTC")
                    help: qsTr("Else in this machine's time zone.")

                    Toggle {
                        hint: qsTr("Times in UTC")
                        checked: page.preferences.utc
                        onToggled: page.preferences.utc = checked
                    }
                }
            }
            Card {
                Layout.fillWidth: true
                title: qsTr("Window")

                SettingRow {
                    label: qsTr("Stay in the tray when closed")
                    help: qsTr("The daemon goes on either way; with the tray, notifications do, too.")

                    Toggle {
                        hint: qsTr("Stay in the tray when closed")
                        checked: page.preferences.closeToTray
                        onToggled: page.preferences.closeToTray = checked
                    }
                }
                SettingRow {
                    label: qsTr("Set-up")
                    help: qsTr("Find or start a daemon, step by step.")

                    AppButton {
                        text: qsTr("Open the set-up…")
                        onClicked: page.wizardWanted()
                    }
                }
                SettingRow {
                    label: qsTr("Everything as at the first start")
                    help: qsTr("Forgets what this window was told, its daemons and their tokens. Daemons and their data stay as they are.")

                    AppButton {
                        text: qsTr("Reset…")
                        onClicked: resetDialog.open()
                    }
                }
            }
            AppText {
                text: qsTr("fil-fil %1").arg(page.app.version)
                muted: true
                font.pixelSize: Theme.small
            }
        }
    }

    // Notifications.
    ScrollArea {
        id: notifications

        anchors.fill: parent
        barBeside: true
        visible: page.tab === 1

        ColumnLayout {
            width: Math.min(notifications.width, 720)
            spacing: Theme.s4

            Card {
                Layout.fillWidth: true
                title: qsTr("Tell me when")

                Repeater {
                    model: [
                        { kind: "windowSoon", title: qsTr("A window of mine opens in ten minutes"), help: qsTr("In time to see that the market is up.") },
                        { kind: "windowOpen", title: qsTr("A window of mine is open"), help: qsTr("The snapshot can be stored now.") },
                        { kind: "dealAccepted", title: qsTr("A market took a deal"), help: qsTr("The piece is on its way into a sector.") },
                        { kind: "missed", title: qsTr("A window was missed"), help: qsTr("It closed and the contract does not have the piece.") },
                        { kind: "paid", title: qsTr("The contract paid"), help: qsTr("Something was credited to one of my providers.") },
                        { kind: "daemonLost", title: qsTr("The daemon is lost"), help: qsTr("It does not answer any more.") }
                    ]

                    SettingRow {
                        id: row

                        required property var modelData

                        label: modelData.title
                        help: modelData.help

                        Toggle {
                            hint: row.modelData.title
                            checked: page.preferences.notification(row.modelData.kind)
                            onToggled: page.preferences.setNotification(row.modelData.kind, checked)
                        }
                    }
                }
            }
        }
    }

    // Daemons.
    ScrollArea {
        id: daemons

        anchors.fill: parent
        barBeside: true
        visible: page.tab === 2

        ColumnLayout {
            width: Math.min(daemons.width, 720)
            spacing: Theme.s4
            // Until then Qt 6.4 lays out what is gone.
            onChildrenChanged: Qt.callLater(ensurePolished) // qmllint disable type

            EmptyState {
                visible: page.preferences.daemons.length === 0
                Layout.fillWidth: true
                glyph: "link"
                title: qsTr("No daemon is known yet")
                message: qsTr("One of this machine is found by its data folder; one elsewhere needs its address over TLS and a token.")
                action: qsTr("Add one…")
                secondAction: qsTr("Open the set-up…")
                onActed: daemonDialog.edit(-1)
                onActedSecond: page.wizardWanted()
            }
            Repeater {
                model: page.preferences.daemons

                Card {
                    id: daemon

                    required property int index
                    required property var modelData
                    readonly property bool current: page.app.session.current === index

                    Layout.fillWidth: true
                    title: modelData.name !== undefined && modelData.name !== "" ? modelData.name : qsTr("Daemon")
                    border.color: current ? Theme.tint(Theme.accent, 0.7) : Theme.border
                    actions: [
                        Chip {
                            visible: daemon.current
                            tone: page.app.session.online ? "good" : "bad"
                            text: page.app.session.online ? qsTr("connected") : qsTr("not connected")
                        },
                        AppButton {
                            visible: !daemon.current
                            text: qsTr("Connect")
                            hint: qsTr("Connect to %1").arg(daemon.title)
                            onClicked: page.app.session.connectTo(daemon.index)
                        },
                        AppButton {
                            text: qsTr("Change…")
                            kind: AppButton.Quiet
                            onClicked: daemonDialog.edit(daemon.index)
                        },
                        IconButton {
                            glyph: "trash"
                            hint: qsTr("Remove %1 from the list").arg(daemon.title)
                            onClicked: removeDialog.ask(daemon.modelData, daemon.title, daemon.current)
                        }
                    ]

                    Fact {
                        label: (daemon.modelData.url ?? "") !== "" ? qsTr("Address") : qsTr("Data folder")
                        value: (daemon.modelData.url ?? "") !== "" ? daemon.modelData.url : daemon.modelData.folder ?? ""
                        cid: true
                    }
                    Fact {
                        visible: (daemon.modelData.tokenFile ?? "") !== ""
                        label: qsTr("Token")
                        value: String(daemon.modelData.tokenFile ?? "")
                        cid: true
                    }
                }
            }
            AppButton {
                visible: page.preferences.daemons.length > 0
                text: qsTr("Add a daemon…")
                glyph: "plus"
                onClicked: daemonDialog.edit(-1)
            }
        }
    }

    // The daemon's own.
    ColumnLayout {
        anchors.fill: parent
        visible: page.tab === 3
        spacing: Theme.s3

        Banner {
            visible: page.app.settings.restartNeeded
            Layout.fillWidth: true
            tone: "warning"
            title: qsTr("Some changes have effect when the daemon is started anew")
            message: qsTr("They are written down already; those are marked below.")
        }
        Banner {
            visible: page.app.session.readOnly
            Layout.fillWidth: true
            tone: "info"
            message: qsTr("The token of this daemon lets you look and not change anything.")
        }
        Flow {
            Layout.fillWidth: true
            spacing: Theme.s2

            SearchField {
                id: search

                placeholder: qsTr("Filter the settings")
                width: 260
            }
            FilterChip {
                id: changedOnly

                text: qsTr("Changed")
            }
        }
        RecordProxy {
            id: rows

            records: page.app.settings.model
            sortKey: "key"
            filterText: search.text
            equals: changedOnly.checked ? ({ changed: true }) : ({})
        }
        ListView {
            id: list

            Layout.fillWidth: true
            Layout.fillHeight: true
            clip: true
            model: rows
            spacing: 0
            boundsBehavior: Flickable.StopAtBounds
            bottomMargin: Theme.s6
            // Rows beyond what is seen would be made bit by bit; where the page goes meanwhile, Qt 6.4 dies of a T.ComboBox that
            // is not whole yet (QQuickComboBox::~QQuickComboBox after QQmlObjectCreator::clear).
            cacheBuffer: 0
            T.ScrollBar.vertical: SlimScrollBar {}
            Accessible.role: Accessible.List
            Accessible.name: qsTr("Settings of the daemon")

            delegate: DaemonSettingRow {
                required property int index
                required property var record

                width: Math.min(list.width - 14, 900)
                app: page.app
                setting: record
                firstOfGroup: index === 0 || (rows.recordAt(index - 1).group ?? "") !== (record.group ?? "")
            }

            AppText {
                visible: list.count === 0 && page.app.settings.loaded
                anchors.centerIn: parent
                text: qsTr("No setting fits the filter")
                muted: true
            }
        }
    }

    DaemonDialog {
        id: daemonDialog

        app: page.app
    }
    ConfirmDialog {
        id: removeDialog

        property var it: ({})

        function ask(daemon: var, name: string, current: bool) {
            it = daemon
            title = qsTr("Remove %1 from the list?").arg(name)
            const sentences = [qsTr("The daemon and its data stay as they are.")]
            if ((daemon.tokenFile ?? "") !== "")
                sentences.unshift(qsTr("The token that was kept for it is deleted."))
            if (current)
                sentences.unshift(qsTr("This window is connected to it, and leaves it."))
            message = sentences.join(" ")
            open()
        }

        action: qsTr("Remove")
        dangerous: true
        // The list may have changed meanwhile.
        onAccepted: page.preferences.removeDaemon(page.preferences.daemons.findIndex(one => one.url === removeDialog.it.url && one.folder === removeDialog.it.folder))
    }
    ConfirmDialog {
        id: resetDialog

        title: qsTr("Forget everything that this window was told?")
        message: qsTr("Theme, columns, window, daemons and saved tokens. Daemons and their data stay as they are.")
        action: qsTr("Reset")
        dangerous: true
        onAccepted: page.preferences.reset()
    }
}
