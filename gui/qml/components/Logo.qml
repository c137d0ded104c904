// SPDX-License-Identifier: Apache-2.0 OR MIT
import QtQuick
import FilFil

/*! The mark: two leaves of one tree. */
Item {
    implicitWidth: 24
    implicitHeight: 24
    Accessible.ignored: true

    Rectangle {
        anchors.fill: parent
        radius: width * 0.28
        color: Theme.accentFill
    }
    Rectangle {
        x: parent.width * 0.2
        y: parent.height * 0.26
        width: parent.width * 0.6
        height: parent.height * 0.14
        radius: height / 2
        color: Theme.textOnAccent
    }
    Rectangle {
        x: parent.width * 0.2
        y: parent.height * 0.26
        width: parent.width * 0.14
        height: parent.height * 0.5
        radius: width / 2
        color: Theme.textOnAccent
    }
    Rectangle {
        x: parent.width * 0.52
        y: parent.height * 0.54
        width: parent.width * 0.22
        height: parent.height * 0.22
        radius: width / 2
        color: Theme.textOnAccent
    }
}
