// SPDX-License-Identifier: Apache-2.0 OR MIT
import QtQuick
import FilFil

/*! Takes CAR files that are dropped anywhere on the window. */
DropArea {
    id: area

    property bool wrong: false

    signal files(var urls)

    function fits(url: string): bool {
        return /\.car(\.zst)?$/i.test(decodeURIComponent(url))
    }

    keys: ["text/uri-list"]
    onEntered: drag => {
        wrong = !drag.hasUrls || drag.urls.length === 0
        drag.accepted = !wrong
    }
    onDropped: drop => {
        const urls = []
        for (const url of drop.urls)
            urls.push(String(url))
        drop.accepted = true
        area.files(urls)
    }

    Rectangle {
        anchors.fill: parent
        visible: area.containsDrag
        color: Theme.tint(Theme.canvas, 0.9)

        Rectangle {
            anchors.fill: parent
            anchors.margins: 20
            radius: Theme.radiusLarge
            color: Theme.tint(Theme.accent, 0.08)
            border.color: Theme.accent
            border.width: 2

            Column {
                anchors.centerIn: parent
                spacing: Theme.s3

                Icon {
                    anchors.horizontalCenter: parent.horizontalCenter
                    name: "verifier"
                    size: 48
                    color: Theme.accent
                }
                AppText {
                    anchors.horizontalCenter: parent.horizontalCenter
                    text: qsTr("Drop it to check its piece commitment")
                    font.pixelSize: Theme.title
                    font.weight: Font.DemiBold
                }
                AppText {
                    anchors.horizontalCenter: parent.horizontalCenter
                    text: qsTr(".car, .car.zst or .forest.car.zst; nothing leaves this machine")
                    muted: true
                }
            }
        }
    }
}
