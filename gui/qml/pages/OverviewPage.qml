// SPDX-License-Identifier: Apache-2.0 OR MIT
import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import FilFil
import FilFil.Model
import FilFil.View

/*! All at a glance: what comes next, whether the chain is followed, what needs a hand, what happened. */
PageFrame {
    id: page

    readonly property var format: app.format
    readonly property var status: app.status
    readonly property var next: app.slotStore.next
    readonly property bool hasNext: next.slot !== undefined && next.slot !== null
    readonly property bool incentive: app.slotStore.supported
    property int stamp: 0
    readonly property bool tight: width < 860

    title: qsTr("Overview")
    subtitle: app.session.online && status.network !== "" ? status.network : ""
    stores: [app.status]

    skeleton: ColumnLayout {
        spacing: Theme.s4

        GridLayout {
            columns: page.tight ? 2 : 4
            columnSpacing: Theme.s3
            rowSpacing: Theme.s3
            Layout.fillWidth: true
            // Until then Qt 6.4 lays out what is gone.
            onChildrenChanged: Qt.callLater(ensurePolished) // qmllint disable type

            Repeater {
                model: 4

                Rectangle {
                    Layout.fillWidth: true
                    implicitHeight: 96
                    radius: Theme.radius + 2
                    color: Theme.panel
                    border.color: Theme.border

                    Column {
                        anchors.fill: parent
                        anchors.margins: Theme.s4
                        spacing: Theme.s3

                        Skeleton { width: 90 }
                        Skeleton { width: 130; height: 20 }
                        Skeleton { width: 110 }
                    }
                }
            }
        }
        Rectangle {
            Layout.fillWidth: true
            implicitHeight: 110
            radius: Theme.radius + 2
            color: Theme.panel
            border.color: Theme.border

            Row {
                anchors.centerIn: parent
                spacing: page.width * 0.05

                Repeater {
                    model: 8

                    Skeleton { width: 40; height: 40; radius: 20 }
                }
            }
        }
        SkeletonRows { Layout.fillWidth: true; count: 6 }
    }

    function pipeline(): var {
        if (stamp < 0)
            return []
        const job = app.jobs.snapshotJob
        const taking = job.id !== undefined
        const hashing = taking && String(job.stage ?? "").includes("hash")
        const count = {}
        for (const stage of app.deals.stages)
            count[stage.stage] = stage.count
        const any = (...names) => names.some(name => (count[name] ?? 0) > 0)
        const snapshots = app.snapshots.model ? app.snapshots.model.count : 0
        const owed = app.payouts.unclaimed !== "" && app.payouts.unclaimed !== "0"
        const earned = app.payouts.earned !== "" && app.payouts.earned !== "0"
        const before = (now, done) => now ? "now" : done ? "done" : "ahead"
        return [
            { title: qsTr("Tipset"), glyph: "link", state: status.state === "synced" ? "done" : status.state === "node_lost" || status.state === "failed" || status.state === "rebootstrap_needed" ? "failed" : "now" },
            { title: qsTr("Snapshot"), glyph: "snapshots", state: before((taking && !hashing) || any("snapshot"), snapshots > 0 || hashing) },
            { title: qsTr("commP"), glyph: "verifier", state: before(hashing || any("commp"), snapshots > 0) },
            { title: qsTr("Deal"), glyph: "deals", state: before(any("proposing", "proposed", "fetching", "publishing"), any("sealing", "proven", "notified", "paid") || earned) },
            { title: qsTr("Sealing"), glyph: "hammer", state: before(any("sealing"), any("proven", "notified", "paid") || earned) },
            { title: qsTr("Proven"), glyph: "check", state: before(any("proven"), any("notified", "paid") || earned) },
            { title: qsTr("Claim"), glyph: "coin", state: before(owed, earned) },
            { title: qsTr("Payout"), glyph: "payouts", state: earned ? "done" : "ahead" }
        ]
    }

    Connections {
        target: page.app.deals
        function onCountsChanged() { page.stamp += 1 }
    }
    Connections {
        target: page.app.payouts
        function onTotalsChanged() { page.stamp += 1 }
    }
    Connections {
        target: page.app.snapshots.model
        function onCountChanged() { page.stamp += 1 }
    }

    ScrollArea {
        id: area

        anchors.fill: parent
        barBeside: true

        ColumnLayout {
            width: area.width
            spacing: Theme.s4

            GridLayout {
                columns: page.width < 460 ? 1 : page.tight ? 2 : 4
                columnSpacing: Theme.s3
                rowSpacing: Theme.s3
                Layout.fillWidth: true

                StatCard {
                    Layout.fillWidth: true
                    Layout.preferredWidth: 10
                    glyph: "calendar"
                    label: qsTr("Your next slot")
                    waiting: page.app.slotStore.loading && !page.app.slotStore.loaded
                    value: !page.incentive ? qsTr("Not set up") : !page.hasNext ? qsTr("None yet") : page.app.slotStore.secondsToNext === 0 ? qsTr("Open now") : Theme.sentence(page.app.slotStore.nextText)
                    tone: page.hasNext && page.app.slotStore.secondsToNext === 0 ? "warning" : ""
                    note: !page.incentive ? qsTr("No contract is set") : page.hasNext ? qsTr("%1 · epoch %2").arg(page.next.miner).arg(page.format.epoch(page.next.target_epoch)) : qsTr("Nothing within %n day(s)", "", page.app.slotStore.days)
                    onClicked: page.pageWanted("calendar")
                }
                StatCard {
                    readonly property bool opened: page.hasNext && page.app.slotStore.secondsToNext === 0

                    Layout.fillWidth: true
                    Layout.preferredWidth: 10
                    glyph: "clock"
                    label: qsTr("Current window")
                    waiting: page.app.slotStore.loading && !page.app.slotStore.loaded
                    value: !page.incentive ? qsTr("Not set up") : opened ? Theme.sentence(page.app.slotStore.nextText) : qsTr("Closed")
                    tone: opened ? "warning" : ""
                    note: !page.incentive ? qsTr("No contract is set") : !page.hasNext ? qsTr("Own windows show here") : opened ? qsTr("%1 to %2").arg(page.format.time(page.next.open_time ?? 0).slice(0, 16)).arg(page.format.timeOfDay(page.next.close_time ?? 0)) : qsTr("The next at %1").arg(page.format.time(page.next.open_time ?? 0).slice(0, 16))
                    onClicked: page.pageWanted("calendar")
                }
                StatCard {
                    Layout.fillWidth: true
                    Layout.preferredWidth: 10
                    glyph: "chart"
                    label: qsTr("Hit rate, 30 days")
                    waiting: page.app.slotStore.loading && !page.app.slotStore.loaded
                    value: page.app.slotStore.hitRate < 0 ? "–" : page.format.percent(page.app.slotStore.hitRate)
                    tone: page.app.slotStore.hitRate < 0 ? "" : page.app.slotStore.hitRate >= 0.95 ? "good" : page.app.slotStore.hitRate >= 0.8 ? "warning" : "bad"
                    note: page.app.slotStore.hitRate < 0 ? qsTr("No window was judged yet") : qsTr("%1 of %n window(s)", "", page.app.slotStore.hits + page.app.slotStore.misses).arg(page.app.slotStore.hits)
                    onClicked: page.pageWanted("calendar")
                }
                StatCard {
                    Layout.fillWidth: true
                    Layout.preferredWidth: 10
                    glyph: "coin"
                    label: qsTr("To be claimed")
                    waiting: page.app.payouts.loading && !page.app.payouts.loaded
                    value: page.app.payouts.supported ? page.format.fil(page.app.payouts.unclaimed) : qsTr("Not set up")
                    note: page.app.payouts.supported ? qsTr("%1 earned so far").arg(page.format.fil(page.app.payouts.earned)) : qsTr("No contract is set")
                    onClicked: page.pageWanted("payouts")
                }
            }

            Card {
                Layout.fillWidth: true
                title: qsTr("From the chain to the payment")
                note: page.app.jobs.snapshotJob.id !== undefined ? (page.app.jobs.snapshotJob.sentence ?? "") : ""

                StepStrip {
                    Layout.fillWidth: true
                    Layout.topMargin: 4
                    small: page.width < 560
                    working: page.app.jobs.snapshotJob.id !== undefined && page.app.jobs.snapshotJob.state !== "queued"
                    steps: page.pipeline()
                }
                ProgressLine {
                    readonly property var job: page.app.jobs.snapshotJob

                    visible: job.id !== undefined
                    Layout.fillWidth: true
                    Layout.topMargin: 4
                    label: qsTr("Snapshot of epoch %1: %2").arg(page.format.epoch((job.params ?? {}).epoch ?? -1)).arg(job.stage ?? "")
                    value: job.total_bytes > 0 ? job.done_bytes / job.total_bytes : -1
                    rate: page.format.rate(job.bytes_per_second ?? -1)
                    eta: job.seconds_left !== undefined && job.seconds_left !== null ? page.format.duration(job.seconds_left) : ""
                }
            }

            GridLayout {
                columns: page.tight ? 1 : 2
                columnSpacing: Theme.s4
                rowSpacing: Theme.s4
                Layout.fillWidth: true

                Card {
                    Layout.fillWidth: true
                    Layout.fillHeight: true
                    Layout.preferredWidth: 10
                    Layout.alignment: Qt.AlignTop
                    title: qsTr("Chain")
                    actions: StateChip {
                        visible: page.status.state !== ""
                        state_: page.status.state
                        text: page.status.stateText
                    }

                    AppText {
                        visible: page.status.why !== ""
                        text: page.status.why + (page.status.stateRemedy !== "" ? ". " + page.status.stateRemedy : "")
                        muted: true
                        wrapMode: Text.Wrap
                        elide: Text.ElideNone
                        Layout.fillWidth: true
                    }
                    ProgressLine {
                        visible: page.status.state === "bootstrapping" || page.status.state === "catching_up"
                        Layout.fillWidth: true
                        label: page.status.stateText
                        value: page.status.state === "bootstrapping" ? page.status.progress : -1
                        rate: page.status.lag > 0 ? qsTr("%n epoch(s) behind", "", page.status.lag) : ""
                    }
                    Fact { label: qsTr("Head"); value: page.status.headEpoch >= 0 ? page.format.epoch(page.status.headEpoch) : "" }
                    Fact {
                        label: qsTr("In step with it")
                        value: page.status.syncedEpoch < 0 ? "" : page.status.lag > 0 ? qsTr("%1, %n epoch(s) behind", "", page.status.lag).arg(page.format.epoch(page.status.syncedEpoch)) : qsTr("%1, up to date").arg(page.format.epoch(page.status.syncedEpoch))
                        tone: page.status.lag > 5 ? "warning" : ""
                    }
                    Fact {
                        label: qsTr("Final")
                        value: page.status.finalizedEpoch < 0 ? qsTr("not known yet") : qsTr("%1, %n epoch(s) back", "", page.status.finalityLag).arg(page.format.epoch(page.status.finalizedEpoch))
                    }
                    Fact { label: qsTr("Node"); value: String(page.status.status.node ?? "") }
                    Item { Layout.fillHeight: true }
                    AppText {
                        text: qsTr("Time to take in a head change")
                        muted: true
                        font.pixelSize: Theme.small
                        Layout.topMargin: 4
                    }
                    Spark {
                        Layout.fillWidth: true
                        values: page.status.applyHistory
                        unit: value => qsTr("%1 ms").arg(Math.round(value * 1000))
                    }
                }
                Card {
                    Layout.fillWidth: true
                    Layout.fillHeight: true
                    Layout.preferredWidth: 10
                    Layout.alignment: Qt.AlignTop
                    title: qsTr("Memory")
                    readonly property var memory: page.status.status.memory ?? ({})
                    id: memoryCard

                    actions: StateChip {
                        visible: memoryCard.memory.state !== undefined
                        state_: memoryCard.memory.state === "ok" ? "good" : memoryCard.memory.state === "over" ? "bad" : "warning"
                        text: memoryCard.memory.state === "ok" ? qsTr("enough") : memoryCard.memory.state === "over" ? qsTr("full") : qsTr("tight")
                    }

                    UsageBar {
                        // The blocks beside the rest of the process, and where that grows to in a day. Not what the store has
                        // reserved for them: nobody has used all of it yet.
                        readonly property real blocks: Math.min(page.status.rss, Number(page.status.status.bytes ?? 0))

                        Layout.fillWidth: true
                        implicitHeight: 62
                        theme: ChartTheme {}
                        mirrored: Theme.mirrored
                        title: qsTr("Memory of the daemon")
                        used: page.status.rss
                        limit: page.status.memoryLimit
                        forecast: Math.max(0, page.status.rss + 24 * Math.max(0, Number(memoryCard.memory.bytes_per_hour ?? 0)))
                        parts: !(blocks > 0) ? [] : [
                            { label: qsTr("blocks"), value: blocks, tone: "blue" },
                            { label: qsTr("other"), value: page.status.rss - blocks, tone: memoryCard.memory.state === "ok" ? "violet" : "amber" }
                        ]
                    }
                    Fact {
                        label: qsTr("Forecast")
                        value: memoryCard.memory.hours_left !== undefined && memoryCard.memory.hours_left !== null ? qsTr("full in %1").arg(page.format.duration(memoryCard.memory.hours_left * 3600)) : qsTr("does not grow towards its limit")
                        tone: memoryCard.memory.hours_left !== undefined && memoryCard.memory.hours_left !== null && memoryCard.memory.hours_left < 48 ? "warning" : ""
                    }
                    Fact { label: qsTr("Blocks held"); value: page.status.status.blocks !== undefined ? page.format.number(page.status.status.blocks) : "" }
                    Fact { label: qsTr("Their bytes"); value: page.status.status.bytes !== undefined ? page.format.bytes(page.status.status.bytes) : "" }
                    Fact { label: qsTr("Holds"); value: page.status.status.holds !== undefined ? page.format.number(page.status.status.holds) : "" }
                    AppText {
                        visible: page.status.memorySentence !== ""
                        text: page.status.memorySentence + (page.status.memoryRemedy !== "" ? ". " + page.status.memoryRemedy : "")
                        color: memoryCard.memory.state === "ok" ? Theme.textMuted : memoryCard.memory.state === "over" ? Theme.bad : Theme.warning
                        wrapMode: Text.Wrap
                        elide: Text.ElideNone
                        Layout.fillWidth: true
                    }
                    Item { Layout.fillHeight: true }
                    AppText {
                        text: qsTr("Memory of the daemon")
                        muted: true
                        font.pixelSize: Theme.small
                        Layout.topMargin: 4
                    }
                    Spark {
                        Layout.fillWidth: true
                        values: page.status.rssHistory
                        unit: value => page.format.bytes(value)
                    }
                }
            }

            Card {
                id: alertCard

                readonly property int count: alertProxy.count

                Layout.fillWidth: true
                title: qsTr("Alerts")
                note: count === 0 ? "" : String(count)

                RecordProxy {
                    id: alertProxy

                    records: page.app.alerts.model
                    sortKey: "since"
                    descending: true
                }
                RowLayout {
                    visible: alertCard.count === 0
                    spacing: Theme.s2

                    Icon { name: "check-circle"; color: Theme.good; size: 16 }
                    AppText {
                        text: qsTr("Nothing needs a hand.")
                        muted: true
                        Layout.fillWidth: true
                    }
                }
                Repeater {
                    model: alertProxy

                    Banner {
                        id: alert

                        required property var record

                        Layout.fillWidth: true
                        tone: record.severity === "error" ? "bad" : "warning"
                        opacity: record.muted ? 0.6 : 1
                        title: String(record.message ?? "")
                        message: String(record.remedy ?? "")
                        action: alert.record.muted ? qsTr("Unmute") : qsTr("Mute")
                        secondAction: qsTr("Log")
                        onActed: page.app.alerts.mute(record.code, !record.muted)
                        onActedSecond: page.pageWanted("log")
                    }
                }
            }

            Card {
                Layout.fillWidth: true
                title: qsTr("What happened last")

                RecordProxy {
                    id: recent

                    records: page.app.status.model
                    sortKey: "number"
                    descending: true
                }
                AppText {
                    visible: recent.count === 0
                    text: qsTr("Nothing since this window was opened.")
                    muted: true
                }
                ListView {
                    id: recentList

                    visible: recent.count > 0
                    Layout.fillWidth: true
                    implicitHeight: Math.min(8, recent.count) * 30
                    model: recent
                    clip: true
                    boundsBehavior: Flickable.StopAtBounds
                    activeFocusOnTab: true
                    keyNavigationEnabled: true
                    Accessible.role: Accessible.List
                    Accessible.name: qsTr("What happened last")
                    T.ScrollBar.vertical: SlimScrollBar {}

                    FocusRing { shown: recentList.activeFocus }

                    delegate: Item {
                        id: line

                        required property int index
                        required property var record

                        width: recentList.width
                        height: 30

                        Icon {
                            id: dot

                            anchors.verticalCenter: parent.verticalCenter
                            name: States.glyph(line.record.severity ?? "info")
                            color: Theme.tone(States.tone(line.record.severity ?? "info"))
                            size: 14
                        }
                        AppText {
                            id: when

                            anchors.left: dot.right
                            anchors.leftMargin: 10
                            anchors.verticalCenter: parent.verticalCenter
                            width: 64
                            text: page.format.timeOfDay(line.record.time ?? 0)
                            muted: true
                        }
                        AppText {
                            anchors.left: when.right
                            anchors.right: parent.right
                            anchors.rightMargin: 12
                            anchors.verticalCenter: parent.verticalCenter
                            text: String(line.record.sentence ?? "")
                        }
                    }
                }
            }
        }
    }
}
