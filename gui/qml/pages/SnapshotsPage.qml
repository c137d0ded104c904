// SPDX-License-Identifier: Apache-2.0 OR MIT
import QtQuick
import QtQuick.Layouts
import FilFil
import FilFil.Model

/*! Snapshots that were taken, those that are being taken, what is held for them, and those that are taken by themselves. */
PageFrame {
    id: page

    readonly property var format: app.format
    readonly property var detail: app.snapshots.detail
    readonly property var job: app.jobs.snapshotJob
    readonly property bool busy: job.id !== undefined
    property int tab: 0

    function takeSheet(_) {
        takeDialog.open()
    }

    function previousOf(id: real): var {
        const model = app.snapshots.model
        let best = null
        for (let row = 0; row < model.count; ++row) {
            const one = model.recordAt(row)
            if (one.id < id && (best === null || one.id > best.id))
                best = one
        }
        return best
    }

    function openDetail(key: string) {
        app.snapshots.show(Number(key))
        detailSheet.shownId = Number(key)
        detailSheet.open()
    }

    title: qsTr("Snapshots")
    subtitle: app.snapshots.loaded ? qsTr("%n taken", "", app.snapshots.model.count) : ""
    stores: [app.snapshots]
    filterField: search
    empty: app.snapshots.loaded && app.snapshots.model.count === 0 && !busy && tab === 0 && app.snapshots.schedules.count === 0 && app.snapshots.holds.count === 0

    emptyView: EmptyState {
        glyph: "snapshots"
        title: qsTr("No snapshot yet")
        message: qsTr("A snapshot is one CAR file with every header back to genesis and the state of the last epochs. The daemon has it in memory: taking one needs seconds.")
        action: qsTr("Take one now…")
        command: "fil-fil take-snapshot"
        onActed: page.takeSheet(null)
    }

    actions: [
        AppButton {
            text: qsTr("Take a snapshot…")
            glyph: "plus"
            kind: AppButton.Primary
            enabled: page.app.session.online
            onClicked: page.takeSheet(null)
        }
    ]

    RecordProxy {
        id: snapshotRows

        records: page.app.snapshots.model
        sortKey: "id"
        descending: true
        filterText: page.tab === 0 ? search.text : ""
    }
    RecordProxy {
        id: holdRows

        records: page.app.snapshots.holds
        filterText: page.tab === 1 ? search.text : ""
    }
    RecordProxy {
        id: scheduleRows

        records: page.app.snapshots.schedules
        filterText: page.tab === 2 ? search.text : ""
    }

    ColumnLayout {
        anchors.fill: parent
        anchors.bottomMargin: Theme.s6
        spacing: Theme.s3

        Card {
            visible: page.busy && page.height > 420
            Layout.fillWidth: true
            title: qsTr("Snapshot of epoch %1").arg(page.format.epoch((page.job.params ?? {}).epoch ?? -1))
            note: page.job.stage ?? ""
            actions: AppButton {
                text: page.job.stopping ? qsTr("Stopping…") : qsTr("Cancel")
                enabled: !page.job.stopping
                kind: AppButton.Quiet
                onClicked: page.app.jobs.cancel(page.job.id)
            }

            StepStrip {
                Layout.fillWidth: true
                visible: page.height > 520
                small: page.width < 560
                working: page.busy && page.job.state !== "queued"
                steps: {
                    const stage = String(page.job.stage ?? "")
                    const order = [qsTr("Queued"), qsTr("Laying out"), qsTr("Writing and hashing"), qsTr("Done")]
                    const now = page.job.state === "queued" ? 0 : stage.includes("hash") || stage.includes("writ") ? 2 : 1
                    return order.map((title, index) => ({ title: title, state: index < now ? "done" : index === now ? "now" : "ahead" }))
                }
            }
            ProgressLine {
                Layout.fillWidth: true
                label: page.job.total_bytes > 0 ? qsTr("%1 of %2").arg(page.format.bytes(page.job.done_bytes)).arg(page.format.bytes(page.job.total_bytes)) : (page.job.stage ?? "")
                value: page.job.total_bytes > 0 ? page.job.done_bytes / page.job.total_bytes : -1
                rate: page.format.rate(page.job.bytes_per_second ?? -1)
                eta: page.job.seconds_left !== undefined && page.job.seconds_left !== null ? page.format.duration(page.job.seconds_left) : ""
            }
            Spark {
                id: throughput

                property var samples: []

                visible: samples.length > 2 && page.height > 620
                Layout.fillWidth: true
                values: samples
                unit: value => page.format.rate(value)

                Connections {
                    target: page.app.jobs
                    function onCountsChanged() {
                        if (!page.busy) {
                            throughput.samples = []
                            return
                        }
                        throughput.samples = throughput.samples.concat([page.job.bytes_per_second ?? 0]).slice(-120)
                    }
                }
            }
        }
        Flow {
            Layout.fillWidth: true
            spacing: Theme.s3

            Segments {
                label: qsTr("What is shown")
                options: [qsTr("Snapshots"), qsTr("Holds (%1)").arg(page.app.snapshots.holds.count), qsTr("Schedules (%1)").arg(page.app.snapshots.schedules.count)]
                current: page.tab
                onChosen: index => page.tab = index
            }
            SearchField {
                id: search

                placeholder: qsTr("Filter by epoch, CID, path…")
                width: 260
            }
            AppButton {
                visible: page.tab === 2
                text: qsTr("Add a schedule…")
                glyph: "plus"
                onClicked: scheduleDialog.open()
            }
            AppButton {
                visible: page.tab === 1
                text: qsTr("Hold an epoch…")
                glyph: "plus"
                onClicked: holdDialog.open()
            }
        }
        DataTable {
            visible: page.tab === 0
            Layout.fillWidth: true
            Layout.fillHeight: true
            Layout.minimumHeight: 120
            title: qsTr("Snapshots")
            name: "snapshots"
            preferences: page.app.preferences
            proxy: snapshotRows
            stretch: "piece_cid"
            hiddenAtFirst: ["device", "blocks", "path"]
            onOpened: key => page.openDetail(key)
        }
        DataTable {
            visible: page.tab === 1
            Layout.fillWidth: true
            Layout.fillHeight: true
            title: qsTr("Holds")
            name: "holds"
            preferences: page.app.preferences
            proxy: holdRows
            stretch: "reason"
            onOpened: key => releaseDialog.ask(key)
        }
        DataTable {
            visible: page.tab === 2
            Layout.fillWidth: true
            Layout.fillHeight: true
            title: qsTr("Schedules")
            name: "schedules"
            preferences: page.app.preferences
            proxy: scheduleRows
            onOpened: key => removeDialog.ask(key)
        }
        RowLayout {
            visible: page.tab === 0 && page.app.snapshots.more
            Layout.alignment: Qt.AlignHCenter

            AppButton {
                text: qsTr("Load older ones")
                kind: AppButton.Quiet
                onClicked: page.app.snapshots.loadMore()
            }
        }
    }

    Sheet {
        id: detailSheet

        property real shownId: -1
        readonly property var it: page.detail.id === shownId ? page.detail : (page.app.snapshots.model.record(String(shownId)) ?? {})
        readonly property var before: opened && shownId >= 0 ? page.previousOf(shownId) : null
        readonly property var change: before !== null ? page.app.snapshots.difference(shownId, before.id) : ({})
        readonly property var checked: page.app.snapshots.checked

        app: page.app
        title: it.epoch !== undefined ? qsTr("Snapshot of epoch %1").arg(page.format.epoch(it.epoch)) : qsTr("Snapshot")
        subtitle: it.taken_at !== undefined ? qsTr("taken %1").arg(page.format.time(it.taken_at)) : ""
        wide: 500

        actions: [
            AppButton {
                text: qsTr("Verify")
                glyph: "verifier"
                enabled: (detailSheet.it.path ?? "") !== ""
                hint: qsTr("Hash its file again on the daemon's machine and compare")
                onClicked: page.app.snapshots.verify(detailSheet.shownId)
            },
            AppButton {
                text: qsTr("Compare with the staged")
                glyph: "compare"
                hint: qsTr("Find where its pieces part from those that the operator staged")
                onClicked: page.app.snapshots.compare(detailSheet.it.epoch, "")
            },
            AppButton {
                text: qsTr("Forget…")
                glyph: "trash"
                onClicked: forgetDialog.open()
            }
        ]

        Banner {
            visible: (detailSheet.checked.sentence ?? "") !== "" && detailSheet.checked.id === detailSheet.shownId
            Layout.fillWidth: true
            tone: detailSheet.checked.match === true || detailSheet.checked.same === true ? "good" : "bad"
            title: String(detailSheet.checked.sentence ?? "")
        }
        ColumnLayout {
            Layout.fillWidth: true
            spacing: 6

            Fact { label: qsTr("State"); value: page.format.state(detailSheet.it.state ?? "") }
            Fact { label: qsTr("Size"); value: detailSheet.it.car_bytes !== undefined ? qsTr("%1 in %2 blocks").arg(page.format.bytes(detailSheet.it.car_bytes)).arg(page.format.number(detailSheet.it.blocks ?? 0)) : "" }
            Fact { label: qsTr("Recent state roots"); value: detailSheet.it.recent_stateroots !== undefined ? page.format.number(detailSheet.it.recent_stateroots) : "" }
            Fact { label: qsTr("Compression"); value: String(detailSheet.it.compression ?? "") }
            Fact { label: qsTr("Device"); value: String(detailSheet.it.device ?? "") }
            Fact { label: qsTr("File"); value: String(detailSheet.it.path ?? ""); cid: (detailSheet.it.path ?? "") !== "" }
            Fact { label: qsTr("SHA-256"); value: String(detailSheet.it.car_sha256 ?? ""); cid: true; visible: (detailSheet.it.car_sha256 ?? "") !== "" }
        }
        ColumnLayout {
            Layout.fillWidth: true
            spacing: Theme.s2
            // Until then Qt 6.4 lays out what is gone.
            onChildrenChanged: Qt.callLater(ensurePolished) // qmllint disable type

            AppText { text: qsTr("Tipset"); font.weight: Font.DemiBold }
            Repeater {
                model: detailSheet.it.head ?? []

                CidLabel {
                    required property string modelData

                    Layout.fillWidth: true
                    value: modelData
                    what: qsTr("block CID")
                }
            }
        }
        ColumnLayout {
            Layout.fillWidth: true
            spacing: Theme.s2
            // Until then Qt 6.4 lays out what is gone.
            onChildrenChanged: Qt.callLater(ensurePolished) // qmllint disable type

            AppText { text: qsTr("Pieces"); font.weight: Font.DemiBold }
            Repeater {
                model: detailSheet.it.pieces ?? []

                ColumnLayout {
                    id: piece

                    required property int index
                    required property var modelData

                    Layout.fillWidth: true
                    spacing: 2

                    AppText {
                        text: qsTr("Piece %1: %2 padded to %3").arg(piece.index).arg(page.format.bytes(piece.modelData.payload_size ?? 0)).arg(page.format.bytes(piece.modelData.padded_size ?? 0))
                        muted: true
                        font.pixelSize: Theme.small
                    }
                    CidLabel { Layout.fillWidth: true; value: piece.modelData.piece_cid ?? ""; what: qsTr("piece CID") }
                    CidLabel { Layout.fillWidth: true; value: piece.modelData.piece_cid_v2 ?? ""; what: qsTr("piece CID, version 2") }
                }
            }
        }
        ColumnLayout {
            Layout.fillWidth: true
            spacing: 0

            AppText { text: qsTr("How long it took"); font.weight: Font.DemiBold; Layout.bottomMargin: 6 }
            Timeline {
                Layout.fillWidth: true
                steps: [
                    { title: qsTr("Laid out"), state: "done", note: qsTr("%1 s").arg(Number(detailSheet.it.layout_seconds ?? 0).toFixed(2)) },
                    { title: qsTr("Written and hashed"), state: "done", note: qsTr("%1 s, %2").arg(Number(detailSheet.it.emit_seconds ?? 0).toFixed(2)).arg(detailSheet.it.emit_seconds > 0 ? page.format.rate(detailSheet.it.car_bytes / detailSheet.it.emit_seconds) : "–") },
                    { title: qsTr("Kept"), state: "done", note: page.format.time(detailSheet.it.taken_at ?? 0) }
                ]
            }
        }
        ColumnLayout {
            visible: detailSheet.before !== null
            Layout.fillWidth: true
            spacing: 6

            AppText { text: detailSheet.before ? qsTr("Against the one before, of epoch %1").arg(page.format.epoch(detailSheet.before.epoch)) : ""; font.weight: Font.DemiBold }
            Fact { label: qsTr("Epochs"); value: detailSheet.change.epochs !== undefined ? page.format.number(detailSheet.change.epochs) : "" }
            Fact { label: qsTr("Bytes"); value: detailSheet.change.car_bytes !== undefined ? (detailSheet.change.car_bytes < 0 ? "−" : "+") + page.format.bytes(Math.abs(detailSheet.change.car_bytes)) : "" }
            Fact { label: qsTr("Blocks"); value: detailSheet.change.blocks !== undefined ? (detailSheet.change.blocks < 0 ? "−" : "+") + page.format.number(Math.abs(detailSheet.change.blocks)) : "" }
        }
    }

    ConfirmDialog {
        id: forgetDialog

        title: qsTr("Forget this snapshot?")
        message: qsTr("Its files are deleted and its hold is released, which frees %1. What was hashed stays known, so taking it again costs no hashing while its epoch is kept.").arg(page.format.bytes(detailSheet.it.car_bytes ?? 0))
        action: qsTr("Forget")
        dangerous: true
        onAccepted: {
            detailSheet.close()
            page.app.snapshots.forgetSnapshot(detailSheet.shownId)
        }
    }
    ConfirmDialog {
        id: releaseDialog

        property string key
        readonly property var it: key !== "" ? page.app.snapshots.holds.record(key) : ({})

        function ask(what: string) {
            key = what
            open()
        }

        title: qsTr("Release hold %1?").arg(key)
        message: it.kind === "user" ? qsTr("State and messages below epoch %1 are then kept no longer than the window.").arg(page.format.epoch(it.epoch ?? 0)) : qsTr("Only holds that somebody asked for can be released; this one goes with what it is there for.")
        action: qsTr("Release")
        dangerous: true
        actionEnabled: it.kind === "user"
        onAccepted: page.app.snapshots.releaseHold(Number(key))
    }
    ConfirmDialog {
        id: removeDialog

        property string key

        function ask(what: string) {
            key = what
            open()
        }

        title: qsTr("Remove this schedule?")
        message: key
        action: qsTr("Remove")
        dangerous: true
        onAccepted: page.app.snapshots.removeSchedule(key)
    }
    ConfirmDialog {
        id: takeDialog

        title: qsTr("Take a snapshot")
        message: qsTr("What is left as it is follows the daemon's settings.")
        action: qsTr("Take it")
        actionEnabled: page.app.session.online && (which.current !== 2 || Number(epoch.text) > 0)
        onAccepted: {
            const options = { target: ["file", "pieces", "none"][target.currentIndex] }
            if (which.current === 1)
                options.finalized = true
            if (which.current === 2)
                options.epoch = Number(epoch.text)
            if (target.currentIndex === 0)
                options.compression = ["none", "zstd", "forest"][compression.currentIndex]
            if (sha.checked)
                options.sha256 = true
            if (folder.text !== "" && target.currentIndex < 2)
                options.folder = folder.text
            page.app.snapshots.take(options)
        }

        Segments {
            id: which

            label: qsTr("Which tipset")
            options: [qsTr("The head"), qsTr("The newest final"), qsTr("An epoch")]
            onChosen: index => current = index
        }
        Field {
            id: epoch

            visible: which.current === 2
            Layout.fillWidth: true
            label: qsTr("Epoch")
            placeholder: page.app.status.finalizedEpoch > 0 ? String(page.app.status.finalizedEpoch) : ""
            validator: RegularExpressionValidator { regularExpression: /[0-9]{1,12}/ }
            help: qsTr("Of a null round: the tipset before it.")
        }
        RowLayout {
            Layout.fillWidth: true
            spacing: Theme.s3

            ColumnLayout {
                Layout.fillWidth: true
                spacing: 5

                AppText { text: qsTr("What is kept"); font.pixelSize: Theme.small; font.weight: Font.Medium }
                Choice {
                    id: target

                    label: qsTr("What is kept")
                    Layout.fillWidth: true
                    model: [qsTr("One CAR file"), qsTr("A file for each piece"), qsTr("Commitments alone")]
                }
            }
            ColumnLayout {
                Layout.fillWidth: true
                spacing: 5

                AppText { text: qsTr("Compression"); font.pixelSize: Theme.small; font.weight: Font.Medium }
                Choice {
                    id: compression

                    label: qsTr("Compression")
                    enabled: target.currentIndex === 0
                    Layout.fillWidth: true
                    model: [qsTr("None"), qsTr("zstd"), qsTr("zstd with Forest's index")]
                }
            }
        }
        Field {
            id: folder

            visible: target.currentIndex < 2
            Layout.fillWidth: true
            label: qsTr("Folder on the daemon's machine")
            placeholder: qsTr("as in the settings")
            mono: text !== ""
        }
        CheckMark {
            id: sha

            text: qsTr("Also the SHA-256 of the whole CAR")
            Layout.fillWidth: true
        }
    }
    ConfirmDialog {
        id: holdDialog

        title: qsTr("Hold an epoch")
        message: qsTr("Its state and messages stay in memory, wherever the head goes.")
        action: qsTr("Hold")
        onAccepted: {
            const options = { reason: holdReason.text !== "" ? holdReason.text : qsTr("asked for in the desktop") }
            if (holdEpoch.text !== "")
                options.epoch = Number(holdEpoch.text)
            if (holdHours.text !== "")
                options.expires_seconds = Number(holdHours.text) * 3600
            page.app.snapshots.hold(options)
        }

        Field { id: holdEpoch; Layout.fillWidth: true; label: qsTr("Epoch"); placeholder: qsTr("the head"); validator: RegularExpressionValidator { regularExpression: /[0-9]{0,12}/ } }
        Field { id: holdReason; Layout.fillWidth: true; label: qsTr("Why") }
        Field { id: holdHours; Layout.fillWidth: true; label: qsTr("For how many hours"); placeholder: qsTr("until it is released"); validator: RegularExpressionValidator { regularExpression: /[0-9]{0,5}/ } }
    }
    ConfirmDialog {
        id: scheduleDialog

        title: qsTr("Take snapshots by itself")
        message: qsTr("At each multiple of so many epochs, as soon as it cannot be reverted any more.")
        action: qsTr("Add")
        actionEnabled: Number(every.text) > 0
        onAccepted: page.app.snapshots.addSchedule({ every_epochs: Number(every.text), finalized: finalOnly.checked, to_file: toFile.checked })

        Field { id: every; Layout.fillWidth: true; label: qsTr("Every so many epochs"); text: "2880"; help: Number(text) > 0 ? qsTr("every %1 with epochs of 30 s").arg(page.format.duration(Number(text) * 30)) : ""; validator: RegularExpressionValidator { regularExpression: /[0-9]{0,9}/ } }
        CheckMark { id: finalOnly; text: qsTr("Only once it is final"); checked: true; Layout.fillWidth: true }
        CheckMark { id: toFile; text: qsTr("Into a file (else hashed and served from memory)"); checked: true; Layout.fillWidth: true }
    }
}
