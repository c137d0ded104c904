// SPDX-License-Identifier: Apache-2.0 OR MIT
import QtQuick
import QtQuick.Dialogs
import QtQuick.Layouts
import FilFil
import FilFil.Model

/*! Hashes a local file into its piece commitment and says whether it is the piece that it should be. Needs no daemon. */
PageFrame {
    id: page

    readonly property var format: app.format
    readonly property var verifier: app.verifier
    readonly property var result: verifier.result
    readonly property bool finished: verifier.state === Verifier.Done
    readonly property bool compared: result.match !== undefined && result.match !== null
    readonly property bool same: result.match === true

    function choose(_) {
        openDialog.open()
    }

    title: qsTr("commP verifier")
    subtitle: qsTr("Nothing leaves this machine")
    needsDaemon: false
    filterField: search

    actions: [
        Choice {
            label: qsTr("What hashes")
            hint: qsTr("What hashes: the fastest by default")
            width: page.width < 520 ? 120 : 190
            enabled: !page.verifier.running
            model: page.verifier.backends.map(one => one.title)
            currentIndex: Math.max(0, page.verifier.backends.findIndex(one => one.name === page.verifier.backend))
            onActivated: index => page.verifier.backend = page.verifier.backends[index].name
        },
        AppButton {
            text: page.width < 520 ? "" : qsTr("Choose a file…")
            hint: qsTr("Choose a CAR file")
            glyph: "file"
            kind: AppButton.Primary
            onClicked: page.choose(null)
        }
    ]

    RecordProxy {
        id: historyRows

        records: page.verifier.history
        sortKey: "time"
        descending: true
        filterText: search.text
    }

    ScrollArea {
        id: area

        anchors.fill: parent
        barBeside: true

        ColumnLayout {
            width: area.width
            spacing: Theme.s4

            Field {
                Layout.fillWidth: true
                label: qsTr("Expected piece CID, if there is one")
                placeholder: "baga6ea4seaq…"
                mono: text !== ""
                clearable: true
                text: page.verifier.expected
                problem: page.verifier.expectedProblem
                praise: text !== "" && page.verifier.expectedValid ? page.verifier.expectedSays : ""
                help: qsTr("Version 1 (baga…) or 2 (bafkz…). Without it the commitment is just told.")
                onEdited: page.verifier.expected = text
            }

            DropField {
                visible: page.verifier.state === Verifier.Idle
                Layout.fillWidth: true
                implicitHeight: Math.max(150, Math.min(220, page.height - 330))
                onChosen: page.choose(null)
            }

            Card {
                visible: page.verifier.state !== Verifier.Idle
                Layout.fillWidth: true
                title: page.verifier.fileName
                note: page.verifier.size >= 0 ? page.format.bytes(page.verifier.size) : ""
                actions: [
                    AppButton {
                        visible: page.verifier.running
                        text: qsTr("Cancel")
                        kind: AppButton.Quiet
                        onClicked: page.verifier.cancel()
                    },
                    AppButton {
                        visible: !page.verifier.running
                        text: qsTr("Again")
                        glyph: "refresh"
                        kind: AppButton.Quiet
                        onClicked: page.verifier.again()
                    }
                ]

                CidLabel {
                    Layout.fillWidth: true
                    value: page.verifier.path
                    what: qsTr("path")
                }
                ProgressLine {
                    visible: page.verifier.running || page.finished
                    Layout.fillWidth: true
                    done: page.finished
                    running: page.verifier.running
                    label: page.verifier.running ? page.verifier.stage + (page.verifier.device !== "" ? qsTr(" on %1").arg(page.verifier.device) : "") : qsTr("%1 in %2, on %3").arg(page.format.bytes(page.verifier.doneBytes)).arg(page.verifier.seconds < 10 ? qsTr("%1 s").arg(page.verifier.seconds.toFixed(2)) : page.format.duration(page.verifier.seconds)).arg(page.verifier.device)
                    value: page.finished ? 1 : page.verifier.progress
                    rate: page.verifier.rate >= 0 ? page.format.rate(page.verifier.rate) : ""
                    eta: page.verifier.secondsLeft >= 0 ? page.format.duration(Math.max(1, page.verifier.secondsLeft)) : ""
                }
                HashTree {
                    visible: page.verifier.running
                    Layout.fillWidth: true
                    progress: Math.max(0, page.verifier.progress)
                    size: page.verifier.size
                    rates: page.verifier.rateHistory
                }
                Spark {
                    visible: page.verifier.running && page.verifier.rateHistory.length > 1
                    Layout.fillWidth: true
                    values: page.verifier.rateHistory
                    unit: value => page.format.rate(value)
                }
                Banner {
                    visible: page.verifier.state === Verifier.Failed
                    Layout.fillWidth: true
                    title: page.verifier.error
                    message: page.verifier.remedy
                    action: qsTr("Try again")
                    onActed: page.verifier.again()
                }
                AppText {
                    visible: page.verifier.state === Verifier.Cancelled
                    text: qsTr("Cancelled. Nothing was kept.")
                    muted: true
                }
                Banner {
                    visible: page.finished && page.compared
                    Layout.fillWidth: true
                    tone: page.same ? "good" : "bad"
                    title: page.same ? qsTr("It is that piece") : qsTr("It is another piece")
                    message: page.same ? (page.result.sentence ?? "") : (page.result.diagnosis ?? page.result.sentence ?? "")
                }
                Banner {
                    visible: page.finished && page.result.staged !== undefined && page.result.staged !== null && (page.result.staged.sentence ?? "") !== ""
                    Layout.fillWidth: true
                    tone: "info"
                    message: page.result.staged ? page.result.staged.sentence ?? "" : ""
                }
                ColumnLayout {
                    visible: page.finished
                    Layout.fillWidth: true
                    spacing: 6

                    Fact { label: qsTr("Piece CID"); value: page.result.piece_cid ?? ""; cid: true }
                    Fact { label: qsTr("Version 2"); value: page.result.piece_cid_v2 ?? ""; cid: true }
                    Fact { visible: page.compared && !page.same; label: qsTr("Expected"); value: page.result.expected ?? ""; cid: true }
                    Fact { label: qsTr("Payload"); value: page.result.payload_size !== undefined ? qsTr("%1 (%2 bytes)").arg(page.format.bytes(page.result.payload_size)).arg(page.format.number(page.result.payload_size)) : "" }
                    Fact { label: qsTr("Padded to"); value: page.result.padded_size !== undefined ? qsTr("%1, a tree of height %2").arg(page.format.bytes(page.result.padded_size)).arg(page.result.height ?? Math.log2(page.result.padded_size / 32)) : "" }
                    Fact { label: qsTr("Rate"); value: page.result.payload_gib_per_s !== undefined ? qsTr("%1 GiB/s of payload").arg(Number(page.result.payload_gib_per_s).toFixed(2)) : "" }
                }
            }

            RowLayout {
                Layout.fillWidth: true
                spacing: Theme.s2

                AppText {
                    text: qsTr("Checked before")
                    font.pixelSize: Theme.strong
                    font.weight: Font.DemiBold
                    Layout.fillWidth: true
                }
                SearchField { id: search; visible: page.verifier.history.count > 0 }
                AppButton {
                    visible: page.verifier.history.count > 0
                    text: qsTr("Clear")
                    kind: AppButton.Quiet
                    onClicked: page.verifier.clearHistory()
                }
            }
            AppText {
                visible: page.verifier.history.count === 0
                text: qsTr("Files that you check stand here afterwards.")
                muted: true
            }
            DataTable {
                visible: page.verifier.history.count > 0
                Layout.fillWidth: true
                implicitHeight: Math.min(10, historyRows.count) * Theme.rowHeight + Theme.rowHeight + 12
                title: qsTr("Checked before")
                name: "verified"
                preferences: page.app.preferences
                proxy: historyRows
                stretch: "piece_cid"
                onOpened: key => {
                    const row = page.verifier.history.record(key)
                    if (row.path)
                        page.verifier.startPath(row.path)
                }
            }
        }
    }

    FileDialog {
        id: openDialog

        title: qsTr("Choose a CAR file")
        nameFilters: [qsTr("CAR files (*.car *.car.zst)"), qsTr("All files (*)")]
        onAccepted: page.verifier.start(selectedFile)
    }
}
