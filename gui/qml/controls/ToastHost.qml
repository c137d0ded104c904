// SPDX-License-Identifier: Apache-2.0 OR MIT
import QtQuick
import FilFil

/*! Short good news at the foot of the window. What went wrong is never said here: that is a banner's. */
Item {
    id: host

    function say(sentence: string) {
        if (sentence === "")
            return
        if (sentences.count > 2)
            sentences.remove(0)
        sentences.append({ sentence: sentence })
    }

    readonly property alias count: sentences.count

    implicitHeight: column.implicitHeight

    ListModel { id: sentences }
    Column {
        id: column

        anchors.horizontalCenter: parent.horizontalCenter
        anchors.bottom: parent.bottom
        spacing: Theme.s2

        Repeater {
            model: sentences

            Rectangle {
                id: toast

                required property int index
                required property string sentence

                width: Math.min(host.width, row.implicitWidth + 32)
                height: 40
                radius: Theme.radius
                color: Theme.raised
                border.color: Theme.tint(Theme.good, 0.6)
                anchors.horizontalCenter: parent ? parent.horizontalCenter : undefined
                Accessible.role: Accessible.Notification
                Accessible.name: toast.sentence

                Row {
                    id: row

                    anchors.centerIn: parent
                    spacing: Theme.s2

                    Icon {
                        name: "check-circle"
                        color: Theme.good
                        anchors.verticalCenter: parent.verticalCenter
                    }
                    AppText {
                        text: toast.sentence
                        width: Math.min(implicitWidth, host.width - 60)
                        anchors.verticalCenter: parent.verticalCenter
                    }
                }
                Timer {
                    interval: 4500
                    running: true
                    onTriggered: sentences.remove(toast.index)
                }
            }
        }
    }
}
