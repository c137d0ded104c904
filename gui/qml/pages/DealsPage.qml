// SPDX-License-Identifier: Apache-2.0 OR MIT
import QtQuick
import QtQuick.Dialogs
import QtQuick.Layouts
import FilFil
import FilFil.Model

/*! Pieces on their way into sectors: how far each is, when it will be there, what stands in the way. */
PageFrame {
    id: page

    readonly property var format: app.format
    readonly property var names: app.deals.stageNames()
    readonly property var ends: ["missed", "failed", "cancelled"]
    property var shownStages: []

    function preflightSheet(_) {
        preflight.open()
        app.deals.runPreflight("")
    }

    function openDetail(key: string) {
        app.deals.show(Number(key))
        sheet.shownId = Number(key)
        sheet.open()
    }

    function toggle(stages: var, on: bool) {
        const next = shownStages.filter(stage => !stages.includes(stage))
        shownStages = on ? next.concat(stages) : next
    }

    function stepsOf(deal: var, whole: bool): var {
        const reached = {}
        for (const step of Array.isArray(deal.timeline) ? deal.timeline : [])
            if (step)
                reached[step.stage] = step
        const stage = deal.stage ?? ""
        const at = names.indexOf(stage)
        const ended = ends.includes(stage)
        let last = at
        if (ended)
            names.forEach((name, index) => { if (reached[name]) last = Math.max(last, index) })
        const steps = names.map((name, index) => {
            const step = reached[name]
            const state = ended ? (index < last ? "done" : index === last ? "failed" : "ahead")
                : index < at || stage === "paid" ? "done" : index === at ? "now" : "ahead"
            return {
                title: format.state(name),
                state: state,
                note: step ? format.time(step.at) : state === "done" ? qsTr("left out") : ""
            }
        })
        if (ended && whole)
            steps.splice(last + 1, steps.length, { title: format.state(stage), state: "failed", note: reached[stage] ? format.time(reached[stage].at) : "" })
        return steps
    }

    title: qsTr("Deals")
    subtitle: app.deals.loaded ? qsTr("%n on the way", "", app.deals.openCount) : ""
    stores: [app.deals]
    filterField: search
    empty: app.deals.loaded && app.deals.model.count === 0

    emptyView: EmptyState {
        glyph: "deals"
        title: qsTr("No deal yet")
        message: page.app.slotStore.next.target_epoch !== undefined
            ? qsTr("When your window opens, its pieces are given to your market and followed here until they are paid. Next: epoch %1, %2.").arg(page.format.epoch(page.app.slotStore.next.target_epoch)).arg(page.app.slotStore.nextText)
            : qsTr("When a window of yours opens, its pieces are given to your market and followed here until they are paid.")
        action: qsTr("Is all ready?")
        secondAction: qsTr("Slot calendar")
        command: "fil-fil preflight"
        onActed: page.preflightSheet(null)
        onActedSecond: page.pageWanted("calendar")
    }

    actions: [
        AppButton {
            text: qsTr("Is all ready?")
            glyph: "check-circle"
            hint: qsTr("Ask the contract, the market and the node whether the next window would go well")
            enabled: page.app.session.online
            onClicked: page.preflightSheet(null)
        }
    ]

    RecordProxy {
        id: rows

        records: page.app.deals.model
        stateKey: "stage"
        states: page.shownStages
        sortKey: "id"
        descending: true
        filterText: search.text
    }

    ColumnLayout {
        anchors.fill: parent
        anchors.bottomMargin: Theme.s6
        spacing: Theme.s3

        Card {
            visible: page.height > 420
            Layout.fillWidth: true
            title: qsTr("On the way")
            note: page.app.deals.lateCount > 0 ? qsTr("%n late", "", page.app.deals.lateCount) : ""

            RowLayout {
                Layout.fillWidth: true
                spacing: 0
                // Until then Qt 6.4 lays out what is gone.
                onChildrenChanged: Qt.callLater(ensurePolished) // qmllint disable type

                Repeater {
                    model: page.app.deals.stages

                    ColumnLayout {
                        id: column

                        required property int index
                        required property var modelData
                        readonly property bool some: modelData.count > 0

                        Layout.fillWidth: true
                        Layout.preferredWidth: 10
                        Layout.alignment: Qt.AlignTop
                        spacing: 4

                        AppText {
                            Layout.fillWidth: true
                            horizontalAlignment: Text.AlignHCenter
                            text: column.modelData.count
                            font.pixelSize: Theme.title
                            font.weight: Font.DemiBold
                            color: column.some ? Theme.text : Theme.textFaint
                        }
                        Rectangle {
                            Layout.fillWidth: true
                            Layout.leftMargin: 2
                            Layout.rightMargin: 2
                            implicitHeight: 4
                            radius: 2
                            color: column.some ? Theme.tone(States.tone(column.modelData.stage)) : Theme.border
                        }
                        AppText {
                            Layout.fillWidth: true
                            horizontalAlignment: Text.AlignHCenter
                            text: column.modelData.title
                            font.pixelSize: page.width < 1000 ? Theme.caption : Theme.small
                            muted: true
                            wrapMode: Text.WordWrap
                            maximumLineCount: 2
                            elide: Text.ElideRight
                        }
                    }
                }
            }
        }
        Flow {
            Layout.fillWidth: true
            spacing: Theme.s2

            SearchField {
                id: search

                placeholder: qsTr("Filter by provider, epoch, CID…")
                width: 260
            }
            Item { width: 4; height: 1 }
            FilterChip {
                text: qsTr("On the way")
                count: page.app.deals.openCount
                onToggled: page.toggle(["planned", "snapshot", "commp", "proposing", "proposed", "fetching", "publishing", "sealing", "proven", "notified"], checked)
            }
            FilterChip {
                text: qsTr("Paid")
                onToggled: page.toggle(["paid"], checked)
            }
            FilterChip {
                text: qsTr("Failed or missed")
                count: page.app.deals.failedCount
                onToggled: page.toggle(["failed", "missed"], checked)
            }
            FilterChip {
                text: qsTr("Cancelled")
                onToggled: page.toggle(["cancelled"], checked)
            }
        }
        DataTable {
            Layout.fillWidth: true
            Layout.fillHeight: true
            Layout.minimumHeight: 120
            title: qsTr("Deals")
            name: "deals"
            preferences: page.app.preferences
            proxy: rows
            stretch: "problem"
            hiddenAtFirst: ["piece_cid", "close_time", "market", "padded_size", "sector", "changed_at"]
            cells: ({ progress: pipelineCell })
            onOpened: key => page.openDetail(key)
        }
        RowLayout {
            visible: page.app.deals.more
            Layout.alignment: Qt.AlignHCenter

            AppButton {
                text: qsTr("Load older ones")
                kind: AppButton.Quiet
                onClicked: page.app.deals.loadMore()
            }
        }
    }

    Component {
        id: pipelineCell

        Item {
            id: pipeline

            property var record
            property string display
            property var raw

            StepStrip {
                anchors.verticalCenter: parent.verticalCenter
                width: parent.width
                height: 10
                small: true
                steps: page.stepsOf(pipeline.record ?? {}, false)
            }
        }
    }

    Sheet {
        id: sheet

        property real shownId: -1
        readonly property var it: page.app.deals.detail.id === shownId ? page.app.deals.detail : (page.app.deals.model.record(String(shownId)) ?? {})
        readonly property bool ended: page.ends.includes(it.stage)
        readonly property var trouble: it.error ?? null

        app: page.app
        title: it.id !== undefined ? qsTr("Deal %1").arg(it.id) : qsTr("Deal")
        subtitle: it.miner !== undefined ? qsTr("piece %1 of slot %2 for %3").arg(it.piece ?? 0).arg(it.slot).arg(it.miner) : ""
        wide: 500

        actions: [
            AppButton {
                text: sheet.ended ? qsTr("Try again") : qsTr("Try now")
                glyph: "refresh"
                enabled: sheet.it.stage !== "paid" && page.app.session.online
                onClicked: page.app.deals.retry(sheet.shownId)
            },
            AppButton {
                text: qsTr("Save the evidence…")
                glyph: "download"
                hint: qsTr("All that shows what became of this deal, in one file")
                onClicked: evidenceDialog.open()
            },
            AppButton {
                text: qsTr("Cancel the deal…")
                glyph: "cross"
                enabled: sheet.it.open === true
                onClicked: cancelDialog.open()
            }
        ]

        Banner {
            visible: sheet.trouble !== null && (sheet.trouble.message ?? "") !== ""
            Layout.fillWidth: true
            tone: sheet.ended ? "bad" : "warning"
            title: sheet.trouble ? sheet.trouble.message ?? "" : ""
            message: sheet.trouble ? sheet.trouble.remedy ?? "" : ""
            action: qsTr("Try now")
            onActed: page.app.deals.retry(sheet.shownId)
        }
        RowLayout {
            Layout.fillWidth: true
            spacing: Theme.s2

            StateChip {
                state_: sheet.it.stage ?? ""
                text: page.format.state(sheet.it.stage ?? "")
            }
            Chip {
                visible: sheet.it.late === true
                tone: "warning"
                text: qsTr("late")
            }
            AppText {
                Layout.fillWidth: true
                muted: true
                text: sheet.it.predicted_at ? qsTr("stored %1, by earlier deals").arg(page.format.ago(sheet.it.predicted_at)) : sheet.it.open === true ? qsTr("estimating when it will be stored") : ""
            }
        }
        Timeline {
            Layout.fillWidth: true
            steps: page.stepsOf(sheet.it, true)
        }
        ColumnLayout {
            Layout.fillWidth: true
            spacing: 6

            Fact { label: qsTr("Market"); value: sheet.it.market ?? "" }
            Fact { label: qsTr("Deal there"); value: sheet.it.market_id ?? ""; cid: true }
            Fact { label: qsTr("It says"); value: (sheet.it.market_says ?? {}).said ?? "" }
            Fact { label: qsTr("Sector"); value: sheet.it.sector !== undefined && sheet.it.sector !== null ? String(sheet.it.sector) : "" }
            Fact { label: qsTr("Piece CID"); value: sheet.it.piece_cid ?? ""; cid: true }
            Fact { label: qsTr("Size"); value: sheet.it.payload_size ? qsTr("%1 padded to %2").arg(page.format.bytes(sheet.it.payload_size)).arg(page.format.bytes(sheet.it.padded_size)) : "" }
            Fact { label: qsTr("Snapshot of"); value: sheet.it.target_epoch !== undefined ? qsTr("epoch %1, %2").arg(page.format.epoch(sheet.it.target_epoch)).arg(page.format.epochTime(sheet.it.target_epoch)) : "" }
            Fact { label: qsTr("Window"); value: sheet.it.open_time ? qsTr("%1 to %2").arg(page.format.time(sheet.it.open_time)).arg(page.format.time(sheet.it.close_time)) : "" }
        }
        ColumnLayout {
            visible: (sheet.it.steps ?? []).length > 0
            Layout.fillWidth: true
            spacing: 4
            // Until then Qt 6.4 lays out what is gone.
            onChildrenChanged: Qt.callLater(ensurePolished) // qmllint disable type

            AppText { text: qsTr("All that happened"); font.weight: Font.DemiBold }
            Repeater {
                model: sheet.it.steps ?? []

                RowLayout {
                    id: step

                    required property var modelData

                    Layout.fillWidth: true
                    spacing: Theme.s3

                    AppText { text: page.format.time(step.modelData.at ?? 0).slice(5, 19); muted: true; font.pixelSize: Theme.small; Layout.preferredWidth: 104 }
                    AppText {
                        text: (step.modelData.kind === "stage" ? page.format.state(step.modelData.name ?? "") : step.modelData.name ?? "")
                            + (step.modelData.details && step.modelData.details.said ? ": " + step.modelData.details.said : "")
                        font.pixelSize: Theme.small
                        wrapMode: Text.Wrap
                        elide: Text.ElideNone
                        Layout.fillWidth: true
                    }
                }
            }
        }
    }
    Sheet {
        id: preflight

        readonly property var answer: page.app.deals.preflight

        app: page.app
        title: qsTr("Is all ready for the next window?")
        subtitle: page.app.deals.preflightRunning ? qsTr("Asking the contract, the market and the node…") : answer.ready === undefined ? "" : answer.ready ? qsTr("Nothing stands in the way") : qsTr("A deal would fail as it is now")
        wide: 560
        actions: AppButton {
            text: qsTr("Look again")
            glyph: "refresh"
            busy: page.app.deals.preflightRunning
            enabled: !page.app.deals.preflightRunning
            onClicked: page.app.deals.runPreflight("")
        }

        Banner {
            visible: page.app.deals.preflightError !== ""
            Layout.fillWidth: true
            title: page.app.deals.preflightError
            action: qsTr("Try again")
            onActed: page.app.deals.runPreflight("")
        }
        SkeletonRows {
            visible: page.app.deals.preflightRunning && preflight.answer.miners === undefined
            Layout.fillWidth: true
            count: 6
        }
        Repeater {
            model: preflight.answer.miners ?? []

            ColumnLayout {
                id: miner

                required property var modelData

                Layout.fillWidth: true
                spacing: Theme.s2
                // Until then Qt 6.4 lays out what is gone.
                onChildrenChanged: Qt.callLater(ensurePolished) // qmllint disable type

                RowLayout {
                    Layout.fillWidth: true
                    spacing: Theme.s2

                    AppText { text: miner.modelData.miner ?? ""; font.weight: Font.DemiBold; font.pixelSize: Theme.strong }
                    Chip { tone: miner.modelData.ready ? "good" : "bad"; text: miner.modelData.ready ? qsTr("ready") : qsTr("not ready") }
                    AppText {
                        Layout.fillWidth: true
                        muted: true
                        text: miner.modelData.state === "none" ? qsTr("no window") : miner.modelData.state === "open" ? qsTr("closes %1").arg(page.format.ago(miner.modelData.close_time ?? 0)) : miner.modelData.open_time ? qsTr("opens %1").arg(page.format.ago(miner.modelData.open_time)) : ""
                    }
                }
                Repeater {
                    model: miner.modelData.rows ?? []

                    RowLayout {
                        id: row

                        required property var modelData

                        Layout.fillWidth: true
                        spacing: 10

                        Icon {
                            name: ({ good: "check-circle", warning: "warning", bad: "cross-circle" })[row.modelData.state] ?? "dashed"
                            color: Theme.tone(States.tone(row.modelData.state ?? ""))
                            Layout.alignment: Qt.AlignTop
                            Layout.topMargin: 2
                        }
                        ColumnLayout {
                            Layout.fillWidth: true
                            spacing: 1

                            AppText { text: row.modelData.what ?? ""; wrapMode: Text.Wrap; elide: Text.ElideNone; Layout.fillWidth: true }
                            AppText { text: row.modelData.found ?? ""; muted: true; font.pixelSize: Theme.small; wrapMode: Text.Wrap; elide: Text.ElideNone; Layout.fillWidth: true }
                            AppText {
                                visible: text !== ""
                                text: String(row.modelData.fix ?? "")
                                color: Theme.accent
                                font.pixelSize: Theme.small
                                wrapMode: Text.Wrap
                                elide: Text.ElideNone
                                Layout.fillWidth: true
                            }
                        }
                    }
                }
            }
        }
    }
    ConfirmDialog {
        id: cancelDialog

        title: qsTr("Take this deal back?")
        message: qsTr("It is taken back from the market too, where that can be done. A window whose snapshot is not stored counts as missed.")
        action: qsTr("Take it back")
        cancel: qsTr("Keep it")
        dangerous: true
        onAccepted: page.app.deals.cancel(sheet.shownId)
    }
    FileDialog {
        id: evidenceDialog

        title: qsTr("Save the evidence of this deal")
        fileMode: FileDialog.SaveFile
        defaultSuffix: "json"
        nameFilters: [qsTr("JSON files (*.json)")]
        onAccepted: page.app.deals.exportEvidence(sheet.shownId, selectedFile)
    }
}
