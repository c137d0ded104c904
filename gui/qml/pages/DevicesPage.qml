// SPDX-License-Identifier: Apache-2.0 OR MIT
import QtQuick
import QtQuick.Layouts
import FilFil
import FilFil.Model

/*! What hashes on the daemon's machine, what it chose and why, and how quick each is. */
PageFrame {
    id: page

    readonly property var format: app.format
    readonly property var devices: app.devices
    property int stamp: 0
    readonly property real best: {
        let most = 0
        for (let row = 0; stamp >= 0 && devices.model && row < devices.model.count; ++row)
            most = Math.max(most, Number(devices.model.recordAt(row).gib_per_s ?? 0))
        return most
    }

    title: qsTr("Devices")
    subtitle: devices.selected !== "" ? qsTr("%1 hashes").arg(devices.selected) : ""
    stores: [app.devices]
    filterField: search
    empty: devices.loaded && devices.model.count === 0

    emptyView: EmptyState {
        glyph: "devices"
        title: qsTr("No device that hashes")
        message: qsTr("The daemon names none, which should not be: the portable kernels run on any CPU.")
        command: "fil-fil devices"
    }
    actions: [
        AppButton {
            text: page.devices.benchmarking ? qsTr("Timing…") : qsTr("Test and time all")
            glyph: "play"
            busy: page.devices.benchmarking
            enabled: page.app.session.online && !page.devices.benchmarking
            hint: qsTr("Each device hashes known vectors, then as quickly as it can for a moment")
            onClicked: page.devices.benchmark()
        }
    ]

    Connections {
        target: page.devices.model
        function onDataChanged() { page.stamp += 1 }
        function onCountChanged() { page.stamp += 1 }
    }

    RecordProxy {
        id: deviceRows

        records: page.devices.model
    }
    RecordProxy {
        id: historyRows

        records: page.devices.history
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

            GridLayout {
                columns: Math.max(1, Math.floor(area.width / 380))
                columnSpacing: Theme.s3
                rowSpacing: Theme.s3
                Layout.fillWidth: true
                // Until then Qt 6.4 lays out what is gone.
                onChildrenChanged: Qt.callLater(ensurePolished) // qmllint disable type

                Repeater {
                    model: deviceRows

                    Card {
                        id: device

                        required property var record
                        readonly property real speed: Number(record.gib_per_s ?? 0)

                        Layout.fillWidth: true
                        Layout.fillHeight: true
                        Layout.preferredWidth: 10
                        border.color: record.selected ? Theme.tint(Theme.accent, 0.7) : Theme.border
                        title: String(record.name ?? "")
                        opacity: record.supported ? 1 : 0.75
                        actions: [
                            Chip {
                                visible: device.record.selected === true
                                tone: "info"
                                glyph: "check"
                                text: qsTr("in use")
                            },
                            Chip {
                                visible: device.record.supported !== true
                                tone: "idle"
                                glyph: "minus"
                                text: qsTr("not here")
                            },
                            Chip {
                                visible: device.record.self_test !== undefined && device.record.self_test !== null
                                tone: device.record.self_test === "passed" || device.record.self_test === "ok" || device.record.self_test === true ? "good" : "bad"
                                text: device.record.self_test === "passed" || device.record.self_test === "ok" || device.record.self_test === true ? qsTr("hashes rightly") : qsTr("hashes wrongly")
                            }
                        ]

                        AppText {
                            Layout.fillWidth: true
                            text: String(device.record.description ?? "")
                            wrapMode: Text.Wrap
                            elide: Text.ElideNone
                        }
                        AppText {
                            visible: text !== ""
                            Layout.fillWidth: true
                            text: String(device.record.reason ?? "")
                            muted: true
                            font.pixelSize: Theme.small
                            wrapMode: Text.Wrap
                            elide: Text.ElideNone
                        }
                        Item { Layout.fillHeight: true }
                        RowLayout {
                            visible: device.record.supported === true
                            Layout.fillWidth: true
                            spacing: Theme.s3

                            Rectangle {
                                Layout.fillWidth: true
                                implicitHeight: 6
                                radius: 3
                                color: Theme.inset

                                Rectangle {
                                    width: page.best > 0 ? parent.width * device.speed / page.best : 0
                                    height: parent.height
                                    radius: 3
                                    color: device.record.selected ? Theme.accent : Theme.borderStrong
                                }
                            }
                            AppText {
                                text: device.speed > 0 ? qsTr("%1 GiB/s").arg(device.speed.toFixed(2)) : qsTr("not timed yet")
                                muted: device.speed <= 0
                                font.pixelSize: Theme.small
                                font.weight: device.speed > 0 ? Font.DemiBold : Font.Normal
                            }
                        }
                    }
                }
            }
            RowLayout {
                Layout.fillWidth: true
                Layout.topMargin: Theme.s2
                spacing: Theme.s2

                AppText {
                    text: qsTr("Timed before")
                    font.pixelSize: Theme.strong
                    font.weight: Font.DemiBold
                    Layout.fillWidth: true
                }
                SearchField { id: search; visible: page.devices.history.count > 0 }
                AppButton {
                    visible: page.devices.history.count > 0
                    text: qsTr("Clear")
                    kind: AppButton.Quiet
                    onClicked: page.devices.clearHistory()
                }
            }
            AppText {
                visible: page.devices.history.count === 0
                text: qsTr("What “Test and time all” finds is kept here, so that a change for the worse shows.")
                muted: true
                wrapMode: Text.Wrap
                Layout.fillWidth: true
            }
            DataTable {
                visible: page.devices.history.count > 0
                Layout.fillWidth: true
                implicitHeight: Math.min(12, historyRows.count) * Theme.rowHeight + Theme.rowHeight + 12
                title: qsTr("Timed before")
                name: "timed"
                preferences: page.app.preferences
                proxy: historyRows
            }
        }
    }
}
