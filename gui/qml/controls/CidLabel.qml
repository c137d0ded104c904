// SPDX-License-Identifier: Apache-2.0 OR MIT
import QtQuick
import FilFil

/*! A CID, an address or a hash: its middle left out, whole while the pointer rests on it, with a button that copies it. */
Item {
    id: label

    property string value
    property string what: qsTr("CID")
    property bool copyable: true
    property string none: "–"
    /*! How many characters stand at most; 0: as many as fit. */
    property int characters: 0
    readonly property string shown: {
        if (value === "")
            return none
        if (characters > 0 && value.length > characters) {
            const head = Math.ceil(characters * 0.55)
            return value.slice(0, head) + "…" + value.slice(value.length - (characters - head))
        }
        return value
    }

    implicitWidth: words.implicitWidth + (copyable ? 30 : 0)
    implicitHeight: copyable ? 26 : words.implicitHeight
    Accessible.role: Accessible.StaticText
    Accessible.name: label.value

    AppText {
        id: words

        anchors.verticalCenter: parent.verticalCenter
        width: Math.min(implicitWidth, label.width - (label.copyable ? 30 : 0))
        text: label.shown
        mono: label.value !== ""
        muted: label.value === ""
        elide: Text.ElideMiddle
        LayoutMirroring.enabled: false
        Accessible.ignored: true
    }
    HoverHandler { id: over }
    CopyButton {
        anchors.verticalCenter: parent.verticalCenter
        x: words.x + words.width + 4
        visible: label.copyable && label.value !== ""
        value: label.value
        what: label.what
    }
    Loader {
        active: over.hovered && (words.truncated || label.shown !== label.value) && label.value !== ""
        sourceComponent: HintTip {
            over: words
            text: label.value
        }
    }
}
