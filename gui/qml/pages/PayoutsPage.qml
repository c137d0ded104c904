// SPDX-License-Identifier: Apache-2.0 OR MIT
import QtQuick
import QtQuick.Dialogs
import QtQuick.Layouts
import FilFil
import FilFil.Model

/*! What was earned, what is to come, what may be lost, and taking it. */
PageFrame {
    id: page

    readonly property var format: app.format
    readonly property var payouts: app.payouts
    readonly property bool owed: payouts.unclaimed !== "" && payouts.unclaimed !== "0"

    function claimSheet(_) {
        claim.open()
        payouts.claim(true)
    }

    title: qsTr("Payouts")
    subtitle: payouts.wallet !== "" && payouts.balance !== "" ? qsTr("wallet: %1").arg(format.fil(payouts.balance)) : ""
    stores: [app.payouts]
    filterField: search
    empty: payouts.loaded && payouts.model.count === 0 && payouts.providers.count === 0

    emptyView: EmptyState {
        glyph: "payouts"
        title: qsTr("Nothing was earned yet")
        message: qsTr("The contract pays for each piece of a snapshot that stays in a sector. What your providers hold shows here as soon as the first one is stored.")
        action: qsTr("Slot calendar")
        command: "fil-fil register f0…"
        onActed: page.pageWanted("calendar")
    }

    actions: [
        AppButton {
            text: page.width < 620 ? "" : qsTr("Save as CSV…")
            glyph: "download"
            hint: qsTr("Save all holdings as CSV")
            enabled: page.payouts.loaded && page.payouts.model.count > 0
            onClicked: csvDialog.open()
        },
        AppButton {
            text: qsTr("Claim…")
            glyph: "coin"
            kind: AppButton.Primary
            hint: qsTr("See what can be claimed; nothing is sent before you say so")
            enabled: page.app.session.online && page.payouts.loaded
            onClicked: page.claimSheet(null)
        }
    ]

    RecordProxy {
        id: rows

        records: page.payouts.model
        sortKey: "slot"
        descending: true
        filterText: search.text
    }
    RecordProxy {
        id: transactionRows

        records: page.payouts.transactions
    }

    ColumnLayout {
        anchors.fill: parent
        anchors.bottomMargin: Theme.s6
        spacing: Theme.s4

        GridLayout {
            columns: page.width < 460 ? 1 : page.width < 860 ? 2 : 4
            columnSpacing: Theme.s3
            rowSpacing: Theme.s3
            visible: page.height > 380
            Layout.fillWidth: true

            StatCard {
                Layout.fillWidth: true
                Layout.preferredWidth: 10
                glyph: "payouts"
                label: qsTr("Earned so far")
                value: page.format.fil(page.payouts.earned)
                note: qsTr("credited by the contract")
                onClicked: search.forceActiveFocus()
            }
            StatCard {
                Layout.fillWidth: true
                Layout.preferredWidth: 10
                glyph: "clock"
                label: qsTr("To come")
                value: page.format.fil(page.payouts.pending)
                note: qsTr("while the sectors live")
                onClicked: search.forceActiveFocus()
            }
            StatCard {
                readonly property bool some: page.payouts.atRisk !== "" && page.payouts.atRisk !== "0"

                Layout.fillWidth: true
                Layout.preferredWidth: 10
                glyph: "warning"
                label: qsTr("At risk")
                value: page.format.fil(page.payouts.atRisk)
                tone: some ? "warning" : ""
                note: some ? qsTr("see the column At risk") : qsTr("nothing that is known of")
                onClicked: search.forceActiveFocus()
            }
            StatCard {
                Layout.fillWidth: true
                Layout.preferredWidth: 10
                glyph: "coin"
                label: qsTr("To be claimed")
                value: page.format.fil(page.payouts.unclaimed)
                tone: page.owed ? "good" : ""
                note: page.owed ? qsTr("press to see what it costs") : qsTr("all was taken")
                onClicked: page.claimSheet(null)
            }
        }
        GridLayout {
            columns: page.width < 860 ? 1 : 2
            columnSpacing: Theme.s4
            visible: page.height > 560
            Layout.fillWidth: true

            Card {
                Layout.fillWidth: true
                Layout.preferredWidth: 20
                Layout.fillHeight: true
                title: qsTr("Earned by month")

                MonthBars {
                    Layout.fillWidth: true
                    Layout.fillHeight: true
                    months: page.payouts.months
                }
            }
            Card {
                visible: page.width >= 860
                Layout.fillWidth: true
                Layout.preferredWidth: 12
                Layout.fillHeight: true
                title: transactionRows.count > 0 ? qsTr("On the chain now") : qsTr("Providers")

                Repeater {
                    model: transactionRows.count > 0 ? transactionRows : null

                    RowLayout {
                        id: transaction

                        required property var record

                        Layout.fillWidth: true
                        spacing: Theme.s2

                        AppText { text: transaction.record.title ?? ""; Layout.fillWidth: true }
                        StateChip { state_: transaction.record.phase ?? ""; text: page.format.state(transaction.record.phase ?? "") }
                        CopyButton { value: transaction.record.hash ?? ""; what: qsTr("transaction hash") }
                    }
                }
                Repeater {
                    model: transactionRows.count > 0 ? null : page.payouts.providers

                    ColumnLayout {
                        id: provider

                        required property var record

                        Layout.fillWidth: true
                        spacing: Theme.s1

                        RowLayout {
                            Layout.fillWidth: true
                            spacing: Theme.s2

                            AppText { text: provider.record.miner ?? ""; font.weight: Font.DemiBold; Layout.fillWidth: true }
                            StateChip { state_: provider.record.standing ?? ""; text: page.format.state(provider.record.standing ?? "") }
                        }
                        Fact { label: qsTr("Bond"); value: page.format.fil(provider.record.bond ?? "0") }
                        Fact { label: qsTr("To be claimed"); value: page.format.fil(provider.record.credit ?? "0") }
                        Fact { label: qsTr("Misses in a row"); value: page.format.number(provider.record.misses ?? 0) }
                    }
                }
                Item { Layout.fillHeight: true }
            }
        }
        SearchField {
            id: search

            placeholder: qsTr("Filter by provider, slot, state…")
            implicitWidth: 260
        }
        DataTable {
            Layout.fillWidth: true
            Layout.fillHeight: true
            Layout.minimumHeight: 120
            title: qsTr("Holdings")
            name: "payouts"
            preferences: page.app.preferences
            proxy: rows
            stretch: "risk"
            hiddenAtFirst: ["share"]
            widthsAtFirst: ({ state: 104, miner: 92 })
        }
    }

    Sheet {
        id: claim

        readonly property var result: page.payouts.claimResult
        readonly property bool dry: result.dry_run === true
        readonly property bool worth: dry && (result.items ?? []).some(item => item.outcome === "would_send")

        app: page.app
        title: qsTr("Claim")
        subtitle: page.payouts.claiming ? qsTr("The contract is asked; this can take a while.")
            : result.items === undefined ? "" : dry ? qsTr("This is what would be done. Nothing was sent yet.") : qsTr("This is what was done.")
        wide: 560
        actions: [
            AppButton {
                visible: claim.dry
                text: qsTr("Send it")
                kind: AppButton.Primary
                enabled: claim.worth && !page.payouts.claiming && page.app.session.online
                onClicked: confirmClaim.open()
            },
            AppButton {
                text: qsTr("Look again")
                glyph: "refresh"
                busy: page.payouts.claiming
                enabled: !page.payouts.claiming
                onClicked: page.payouts.claim(true)
            }
        ]

        SkeletonRows {
            visible: page.payouts.claiming && claim.result.items === undefined
            Layout.fillWidth: true
            count: 5
        }
        ColumnLayout {
            visible: claim.result.items !== undefined
            Layout.fillWidth: true
            spacing: 6

            Fact { label: claim.dry ? qsTr("Would come in") : qsTr("Came in"); value: page.format.fil(claim.result.withdrawn ?? "0"); tone: "good" }
            Fact { label: claim.dry ? qsTr("Would be settled") : qsTr("Settled"); value: page.format.fil(claim.result.due ?? "0") }
            Fact { label: qsTr("Still to come"); value: page.format.fil(claim.result.to_come ?? "0") }
            Fact { label: qsTr("Gas"); value: page.format.fil(claim.result.cost ?? "0") }
            Fact { label: qsTr("Pieces held"); value: page.format.number(claim.result.held ?? 0) }
            Fact { visible: (claim.result.failed ?? 0) > 0; label: qsTr("Failed"); value: page.format.number(claim.result.failed ?? 0); tone: "bad" }
        }
        Repeater {
            model: claim.result.items ?? []

            RowLayout {
                id: item

                required property var modelData

                Layout.fillWidth: true
                spacing: Theme.s2

                ColumnLayout {
                    Layout.fillWidth: true
                    spacing: 1

                    AppText {
                        text: item.modelData.kind === "withdraw" ? qsTr("Withdraw %1 for %2").arg(page.format.fil(item.modelData.amount ?? "0")).arg(item.modelData.miner)
                            : item.modelData.kind === "activate" ? qsTr("Activate piece %1 of slot %2").arg(item.modelData.piece ?? 0).arg(item.modelData.slot)
                            : qsTr("Settle piece %1 of slot %2: %3").arg(item.modelData.piece ?? 0).arg(item.modelData.slot).arg(page.format.fil(item.modelData.due ?? "0"))
                        Layout.fillWidth: true
                    }
                    AppText {
                        text: item.modelData.error ? (item.modelData.error.message ?? String(item.modelData.error)) : item.modelData.cost ? qsTr("gas %1").arg(page.format.fil(item.modelData.cost)) : ""
                        visible: text !== ""
                        color: item.modelData.error ? Theme.bad : Theme.textMuted
                        font.pixelSize: Theme.small
                        wrapMode: Text.Wrap
                        elide: Text.ElideNone
                        Layout.fillWidth: true
                    }
                }
                StateChip { state_: item.modelData.outcome ?? ""; text: page.format.state(item.modelData.outcome ?? "") }
                CopyButton { visible: (item.modelData.hash ?? "") !== ""; value: item.modelData.hash ?? ""; what: qsTr("transaction hash") }
            }
        }
        AppText {
            visible: claim.result.items !== undefined && claim.result.items.length === 0
            text: qsTr("There is nothing to be claimed.")
            muted: true
        }
    }
    ConfirmDialog {
        id: confirmClaim

        title: qsTr("Send these transactions?")
        message: qsTr("%1 goes to the owners of your providers; the gas of about %2 is paid by the daemon's wallet.").arg(page.format.fil(claim.result.withdrawn ?? "0")).arg(page.format.fil(claim.result.cost ?? "0"))
        action: qsTr("Send")
        onAccepted: page.payouts.claim(false)
    }
    FileDialog {
        id: csvDialog

        title: qsTr("Save all holdings")
        fileMode: FileDialog.SaveFile
        defaultSuffix: "csv"
        nameFilters: [qsTr("CSV files (*.csv)")]
        onAccepted: page.payouts.exportCsv(selectedFile)
    }
}
