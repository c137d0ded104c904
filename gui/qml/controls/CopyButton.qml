// SPDX-License-Identifier: Apache-2.0 OR MIT
import QtQuick
import FilFil

/*! Copies `value`, and says so for two seconds. */
AppButton {
    id: control

    property string value
    property string what: qsTr("value")
    readonly property bool copied: said.running

    kind: AppButton.Quiet
    glyph: copied ? "check" : "copy"
    hint: copied ? qsTr("Copied") : qsTr("Copy %1").arg(what)
    enabled: value !== ""
    implicitWidth: 26
    implicitHeight: 26
    leftPadding: 4
    rightPadding: 4
    opacity: enabled ? 1 : 0.4
    Accessible.name: control.hint
    onClicked: {
        clipboard.copy(value)
        said.restart()
    }

    Clipboard { id: clipboard }
    Timer {
        id: said
        interval: 2000
    }
}
