// SPDX-License-Identifier: Apache-2.0 OR MIT
import QtQuick
import QtQuick.Dialogs
import QtQuick.Layouts
import QtQuick.Templates as T
import FilFil
import FilFil.View

/*! Whose window is when: a lane for each provider, one's own on top; day, week and month. */
PageFrame {
    id: page

    readonly property var format: app.format
    readonly property var store: app.slotStore
    property alias calendar: calendar
    property string saved
    property string exportProblem
    property string exportRemedy

    function today(_) {
        calendar.today()
    }

    function openSlot(slot: var) {
        if (slot.slot === undefined || slot.slot === null)
            return
        sheet.slot = slot
        sheet.open()
    }

    function stateWord(slot: var): string {
        return slot.stateName ?? format.state(String(slot.state ?? ""))
    }

    title: qsTr("Slot calendar")
    subtitle: store.nextText !== "" ? (store.secondsToNext === 0 ? qsTr("your window %1").arg(store.nextText) : qsTr("your next window %1").arg(store.nextText)) : ""
    stores: [app.slotStore]
    filterField: calendar
    empty: store.loaded && store.model.count === 0

    emptyView: EmptyState {
        glyph: "calendar"
        title: qsTr("No window yet")
        message: qsTr("Windows go round between all providers that are registered with the contract. Those of your providers show here as soon as they are on its roster and a round has begun.")
        action: qsTr("Register a provider…")
        secondAction: qsTr("Settings")
        command: "fil-fil register f0…"
        onActed: registerDialog.open()
        onActedSecond: page.pageWanted("settings")
    }
    skeleton: Column {
        spacing: Theme.s2

        Repeater {
            model: 7

            Row {
                id: lane

                required property int index

                spacing: Theme.s3

                Skeleton { width: 90; height: 14; anchors.verticalCenter: parent.verticalCenter }
                Rectangle {
                    width: page.width - 190
                    height: 40
                    radius: Theme.radius
                    color: Theme.panel
                    border.color: Theme.borderMuted

                    Skeleton {
                        x: (lane.index * 97) % Math.max(1, parent.width - 60)
                        y: 8
                        width: 44
                        height: 24
                    }
                }
            }
        }
    }

    actions: [
        Segments {
            visible: page.width > 560
            label: qsTr("How much is shown")
            options: [qsTr("Day"), qsTr("Week"), qsTr("Month")]
            current: calendar.view
            onChosen: index => {
                calendar.view = index
                page.app.preferences.setValue("calendar/view", index)
            }
        },
        IconButton {
            glyph: "chevron-left"
            hint: qsTr("Earlier")
            keys: "PgUp"
            onClicked: calendar.goBack()
        },
        AppButton {
            text: qsTr("Today")
            keys: "T"
            enabled: !calendar.showsToday || calendar.zoomed
            onClicked: calendar.today()
        },
        IconButton {
            glyph: "chevron-right"
            hint: qsTr("Later")
            keys: "PgDn"
            onClicked: calendar.goForward()
        },
        IconButton {
            id: exportButton

            glyph: "download"
            hint: qsTr("Save as a picture…")
            onClicked: exportMenu.open()

            T.Popup {
                id: exportMenu

                parent: exportButton.background
                y: parent.height + 4
                x: parent.width - width
                width: 180
                padding: 4
                focus: true
                margins: 8
                closePolicy: T.Popup.CloseOnEscape | T.Popup.CloseOnPressOutside
                background: Rectangle { radius: Theme.radius; color: Theme.raised; border.color: Theme.border }
                contentItem: Column {
                    AppButton { width: 172; leading: true; kind: AppButton.Quiet; text: qsTr("PNG picture…"); onClicked: { exportMenu.close(); pngDialog.open() } }
                    AppButton { width: 172; leading: true; kind: AppButton.Quiet; text: qsTr("PDF page…"); onClicked: { exportMenu.close(); pdfDialog.open() } }
                }
            }
        }
    ]

    ColumnLayout {
        anchors.fill: parent
        anchors.bottomMargin: Theme.s4
        spacing: Theme.s3

        Banner {
            visible: page.exportProblem !== ""
            Layout.fillWidth: true
            title: page.exportProblem
            message: page.exportRemedy
            action: qsTr("Put away")
            onActed: page.exportProblem = ""
        }
        Flow {
            Layout.fillWidth: true
            spacing: Theme.s3

            AppText {
                height: Theme.controlHeight
                verticalAlignment: Text.AlignVCenter
                text: calendar.rangeTitle
                font.pixelSize: Theme.strong
                font.weight: Font.DemiBold
            }
            Repeater {
                model: page.store.providers

                Row {
                    id: provider

                    required property var record

                    spacing: Theme.s2

                    AppText {
                        height: Theme.controlHeight
                        verticalAlignment: Text.AlignVCenter
                        text: String(provider.record.miner ?? "")
                        muted: true
                    }
                    Choice {
                        readonly property var policies: ["ask", "automatic", "skip"]

                        width: 172
                        label: qsTr("What is done for %1's windows").arg(provider.record.miner ?? "")
                        hint: qsTr("What the daemon does by itself when a window of %1 opens").arg(provider.record.miner ?? "")
                        enabled: page.app.session.online && !page.app.session.readOnly
                        model: [qsTr("Ask me"), qsTr("Store by itself"), qsTr("Skip")]
                        currentIndex: Math.max(0, policies.indexOf(provider.record.policy ?? "ask"))
                        onActivated: index => page.store.setPolicy(provider.record.miner, policies[index])
                    }
                }
            }
        }
        Rectangle {
            Layout.fillWidth: true
            Layout.fillHeight: true
            Layout.minimumHeight: 160
            radius: Theme.radius + 2
            color: Theme.canvas

            SlotCalendar {
                id: calendar

                anchors.fill: parent
                anchors.margins: 1
                theme: paintTheme
                model: page.store.model
                utc: page.format.utc
                title: qsTr("Slot calendar")
                activeFocusOnTab: true
                focus: true
                mirrored: Theme.mirrored
                onSlotActivated: slot => page.openSlot(slot)
                onDayActivated: day => calendar.openDay(day)
                onSlotMenu: (slot, at) => {
                    menu.slot = slot
                    menu.x = Math.min(calendar.width - menu.width, at.x)
                    menu.y = Math.min(calendar.height - menu.height, at.y)
                    menu.open()
                }
                onExported: path => page.saved = path
                onExportFailed: (sentence, remedy) => {
                    page.exportProblem = sentence
                    page.exportRemedy = remedy
                }
                Component.onCompleted: view = Number(page.app.preferences.value("calendar/view", 0))

                FocusRing { shown: calendar.activeFocus; gap: -3 }
                // Narrower than a window, so that it hides nobody's colour. It does not breathe: this page is open all day.
                Glow {
                    readonly property real strength: 1

                    shader: "now_glow"
                    shown: calendar.nowLine.height > 0
                    color: Theme.bad
                    x: calendar.nowLine.x + calendar.nowLine.width / 2 - width / 2
                    y: calendar.nowLine.y
                    width: 18
                    height: calendar.nowLine.height
                }
                Item {
                    id: inside

                    anchors.fill: parent
                }
                HintTip {
                    over: calendar
                    visible: complete && calendar.hovered.slot !== undefined && calendar.hovered.slot !== null && !menu.visible
                    delay: 250
                    x: corner.x + Math.max(0, Math.min(calendar.width - implicitWidth, calendar.hoveredRect.x + calendar.hoveredRect.width / 2 - implicitWidth / 2))
                    y: corner.y + calendar.hoveredRect.y > implicitHeight + 12 ? corner.y + calendar.hoveredRect.y - implicitHeight - 6 : corner.y + calendar.hoveredRect.y + calendar.hoveredRect.height + 6
                    text: {
                        const slot = calendar.hovered
                        if (slot.slot === undefined || slot.slot === null)
                            return ""
                        return qsTr("Slot %1 · %2 · %3").arg(slot.slot).arg(slot.provider).arg(page.stateWord(slot)) + "\n"
                            + qsTr("%1 to %2, epochs %3 to %4").arg(page.format.time(slot.openTime ?? 0).slice(0, 16)).arg(page.format.timeOfDay(slot.closeTime ?? 0)).arg(page.format.epoch(slot.openEpoch ?? -1)).arg(page.format.epoch(slot.closeEpoch ?? -1))
                            + (slot.detail ? "\n" + slot.detail : "")
                    }
                }

                T.Popup {
                    id: menu

                    parent: inside
                    property var slot: ({})

                    width: 216
                    padding: 4
                    focus: true
                    closePolicy: T.Popup.CloseOnEscape | T.Popup.CloseOnPressOutside
                    background: Rectangle { radius: Theme.radius; color: Theme.raised; border.color: Theme.border }
                    contentItem: Column {
                        AppButton { width: 208; leading: true; kind: AppButton.Quiet; glyph: "info"; text: qsTr("Details"); onClicked: { menu.close(); page.openSlot(menu.slot) } }
                        AppButton { width: 208; leading: true; kind: AppButton.Quiet; glyph: "copy"; text: qsTr("Copy the slot's number"); onClicked: { clipboard.copy(String(menu.slot.slot)); menu.close() } }
                        AppButton { width: 208; leading: true; visible: menu.slot.own === true; kind: AppButton.Quiet; glyph: "deals"; text: qsTr("Store it"); enabled: page.app.session.online; onClicked: { menu.close(); page.app.deals.store(menu.slot.targetEpoch, menu.slot.provider) } }
                        AppButton { width: 208; leading: true; visible: menu.slot.dealId !== undefined && menu.slot.dealId !== null; kind: AppButton.Quiet; glyph: "refresh"; text: qsTr("Try its deal again"); onClicked: { menu.close(); page.app.deals.retry(menu.slot.dealId) } }
                        AppButton { width: 208; leading: true; visible: menu.slot.own === true; kind: AppButton.Quiet; glyph: "coin"; text: qsTr("Claim"); onClicked: { menu.close(); page.pageWanted("payouts") } }
                    }
                }
            }
            // Above it: what is painted goes into the corners.
            Rectangle {
                anchors.fill: parent
                radius: parent.radius
                color: "transparent"
                border.color: Theme.border
            }
        }
        SlotLegendRow {
            Layout.fillWidth: true
            visible: page.height > 420
            app: page.app
        }
    }

    ChartTheme { id: paintTheme }
    Clipboard { id: clipboard }

    Sheet {
        id: sheet

        property var slot: ({})
        readonly property bool own: slot.own === true
        readonly property var record: page.store.model && slot.provider !== undefined ? page.store.model.record(slot.provider + "/" + slot.slot) : ({})
        readonly property var deal: slot.dealId !== undefined && slot.dealId !== null ? page.app.deals.model.record(String(slot.dealId)) : ({})
        readonly property var provider: page.store.providers && slot.provider !== undefined ? page.store.providers.record(slot.provider) : ({})

        wide: 500
        app: page.app
        title: slot.slot !== undefined ? qsTr("Slot %1").arg(slot.slot) : ""
        subtitle: slot.provider !== undefined ? slot.provider + (own ? qsTr(" (yours)") : "") : ""

        actions: [
            AppButton {
                visible: sheet.own
                text: qsTr("Store it")
                glyph: "deals"
                kind: AppButton.Primary
                enabled: page.app.session.online
                hint: qsTr("Take its snapshot and give its pieces to the market")
                onClicked: page.app.deals.store(sheet.slot.targetEpoch, sheet.slot.provider)
            },
            AppButton {
                visible: sheet.deal.id !== undefined
                text: qsTr("Try its deal again")
                glyph: "refresh"
                onClicked: page.app.deals.retry(sheet.deal.id)
            },
            AppButton {
                visible: sheet.own
                text: qsTr("Claim…")
                glyph: "coin"
                onClicked: {
                    sheet.close()
                    page.pageWanted("payouts")
                }
            }
        ]

        RowLayout {
            Layout.fillWidth: true
            spacing: Theme.s2

            StateChip {
                state_: sheet.record.state ?? ""
                text: page.stateWord(sheet.slot)
            }
            AppText {
                Layout.fillWidth: true
                muted: true
                text: sheet.slot.openTime > page.format.now() ? qsTr("opens %1").arg(page.format.ago(sheet.slot.openTime)) : sheet.slot.closeTime > page.format.now() ? qsTr("closes %1").arg(page.format.ago(sheet.slot.closeTime)) : qsTr("closed %1").arg(page.format.ago(sheet.slot.closeTime ?? 0))
            }
        }
        AppText {
            visible: (sheet.slot.detail ?? "") !== ""
            text: String(sheet.slot.detail ?? "")
            wrapMode: Text.Wrap
            elide: Text.ElideNone
            Layout.fillWidth: true
        }
        Banner {
            visible: (sheet.deal.problem ?? "") !== ""
            Layout.fillWidth: true
            title: String(sheet.deal.problem ?? "")
            message: String(sheet.deal.problem_remedy ?? "")
            action: qsTr("Try again")
            onActed: page.app.deals.retry(sheet.deal.id)
        }
        ColumnLayout {
            Layout.fillWidth: true
            spacing: 6

            Fact { label: qsTr("Opens"); value: sheet.slot.openTime ? qsTr("%1 · epoch %2").arg(page.format.time(sheet.slot.openTime)).arg(page.format.epoch(sheet.slot.openEpoch)) : "" }
            Fact { label: qsTr("Closes"); value: sheet.slot.closeTime ? qsTr("%1 · epoch %2").arg(page.format.time(sheet.slot.closeTime)).arg(page.format.epoch(sheet.slot.closeEpoch)) : "" }
            Fact { visible: !page.format.utc; label: qsTr("In UTC"); value: sheet.slot.openTime ? page.format.isoTime(sheet.slot.openTime) : "" }
            Fact { label: qsTr("Snapshot of"); value: sheet.slot.targetEpoch !== undefined && sheet.slot.targetEpoch !== null ? qsTr("epoch %1").arg(page.format.epoch(sheet.slot.targetEpoch)) : "" }
            Fact { label: qsTr("Reward"); value: sheet.record.reward_atto ? page.format.fil(sheet.record.reward_atto) : qsTr("not staged yet") }
            Fact { label: qsTr("Round"); value: sheet.slot.round !== undefined && sheet.slot.round !== null ? qsTr("%1, place %2").arg(sheet.slot.round).arg(Number(sheet.slot.index ?? 0) + 1) : "" }
            Fact { visible: (sheet.deal.piece_cid ?? "") !== ""; label: qsTr("Piece CID"); value: sheet.deal.piece_cid ?? ""; cid: true }
            Fact { visible: sheet.deal.id !== undefined; label: qsTr("Deal"); value: sheet.deal.id !== undefined ? qsTr("%1, %2").arg(sheet.deal.id).arg(page.format.state(sheet.deal.stage ?? "")) : "" }
        }
        SettingRow {
            visible: sheet.own
            label: qsTr("When a window of %1 opens").arg(sheet.slot.provider ?? "")
            help: qsTr("Ask: you press “Store it”. By itself: the daemon does. Skip: the window is left.")

            Segments {
                readonly property var policies: ["ask", "automatic", "skip"]

                label: qsTr("Slot policy")
                options: [qsTr("Ask"), qsTr("By itself"), qsTr("Skip")]
                current: Math.max(0, policies.indexOf(sheet.provider.policy ?? "ask"))
                onChosen: index => page.store.setPolicy(sheet.slot.provider, policies[index])
            }
        }
    }
    ConfirmDialog {
        id: registerDialog

        title: qsTr("Register a provider")
        message: qsTr("It goes onto the contract's roster with the bond that is asked for now, from the next round on. The daemon's wallet has to be one of its controlling addresses.")
        action: qsTr("Register")
        actionEnabled: /^[ft]0\d+$/.test(minerField.text)
        onAccepted: page.store.registerProvider(minerField.text)

        Field {
            id: minerField

            Layout.fillWidth: true
            label: qsTr("Provider")
            placeholder: "f01000"
            problem: text !== "" && !/^[ft]0\d*$/.test(text) ? qsTr("Providers look like f01000") : ""
        }
        Fact {
            label: qsTr("Bond now")
            value: page.store.contract.bond_now ? page.format.fil(page.store.contract.bond_now) : ""
        }
    }
    FileDialog {
        id: pngDialog

        title: qsTr("Save the calendar as a picture")
        fileMode: FileDialog.SaveFile
        defaultSuffix: "png"
        nameFilters: [qsTr("PNG pictures (*.png)")]
        onAccepted: calendar.exportPng(selectedFile)
    }
    FileDialog {
        id: pdfDialog

        title: qsTr("Save the calendar as a page")
        fileMode: FileDialog.SaveFile
        defaultSuffix: "pdf"
        nameFilters: [qsTr("PDF files (*.pdf)")]
        onAccepted: calendar.exportPdf(selectedFile)
    }
}
