// SPDX-License-Identifier: Apache-2.0 OR MIT
import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import FilFil
import FilFil.Model

/*! The first run: find or start a daemon, tell it its node, provider and folders, see that it hashes rightly. */
T.Popup {
    id: wizard

    /*! A setting of the daemon: as it is there, until somebody writes another one. */
    component SettingField: Field {
        id: settingField

        required property string key
        /*! What the daemon has. */
        property string known
        readonly property bool changed: text !== known

        function fill(value: string) {
            const written = changed
            known = value
            if (!written)
                text = value
        }
        function forget() {
            known = ""
            text = ""
        }
    }

    required property App app
    property int step: 0
    property string problem
    property string problemRemedy
    property bool testing: false
    property string way: "find"
    readonly property var format: app.format
    readonly property bool online: app.session.online
    readonly property var steps: [qsTr("Daemon"), qsTr("Node"), qsTr("Provider"), qsTr("Folders"), qsTr("Devices"), qsTr("Summary")]
    readonly property bool starting: app.starter.state === DaemonStarter.Starting
    readonly property bool canNext: step > 0 || online

    function done() {
        app.preferences.wizardDone = true
        close()
    }

    /*! Opens it at its beginning; where it is open, it stays where it is. */
    function openAfresh() {
        if (!visible) {
            step = 0
            problem = ""
            problemRemedy = ""
            token.clear()
        }
        open()
    }

    function fillAll() {
        for (const one of [eth, contract, miners, wallet, snapshotFolder])
            one.fill(app.settings.value(one.key))
    }

    function forgetAll() {
        for (const one of [eth, contract, miners, wallet, snapshotFolder])
            one.forget()
    }

    /*! Only what somebody wrote: what was not read yet looks empty, and may not be emptied for that. */
    function keep(fields: var) {
        for (const one of fields)
            if (one.changed)
                app.settings.set(one.key, one.text)
    }

    function next() {
        problem = ""
        problemRemedy = ""
        if (step === 1)
            keep([eth])
        if (step === 2)
            keep([contract, miners, wallet])
        if (step === 3)
            keep([snapshotFolder])
        if (step === steps.length - 1) {
            done()
            return
        }
        step += 1
        if (step === 4 && !app.devices.benchmarking)
            app.devices.benchmark()
    }

    function begin() {
        problem = ""
        problemRemedy = ""
        if (way === "find") {
            const index = app.preferences.addDaemon({ name: qsTr("This machine"), folder: folder.text })
            app.session.connectTo(index)
        } else if (way === "start") {
            const options = { folder: startFolder.text, node: startNode.text }
            if (tokenFile.text !== "")
                options.nodeTokenFile = tokenFile.text
            app.starter.startDaemon(options)
        } else if (way === "remote") {
            const it = { name: remoteName.text !== "" ? remoteName.text : url.text, url: url.text, caFile: ca.text }
            if (token.text !== "") {
                it.tokenFile = app.preferences.saveToken(it.name, token.text)
                if (it.tokenFile === "")
                    return
            }
            app.session.connectTo(app.preferences.addDaemon(it))
        } else {
            app.starter.startDevnet({})
        }
    }

    Component.onCompleted: fillAll()

    parent: T.Overlay.overlay
    width: parent ? Math.min(760, parent.width - 24) : 760
    height: parent ? Math.min(620, parent.height - 24) : 620
    x: parent ? Math.round((parent.width - width) / 2) : 0
    y: parent ? Math.round((parent.height - height) / 2) : 0
    modal: true
    dim: true
    focus: true
    padding: 0
    closePolicy: T.Popup.CloseOnEscape

    T.Overlay.modal: Rectangle { color: Theme.scrim }

    background: Rectangle {
        radius: Theme.radiusLarge
        color: Theme.raised
        border.color: Theme.border
    }

    Connections {
        target: wizard.app.starter
        function onRunning(folder) {
            const index = wizard.app.preferences.addDaemon({ name: wizard.app.starter.demo ? qsTr("Show me") : qsTr("This machine"), folder: folder })
            wizard.app.session.connectTo(index)
        }
        function onChanged() {
            if (wizard.app.starter.state === DaemonStarter.Failed) {
                wizard.problem = wizard.app.starter.sentence
                wizard.problemRemedy = wizard.app.starter.remedy
            }
        }
        function onFailed(sentence, remedy) {
            wizard.problem = sentence
            wizard.problemRemedy = remedy
        }
    }
    Connections {
        target: wizard.app.preferences
        enabled: wizard.visible
        function onFailed(sentence, remedy) {
            wizard.problem = sentence
            wizard.problemRemedy = remedy
        }
    }
    Connections {
        target: wizard.app.session
        function onSwitched() { wizard.forgetAll() }
        function onChanged() {
            const state = wizard.app.session.state
            // While one is started, the one before may be ended for it.
            if (wizard.starting)
                return
            if (state === Session.WrongToken || state === Session.OtherVersion || state === Session.Lost) {
                wizard.problem = wizard.app.session.sentence
                wizard.problemRemedy = wizard.app.session.remedy
            } else if (state === Session.Online) {
                wizard.problem = ""
                if (wizard.opened && wizard.step === 0) {
                    if (wizard.way === "devnet")
                        wizard.done()
                }
            }
        }
    }
    Connections {
        target: wizard.app.settings
        function onSettingsChanged() { wizard.fillAll() }
        function onRejected(key, sentence, remedy) {
            wizard.problem = qsTr("%1: %2").arg(key).arg(sentence)
            wizard.problemRemedy = remedy
        }
    }

    // Made at once: it has ids.
    contentItem: FocusScope { // qmllint disable deferred-property-id
        focus: true
        Accessible.role: Accessible.Dialog
        Accessible.name: qsTr("Set-up")

        ColumnLayout {
            anchors.fill: parent
            spacing: 0

            ColumnLayout {
                Layout.fillWidth: true
                Layout.margins: Theme.s6
                Layout.bottomMargin: Theme.s3
                spacing: Theme.s4

                RowLayout {
                    spacing: Theme.s3
                    Layout.fillWidth: true

                    Logo { implicitWidth: 28; implicitHeight: 28 }
                    AppText {
                        text: qsTr("Set up fil-fil")
                        font.pixelSize: Theme.title
                        font.weight: Font.DemiBold
                        Layout.fillWidth: true
                    }
                    IconButton {
                        glyph: "cross"
                        hint: qsTr("Close; it can be opened again from the settings")
                        onClicked: wizard.done()
                    }
                }
                StepStrip {
                    Layout.fillWidth: true
                    visible: wizard.height > 460
                    small: wizard.width < 560
                    steps: wizard.steps.map((title, index) => ({ title: title, state: index < wizard.step ? "done" : index === wizard.step ? "now" : "ahead" }))
                }
            }
            ScrollArea {
                id: area

                Layout.fillWidth: true
                Layout.fillHeight: true

                ColumnLayout {
                    x: Theme.s6
                    width: area.width - 2 * Theme.s6
                    spacing: Theme.s3

                    Banner {
                        visible: wizard.problem !== ""
                        Layout.fillWidth: true
                        title: wizard.problem
                        message: wizard.problemRemedy
                    }

                    // Daemon.
                    ColumnLayout {
                        visible: wizard.step === 0
                        Layout.fillWidth: true
                        spacing: Theme.s2

                        AppText {
                            text: qsTr("All that this window shows comes from a daemon, which goes on when the window is closed.")
                            muted: true
                            wrapMode: Text.Wrap
                            elide: Text.ElideNone
                            Layout.fillWidth: true
                            Layout.bottomMargin: 4
                        }
                        WayCard {
                            chosen: wizard.way === "devnet"
                            title: qsTr("Just show me")
                            note: qsTr("A small chain of its own, made as it goes on this machine, with windows, deals and payouts. Nothing real is touched.")
                            glyph: "play"
                            onClicked: wizard.way = "devnet"
                        }
                        WayCard {
                            chosen: wizard.way === "find"
                            title: qsTr("A daemon runs on this machine")
                            note: qsTr("It is found by its data folder.")
                            glyph: "search"
                            onClicked: wizard.way = "find"

                            Field {
                                id: folder

                                visible: wizard.way === "find"
                                Layout.fillWidth: true
                                label: qsTr("Data folder")
                                mono: true
                                text: wizard.app.preferences.defaultDataFolder()
                            }
                        }
                        WayCard {
                            chosen: wizard.way === "start"
                            title: qsTr("Start one here")
                            note: qsTr("It follows a Lotus or Forest node and keeps the snapshot's blocks in memory.")
                            glyph: "plus"
                            onClicked: wizard.way = "start"

                            Field {
                                id: startNode

                                visible: wizard.way === "start"
                                Layout.fillWidth: true
                                label: qsTr("Node")
                                mono: text !== ""
                                placeholder: "ws://127.0.0.1:1234/rpc/v1"
                            }
                            Field {
                                id: tokenFile

                                visible: wizard.way === "start"
                                Layout.fillWidth: true
                                label: qsTr("File with the node's token")
                                mono: text !== ""
                                placeholder: qsTr("none")
                            }
                            Field {
                                id: startFolder

                                visible: wizard.way === "start"
                                Layout.fillWidth: true
                                label: qsTr("Data folder")
                                mono: true
                                text: wizard.app.preferences.defaultDataFolder()
                            }
                        }
                        WayCard {
                            chosen: wizard.way === "remote"
                            title: qsTr("A daemon runs somewhere else")
                            note: qsTr("Over TLS, with its read or admin token.")
                            glyph: "globe"
                            onClicked: wizard.way = "remote"

                            Field { id: remoteName; visible: wizard.way === "remote"; Layout.fillWidth: true; label: qsTr("Name") }
                            Field { id: url; visible: wizard.way === "remote"; Layout.fillWidth: true; label: qsTr("Address"); placeholder: "wss://host:5346"; mono: text !== ""; problem: text !== "" ? wizard.app.session.addressProblem(text) : "" }
                            Field { id: token; visible: wizard.way === "remote"; Layout.fillWidth: true; label: qsTr("Token"); echoMode: TextInput.Password }
                            Field { id: ca; visible: wizard.way === "remote"; Layout.fillWidth: true; label: qsTr("Certificate to trust"); placeholder: qsTr("PEM file, where it is not signed by a known authority"); mono: text !== "" }
                        }
                        RowLayout {
                            Layout.fillWidth: true
                            Layout.topMargin: 4
                            spacing: Theme.s3

                            AppButton {
                                text: wizard.way === "devnet" ? qsTr("Show me") : wizard.way === "start" ? qsTr("Start it") : qsTr("Connect")
                                kind: wizard.online ? AppButton.Secondary : AppButton.Primary
                                busy: wizard.starting || wizard.app.session.state === Session.Connecting
                                enabled: !wizard.starting && (wizard.way !== "start" || startNode.text !== "") && (wizard.way !== "remote" || url.text !== "" && url.problem === "")
                                onClicked: wizard.begin()
                            }
                            Icon {
                                visible: wizard.online
                                name: "check-circle"
                                color: Theme.good
                            }
                            AppText {
                                Layout.fillWidth: true
                                muted: !wizard.online
                                color: wizard.online ? Theme.good : Theme.textMuted
                                text: wizard.online ? qsTr("Connected to a daemon %1 on %2").arg(wizard.app.session.version).arg(wizard.app.session.network)
                                    : wizard.starting ? wizard.app.starter.sentence
                                    : wizard.app.session.state === Session.Connecting ? qsTr("Connecting…") : ""
                                wrapMode: Text.Wrap
                            }
                        }
                        AppText {
                            visible: wizard.starting && wizard.app.starter.output !== ""
                            text: wizard.app.starter.output
                            mono: true
                            muted: true
                            wrapMode: Text.Wrap
                            elide: Text.ElideNone
                            Layout.fillWidth: true
                        }
                    }

                    // Node.
                    ColumnLayout {
                        visible: wizard.step === 1
                        Layout.fillWidth: true
                        spacing: Theme.s3

                        AppText {
                            text: qsTr("The daemon follows the head of this node and reads the contract through it.")
                            muted: true
                            wrapMode: Text.Wrap
                            elide: Text.ElideNone
                            Layout.fillWidth: true
                        }
                        Field {
                            id: node

                            Layout.fillWidth: true
                            label: qsTr("Node")
                            readOnly: true
                            mono: true
                            text: String(wizard.app.status.status.node ?? "")
                            help: qsTr("Changed by the option --node when the daemon is started, or nodes in its file.")
                        }
                        SettingField {
                            id: eth

                            key: "chain.eth_url"
                            Layout.fillWidth: true
                            label: qsTr("Where the contract is read")
                            mono: text !== ""
                            placeholder: qsTr("through the node")
                        }
                        RowLayout {
                            spacing: Theme.s2

                            StateChip {
                                state_: wizard.app.status.state
                                text: wizard.app.status.stateText
                            }
                            AppText {
                                Layout.fillWidth: true
                                muted: true
                                text: wizard.app.status.headEpoch >= 0 ? qsTr("head %1, %n epoch(s) behind", "", wizard.app.status.lag).arg(wizard.format.epoch(wizard.app.status.headEpoch)) : wizard.app.status.why
                                wrapMode: Text.Wrap
                            }
                        }
                    }

                    // Provider and wallet.
                    ColumnLayout {
                        visible: wizard.step === 2
                        Layout.fillWidth: true
                        spacing: Theme.s3

                        AppText {
                            text: qsTr("The contract pays these providers for storing snapshots. Leave them empty to look on alone.")
                            muted: true
                            wrapMode: Text.Wrap
                            elide: Text.ElideNone
                            Layout.fillWidth: true
                        }
                        SettingField { id: contract; key: "incentive.contract"; Layout.fillWidth: true; label: qsTr("Contract"); placeholder: "0x…"; mono: text !== ""; problem: text !== "" && !/^(0x[0-9a-fA-F]{40}|[ft]410f\w+)$/.test(text) ? qsTr("An address is 0x and 40 digits, or f410f…") : "" }
                        SettingField { id: miners; key: "incentive.miners"; Layout.fillWidth: true; label: qsTr("Own providers"); placeholder: "f01000"; problem: text !== "" && !/^\s*[ft]0\d+(\s*,\s*[ft]0\d+)*\s*$/.test(text) ? qsTr("Providers look like f01000; several with commas between them") : "" }
                        SettingField { id: wallet; key: "incentive.wallet"; Layout.fillWidth: true; label: qsTr("Wallet that signs"); placeholder: qsTr("one of the node's"); mono: text !== ""; help: wizard.app.payouts.balance !== "" ? qsTr("It has %1.").arg(wizard.format.fil(wizard.app.payouts.balance)) : qsTr("It pays the gas. Its key stays with the node.") }
                    }

                    // Folders.
                    ColumnLayout {
                        visible: wizard.step === 3
                        Layout.fillWidth: true
                        spacing: Theme.s3

                        SettingField { id: snapshotFolder; key: "snapshots.folder"; Layout.fillWidth: true; label: qsTr("Folder for snapshots, on the daemon's machine"); placeholder: qsTr("snapshots, in its data folder"); mono: text !== ""; help: qsTr("On mainnet one file has about 80 GB; without a file, pieces are served from memory.") }
                        Fact { label: qsTr("Settings"); value: wizard.app.settings.file; cid: true }
                    }

                    // Devices.
                    ColumnLayout {
                        visible: wizard.step === 4
                        Layout.fillWidth: true
                        spacing: Theme.s2
                        // Until then Qt 6.4 lays out what is gone.
                        onChildrenChanged: Qt.callLater(ensurePolished) // qmllint disable type

                        AppText {
                            text: wizard.app.devices.benchmarking ? qsTr("Each device hashes known vectors, then as quickly as it can for a moment.") : qsTr("What hashes on the daemon's machine:")
                            muted: true
                            wrapMode: Text.Wrap
                            elide: Text.ElideNone
                            Layout.fillWidth: true
                        }
                        ProgressLine {
                            visible: wizard.app.devices.benchmarking
                            Layout.fillWidth: true
                            label: qsTr("Testing and timing")
                        }
                        Repeater {
                            model: wizard.app.devices.model

                            RowLayout {
                                id: device

                                required property var record

                                visible: record.supported === true
                                Layout.fillWidth: true
                                spacing: Theme.s2

                                Icon { name: device.record.selected ? "check-circle" : "dot"; color: device.record.selected ? Theme.good : Theme.textFaint }
                                AppText { text: String(device.record.name ?? ""); font.weight: Font.Medium; Layout.preferredWidth: 120 }
                                AppText { text: String(device.record.description ?? ""); muted: true; Layout.fillWidth: true }
                                AppText { text: device.record.gib_per_s ? qsTr("%1 GiB/s").arg(Number(device.record.gib_per_s).toFixed(2)) : "" }
                            }
                        }
                    }

                    // Summary.
                    ColumnLayout {
                        visible: wizard.step === 5
                        Layout.fillWidth: true
                        spacing: 6

                        Fact { label: qsTr("Daemon"); value: wizard.app.session.name + ", " + wizard.app.session.version }
                        Fact { label: qsTr("Network"); value: wizard.app.session.network }
                        Fact { label: qsTr("State"); value: wizard.app.status.stateText }
                        Fact { label: qsTr("Contract"); value: contract.known; cid: true }
                        Fact { label: qsTr("Own providers"); value: miners.known }
                        Fact { label: qsTr("Hashes on"); value: wizard.app.devices.selected }
                        AppText {
                            visible: wizard.app.settings.restartNeeded
                            text: qsTr("Some of this has effect when the daemon is started anew.")
                            color: Theme.warning
                            wrapMode: Text.Wrap
                            elide: Text.ElideNone
                            Layout.fillWidth: true
                        }
                        AppText {
                            visible: !wizard.app.starter.demo
                            text: qsTr("Closing this window does not stop the daemon.")
                            muted: true
                            wrapMode: Text.Wrap
                            elide: Text.ElideNone
                            Layout.fillWidth: true
                            Layout.topMargin: Theme.s2
                        }
                    }
                }
            }
            Rectangle {
                Layout.fillWidth: true
                implicitHeight: 1
                color: Theme.borderMuted
            }
            RowLayout {
                Layout.fillWidth: true
                Layout.margins: Theme.s4
                Layout.leftMargin: Theme.s6
                Layout.rightMargin: Theme.s6
                spacing: Theme.s2

                AppButton {
                    text: qsTr("Not now")
                    kind: AppButton.Quiet
                    visible: wizard.step === 0
                    onClicked: wizard.done()
                }
                Item { Layout.fillWidth: true }
                AppButton {
                    text: qsTr("Back")
                    visible: wizard.step > 0
                    onClicked: wizard.step -= 1
                }
                AppButton {
                    text: wizard.step === wizard.steps.length - 1 ? qsTr("Done") : qsTr("Next")
                    kind: AppButton.Primary
                    enabled: wizard.canNext
                    onClicked: wizard.next()
                }
            }
        }
    }
}
