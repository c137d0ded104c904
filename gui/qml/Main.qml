// SPDX-License-Identifier: Apache-2.0 OR MIT
import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import FilFil
import FilFil.Model

/*! The window: sidebar, what is wrong, and the page. It only binds to `app`. */
T.ApplicationWindow {
    id: window

    required property App app
    /*! What main.cpp knows of the tray: closing only hides the window then. */
    property bool trayAvailable: false
    property bool wizardAtStart: true
    property bool quitting: false

    property string page: "overview"
    readonly property var pages: [
        { name: "overview", title: qsTr("Overview"), glyph: "overview", section: 0, component: overviewPage },
        { name: "calendar", title: qsTr("Slot calendar"), glyph: "calendar", section: 0, component: calendarPage },
        { name: "snapshots", title: qsTr("Snapshots"), glyph: "snapshots", section: 1, component: snapshotsPage },
        { name: "deals", title: qsTr("Deals"), glyph: "deals", section: 1, component: dealsPage },
        { name: "payouts", title: qsTr("Payouts"), glyph: "payouts", section: 1, component: payoutsPage },
        { name: "verifier", title: qsTr("commP verifier"), glyph: "verifier", section: 2, component: verifierPage },
        { name: "devices", title: qsTr("Devices"), glyph: "devices", section: 2, component: devicesPage },
        { name: "log", title: qsTr("Log"), glyph: "log", section: 3, component: logPage },
        { name: "settings", title: qsTr("Settings"), glyph: "settings", section: 3, component: settingsPage }
    ]
    readonly property bool narrow: width < 900
    readonly property var stateTone: ({ synced: "good", catching_up: "info", bootstrapping: "info" })

    function open(name: string) {
        const index = pages.findIndex(one => one.name === name)
        if (index < 0)
            return
        page = name
        pageArea.current = index
    }

    /*! To where the contract and the market are set; a page that is not made yet reads its tab when it is. */
    function openDaemonSettings() {
        app.preferences.setValue("settings/tab", 3)
        open("settings")
        act("showDaemonTab", undefined)
    }

    /*! The page that is shown, or null while it is made. */
    function currentPage(): Item {
        const loader = pageArea.itemAt(pageArea.current)
        return loader ? loader.item as Item : null
    }

    function act(verb: string, argument: var) {
        const shown = currentPage()
        if (shown && shown[verb])
            shown[verb](argument)
    }

    function openWizard() {
        wizardLoader.active = true
        const wizard = wizardLoader.item as WizardDialog
        wizard.openAfresh()
    }

    function verify(url: string) {
        open("verifier")
        app.verifier.start(url)
    }

    function notice(sentence: string) {
        toasts.say(sentence)
    }

    title: qsTr("fil-fil")
    width: 1280
    height: 800
    minimumWidth: 360
    minimumHeight: 320
    color: Theme.canvas
    font.family: Theme.sans
    font.pixelSize: Theme.body

    LayoutMirroring.enabled: Theme.mirrored
    LayoutMirroring.childrenInherit: true

    Binding {
        target: Theme
        property: "mode"
        value: window.app.preferences.theme
    }
    Binding {
        target: Theme
        property: "reduceMotion"
        value: window.app.preferences.reduceMotion
    }

    Component.onCompleted: {
        const kept = String(app.preferences.value("window/page", "overview"))
        if (pages.some(one => one.name === kept))
            open(kept)
        if (wizardAtStart && !app.preferences.wizardDone && app.session.state === Session.Offline)
            openWizard()
    }
    onPageChanged: app.preferences.setValue("window/page", page)
    onClosing: close => {
        if (window.trayAvailable && window.app.preferences.closeToTray && !window.quitting) {
            close.accepted = false
            window.hide()
        } else {
            Qt.quit()
        }
    }

    Connections {
        target: window.app
        function onDone(sentence) { toasts.say(sentence) }
    }

    Component { id: overviewPage; OverviewPage { app: window.app } }
    Component { id: calendarPage; CalendarPage { app: window.app } }
    Component { id: snapshotsPage; SnapshotsPage { app: window.app } }
    Component { id: dealsPage; DealsPage { app: window.app } }
    Component { id: payoutsPage; PayoutsPage { app: window.app } }
    Component { id: verifierPage; VerifierPage { app: window.app } }
    Component { id: devicesPage; DevicesPage { app: window.app } }
    Component { id: logPage; LogPage { app: window.app } }
    Component { id: settingsPage; SettingsPage { app: window.app } }

    // Keys.
    Shortcut { sequence: "Ctrl+1"; onActivated: window.open("overview") }
    Shortcut { sequence: "Ctrl+2"; onActivated: window.open("calendar") }
    Shortcut { sequence: "Ctrl+3"; onActivated: window.open("snapshots") }
    Shortcut { sequence: "Ctrl+4"; onActivated: window.open("deals") }
    Shortcut { sequence: "Ctrl+5"; onActivated: window.open("payouts") }
    Shortcut { sequence: "Ctrl+6"; onActivated: window.open("verifier") }
    Shortcut { sequence: "Ctrl+7"; onActivated: window.open("devices") }
    Shortcut { sequence: "Ctrl+8"; onActivated: window.open("log") }
    Shortcut { sequences: ["Ctrl+9", "Ctrl+,"]; onActivated: window.open("settings") }
    Shortcut { sequence: "Ctrl+K"; onActivated: commandPalette.open() }
    Shortcut { sequence: "F1"; onActivated: keySheet.open() }
    Shortcut { sequence: "Ctrl+F"; onActivated: window.act("focusFilter", null) }
    Shortcut { sequences: ["F5", "Ctrl+R"]; onActivated: window.app.refresh() }
    Shortcut { sequence: "Ctrl+Q"; onActivated: { window.quitting = true; Qt.quit() } }
    Shortcut {
        sequence: "T"
        enabled: window.page === "calendar"
        onActivated: window.act("today", null)
    }

    RowLayout {
        anchors.fill: parent
        spacing: 0

        // The sidebar.
        Rectangle {
            id: sidebar

            Layout.fillHeight: true
            Layout.preferredWidth: window.narrow ? 56 : Theme.sidebar
            color: Theme.panel
            Accessible.role: Accessible.PageTabList
            Accessible.name: qsTr("Pages")

            Rectangle {
                x: sidebar.LayoutMirroring.enabled ? 0 : parent.width - 1
                width: 1
                height: parent.height
                color: Theme.border
            }
            ColumnLayout {
                anchors.fill: parent
                anchors.margins: 8
                anchors.rightMargin: 9
                spacing: 2

                RowLayout {
                    Layout.fillWidth: true
                    Layout.preferredHeight: 40
                    Layout.leftMargin: window.narrow ? 8 : 10
                    spacing: 10

                    Logo { implicitWidth: 24; implicitHeight: 24 }
                    AppText {
                        visible: !window.narrow
                        text: qsTr("fil-fil")
                        font.pixelSize: 16
                        font.weight: Font.Bold
                        Layout.fillWidth: true
                    }
                    IconButton {
                        visible: !window.narrow
                        glyph: "search"
                        hint: qsTr("Find a command")
                        keys: "Ctrl+K"
                        implicitWidth: 28
                        implicitHeight: 28
                        onClicked: commandPalette.open()
                    }
                }
                Flickable {
                    id: pageList

                    Layout.fillWidth: true
                    Layout.fillHeight: true
                    contentHeight: items.implicitHeight
                    clip: true
                    boundsBehavior: Flickable.StopAtBounds
                    interactive: contentHeight > height
                    T.ScrollBar.vertical: SlimScrollBar { visible: pageList.contentHeight > pageList.height }

                    Column {
                        id: items

                        width: parent.width
                        spacing: 2

                        Repeater {
                            model: window.pages

                            Column {
                                id: place

                                required property int index
                                required property var modelData

                                width: items.width

                                Item {
                                    visible: place.index > 0 && window.pages[place.index - 1].section !== place.modelData.section
                                    width: 1
                                    height: window.height < 560 ? 4 : 14
                                }
                                SidebarItem {
                                    width: parent.width
                                    height: window.height < 560 ? 30 : 34
                                    text: place.modelData.title
                                    glyph: place.modelData.glyph
                                    keys: "Ctrl+" + (place.index + 1)
                                    narrow: window.narrow
                                    current: window.page === place.modelData.name
                                    count: place.modelData.name === "overview" ? window.app.alerts.count : place.modelData.name === "deals" ? window.app.deals.lateCount : 0
                                    countTone: place.modelData.name === "overview" && window.app.alerts.worst === "error" ? "bad" : "warning"
                                    onClicked: window.open(place.modelData.name)
                                }
                            }
                        }
                    }
                }
                Rectangle {
                    Layout.fillWidth: true
                    Layout.topMargin: 4
                    Layout.bottomMargin: 4
                    implicitHeight: 1
                    color: Theme.borderMuted
                }
                FootLine {
                    id: daemonLine

                    Layout.fillWidth: true
                    narrow: window.narrow
                    tone: window.app.session.online ? "good" : window.app.session.state === Session.Connecting ? "info" : window.app.session.state === Session.Offline ? "idle" : "bad"
                    text: window.app.session.online ? (window.app.session.name !== "" ? window.app.session.name : qsTr("Daemon connected"))
                        : window.app.session.state === Session.Connecting ? qsTr("Connecting…")
                        : window.app.session.state === Session.Offline ? qsTr("No daemon") : qsTr("Daemon lost")
                    note: window.app.session.online && window.app.session.readOnly ? qsTr("read only") : ""
                    onClicked: daemonMenu.open()

                    DaemonMenu {
                        id: daemonMenu

                        parent: daemonLine.background
                        app: window.app
                        onWizardWanted: window.openWizard()
                        onSettingsWanted: window.open("settings")
                    }
                }
                FootLine {
                    Layout.fillWidth: true
                    visible: window.app.session.online
                    narrow: window.narrow
                    tone: window.app.status.state === "" ? "idle" : window.stateTone[window.app.status.state] ?? "bad"
                    text: window.app.status.state === "" ? qsTr("Asking…") : window.app.status.state === "synced" ? qsTr("Synced") : window.app.status.stateText
                    note: window.app.status.state === "" || window.app.status.syncedEpoch < 0 ? "" : window.app.format.epoch(window.app.status.syncedEpoch)
                    onClicked: window.open("overview")
                }
                FootLine {
                    Layout.fillWidth: true
                    visible: window.app.session.online && window.app.slotStore.nextText !== ""
                    narrow: window.narrow
                    tone: window.app.slotStore.secondsToNext === 0 ? "warning" : "idle"
                    text: window.app.slotStore.secondsToNext === 0 ? Theme.sentence(window.app.slotStore.nextText) : qsTr("Slot %1").arg(window.app.slotStore.nextText)
                    onClicked: window.open("calendar")
                }
            }
        }

        // What is wrong, and the page.
        ColumnLayout {
            Layout.fillWidth: true
            Layout.fillHeight: true
            spacing: 0

            BannerStrip {
                id: strip

                app: window.app
                Layout.fillWidth: true
                Layout.leftMargin: window.narrow ? Theme.s3 : Theme.s6
                Layout.rightMargin: window.narrow ? Theme.s3 : Theme.s6
                Layout.topMargin: height > 0 ? Theme.s4 : 0
                Layout.maximumHeight: window.height * 0.4
                overview: window.page === "overview"
                onOverviewWanted: window.open("overview")
                onWizardWanted: window.openWizard()
                onSettingsWanted: window.open("settings")
            }
            Item {
                id: pageArea

                property int current: 0

                function itemAt(index: int): Loader {
                    return loaders.itemAt(index) as Loader
                }

                Layout.fillWidth: true
                Layout.fillHeight: true

                Repeater {
                    id: loaders

                    model: window.pages

                    Loader {
                        id: loader

                        required property int index
                        required property var modelData

                        anchors.fill: parent
                        active: false
                        visible: pageArea.current === index
                        focus: visible
                        sourceComponent: modelData.component
                        onVisibleChanged: if (visible) active = true
                        Component.onCompleted: if (visible) active = true

                        // Another language or time zone: what is not shown now is made anew when it is.
                        Connections {
                            target: window.app.format
                            function onChanged() { if (!loader.visible) loader.active = false }
                        }
                        Connections {
                            target: loader.item
                            ignoreUnknownSignals: true
                            function onPageWanted(page) { page === "settings" ? window.openDaemonSettings() : window.open(page) }
                            function onWizardWanted() { window.openWizard() }
                        }
                    }
                }
            }
        }
    }

    DropVeil {
        anchors.fill: parent
        onFiles: urls => window.verify(urls[0])
    }
    ToastHost {
        id: toasts

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.bottom: parent.bottom
        anchors.bottomMargin: Theme.s6
    }

    CommandPalette {
        id: commandPalette

        commands: {
            const list = window.pages.map((one, index) => ({ title: qsTr("Go to %1").arg(one.title), keys: "Ctrl+" + (index + 1), glyph: one.glyph, run: () => window.open(one.name) }))
            list.push({ title: qsTr("Take a snapshot now"), glyph: "snapshots", keys: "", run: () => { window.open("snapshots"); window.act("takeSheet", null) } })
            list.push({ title: qsTr("Check whether all is ready for the next window"), glyph: "check-circle", keys: "", run: () => { window.open("deals"); window.act("preflightSheet", null) } })
            list.push({ title: qsTr("See what can be claimed"), glyph: "coin", keys: "", run: () => { window.open("payouts"); window.act("claimSheet", null) } })
            list.push({ title: qsTr("Check a file's piece commitment"), glyph: "verifier", keys: "", run: () => { window.open("verifier"); window.act("choose", null) } })
            list.push({ title: qsTr("Time all devices"), glyph: "devices", keys: "", run: () => { window.open("devices"); window.app.devices.benchmark() } })
            list.push({ title: qsTr("Save a diagnostic bundle"), glyph: "download", keys: "", run: () => { window.open("log"); window.act("saveBundle", null) } })
            list.push({ title: qsTr("Load everything again"), glyph: "refresh", keys: "F5", run: () => window.app.refresh() })
            list.push({ title: qsTr("Find, start or change the daemon"), glyph: "link", keys: "", run: () => window.openWizard() })
            list.push({ title: qsTr("Dark theme"), glyph: "settings", keys: "", run: () => window.app.preferences.theme = "dark" })
            list.push({ title: qsTr("Light theme"), glyph: "settings", keys: "", run: () => window.app.preferences.theme = "light" })
            list.push({ title: qsTr("Theme of the system"), glyph: "settings", keys: "", run: () => window.app.preferences.theme = "system" })
            list.push({ title: qsTr("Keys"), glyph: "keyboard", keys: "F1", run: () => keySheet.open() })
            list.push({ title: qsTr("Quit"), glyph: "cross", keys: "Ctrl+Q", run: () => { window.quitting = true; Qt.quit() } })
            return list
        }
    }
    ShortcutSheet {
        id: keySheet

        groups: [
            { title: qsTr("Everywhere"), entries: [["Ctrl+1 … 9", qsTr("Pages")], ["Ctrl+K", qsTr("Find a command")], ["Ctrl+F", qsTr("Filter the page")], ["F5", qsTr("Load again")], ["F1", qsTr("This sheet")], ["Tab", qsTr("Next control")], ["Esc", qsTr("Close what is open")], ["Ctrl+Q", window.app.starter.demo ? qsTr("Quit; the demo ends") : qsTr("Quit; the daemon goes on")]] },
            { title: qsTr("Tables"), entries: [["↑ ↓", qsTr("Next row")], ["Home End", qsTr("First and last row")], [qsTr("Enter"), qsTr("Details")], ["Ctrl+C", qsTr("Copy the row")]] },
            { title: qsTr("Slot calendar"), entries: [["T", qsTr("Today")], ["← →", qsTr("Slot before and after")], ["PgUp PgDn", qsTr("Earlier and later")], [qsTr("Enter"), qsTr("Details of the slot")]] }
        ]
    }
    Loader {
        id: wizardLoader

        active: false
        sourceComponent: WizardDialog { app: window.app }
    }
}
