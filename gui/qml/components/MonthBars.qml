// SPDX-License-Identifier: Apache-2.0 OR MIT
import QtQuick
import FilFil

/*! A bar a month. `months`: objects with `title`, `number` and `amount` (attoFIL text). */
Item {
    id: bars

    property var months: []
    property var format: null
    readonly property real highest: months.reduce((most, month) => Math.max(most, Number(month.number ?? 0)), 0)

    implicitHeight: 130
    implicitWidth: 320
    Accessible.role: Accessible.Chart
    Accessible.name: qsTr("Earned by month")

    Row {
        anchors.fill: parent

        Repeater {
            model: bars.months

            Item {
                id: month

                required property int index
                required property var modelData
                readonly property real value: Number(modelData.number ?? 0)

                width: bars.width / Math.max(1, bars.months.length)
                height: bars.height
                Accessible.role: Accessible.StaticText
                Accessible.name: (modelData.title ?? "") + ": " + (bars.format ? bars.format.fil(modelData.amount ?? "0") : "")

                Rectangle {
                    id: bar

                    anchors.horizontalCenter: parent.horizontalCenter
                    width: Math.min(40, parent.width * 0.62)
                    height: bars.highest > 0 ? Math.max(2, (parent.height - 42) * month.value / bars.highest) : 2
                    y: parent.height - 20 - height
                    radius: 3
                    color: month.value > 0 ? (over.hovered ? Theme.accent : Theme.tint(Theme.accent, 0.65)) : Theme.border
                }
                AppText {
                    anchors.horizontalCenter: parent.horizontalCenter
                    y: bar.y - height - 3
                    visible: month.value > 0 && parent.width > 34
                    text: month.value >= 100 ? month.value.toFixed(0) : month.value >= 1 ? month.value.toFixed(1) : month.value.toFixed(2)
                    font.pixelSize: Theme.caption
                    muted: true
                    Accessible.ignored: true
                }
                AppText {
                    anchors.horizontalCenter: parent.horizontalCenter
                    anchors.bottom: parent.bottom
                    width: parent.width
                    horizontalAlignment: Text.AlignHCenter
                    text: month.modelData.title ?? ""
                    font.pixelSize: Theme.caption
                    color: Theme.textFaint
                    Accessible.ignored: true
                }
                HoverHandler { id: over }
                Loader {
                    active: over.hovered
                    sourceComponent: HintTip {
                        parent: bar
                        visible: true
                        text: month.Accessible.name
                    }
                }
            }
        }
    }
}
