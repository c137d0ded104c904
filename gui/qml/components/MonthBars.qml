// SPDX-License-Identifier: Apache-2.0 OR MIT
import QtQuick
import FilFil
import FilFil.View

/*! A bar a month. `months`: objects with `title`, `number` (FIL), `text` (the amount) and `exact`. */
BarChart {
    id: chart

    property var months: []

    implicitHeight: 130
    implicitWidth: 320
    theme: ChartTheme {}
    title: qsTr("Earned by month")
    unit: "FIL"
    mirrored: Theme.mirrored
    bars: months.map(month => ({ label: month.title ?? "", value: Number(month.number ?? 0), text: month.exact === false ? month.text : "" }))

    HintTip {
        readonly property var month: chart.months[chart.highlighted] ?? ({})

        over: chart
        visible: complete && chart.highlighted >= 0
        text: (month.title ?? "") + ": " + (month.text ?? "")
    }
}
