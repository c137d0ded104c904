// SPDX-License-Identifier: Apache-2.0 OR MIT
import QtQuick
import FilFil

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

    Item {
        id: field

        anchors.fill: parent
        anchors.rightMargin: 84

        Rectangle {
            anchors.bottom: parent.bottom
            width: parent.width
            height: 1
            color: Theme.borderMuted
        }
        Repeater {
            model: Math.min(60, spark.values.length)

            Rectangle {
                required property int index
                readonly property real value: Number(spark.values[spark.values.length - Math.min(60, spark.values.length) + index] ?? 0)

                x: field.width - (Math.min(60, spark.values.length) - index) * (field.width / 60)
                width: Math.max(1, field.width / 60 - 1)
                height: spark.highest > 0 ? Math.max(1, (field.height - 2) * value / spark.highest) : 1
                y: field.height - height - 1
                color: Theme.tint(spark.ink, 0.55)
            }
        }
    }
    Column {
        anchors.left: field.right
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
