// SPDX-License-Identifier: Apache-2.0 OR MIT
import QtQuick
import FilFil
import FilFil.View

/*! A bar a month. `months`: objects with `title`, `number` and `amount` (attoFIL text). */
BarChart {
    id: chart

    property var months: []
    property var format: null

    implicitHeight: 130
    implicitWidth: 320
    theme: ChartTheme {}
    title: qsTr("Earned by month")
    unit: "FIL"
    mirrored: Theme.mirrored
    bars: months.map(month => ({ label: month.title ?? "", value: Number(month.number ?? 0) }))

    HintTip {
        readonly property var month: chart.months[chart.highlighted] ?? ({})

        over: chart
        visible: complete && chart.highlighted >= 0
        text: (month.title ?? "") + ": " + (chart.format ? chart.format.fil(month.amount ?? "0") : "")
    }
}
