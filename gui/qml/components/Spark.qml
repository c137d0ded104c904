// SPDX-License-Identifier: Apache-2.0 OR MIT
import QtQuick
import FilFil
import FilFil.View

/*! A small line of how something went, with its last value and its highest. `values`: numbers, oldest first. */
Item {
    id: spark

    property var values: []
    property color ink: Theme.accent
    property var unit: value => String(value)
    readonly property real highest: values.reduce((most, value) => Math.max(most, Number(value)), 0)
    readonly property real last: values.length > 0 ? Number(values[values.length - 1]) : 0

    implicitHeight: 48
    implicitWidth: 200
    Accessible.role: Accessible.Graphic
    Accessible.name: values.length > 0 ? qsTr("now %1, at most %2").arg(unit(last)).arg(unit(highest)) : qsTr("no values yet")

    Sparkline {
        id: line

        anchors.fill: parent
        anchors.rightMargin: 116
        theme: ChartTheme {}
        values: spark.values
        color: spark.ink
        mirrored: Theme.mirrored
        Accessible.ignored: true
    }
    Column {
        anchors.left: line.right
        anchors.leftMargin: 8
        anchors.right: parent.right
        anchors.bottom: parent.bottom

        AppText {
            width: parent.width
            text: spark.values.length > 0 ? spark.unit(spark.last) : "–"
            font.weight: Font.DemiBold
            font.pixelSize: Theme.small
            Accessible.ignored: true
        }
        AppText {
            width: parent.width
            text: spark.values.length > 0 ? qsTr("most %1").arg(spark.unit(spark.highest)) : ""
            muted: true
            font.pixelSize: Theme.caption
            Accessible.ignored: true
        }
    }
}
