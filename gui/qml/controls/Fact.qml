// SPDX-License-Identifier: Apache-2.0 OR MIT
import QtQuick
import QtQuick.Layouts
import FilFil

/*! A name and what it has, on one line. */
RowLayout {
    id: fact

    property string label
    property string value
    property bool cid: false
    property string tone: ""
    property int labelWidth: 132

    spacing: Theme.s3
    Layout.fillWidth: true

    AppText {
        text: fact.label
        muted: true
        Layout.preferredWidth: fact.labelWidth
        Layout.maximumWidth: fact.labelWidth
        Layout.alignment: Qt.AlignTop
        Layout.topMargin: fact.cid ? 4 : 0
        wrapMode: Text.Wrap
    }
    AppText {
        visible: !fact.cid
        text: fact.value !== "" ? fact.value : "–"
        color: fact.tone !== "" ? Theme.tone(fact.tone) : Theme.text
        wrapMode: Text.Wrap
        elide: Text.ElideNone
        Layout.fillWidth: true
    }
    CidLabel {
        visible: fact.cid
        value: fact.value
        what: fact.label
        Layout.fillWidth: true
    }
}
