// SPDX-License-Identifier: Apache-2.0 OR MIT
import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import FilFil

/*!
    What stands beside the page: the details of one thing. The keyboard stays in it until Escape. What its actions fail with is told in
    it, as the page is dimmed meanwhile.
*/
T.Popup {
    id: sheet

    property string title
    property string subtitle
    property alias actions: actionRow.data
    default property alias content: body.data
    property int wide: 440
    /*! Of it: `failed(sentence, remedy)` and `putFailureAway()`. */
    property var app: null
    property string failure
    property string failureRemedy

    parent: T.Overlay.overlay
    width: parent ? Math.min(wide, parent.width - 24) : wide
    height: parent ? parent.height : 600
    x: parent && !Theme.mirrored ? parent.width - width : 0
    y: 0
    modal: true
    dim: true
    focus: true
    padding: 0
    closePolicy: T.Popup.CloseOnEscape | T.Popup.CloseOnPressOutside

    onAboutToShow: failure = ""

    T.Overlay.modal: Rectangle { color: Theme.scrim }

    enter: Transition {
        NumberAnimation { property: "opacity"; from: 0; to: 1; duration: Theme.quick }
    }
    exit: Transition {
        NumberAnimation { property: "opacity"; from: 1; to: 0; duration: Theme.quick }
    }
    background: Rectangle {
        color: Theme.panel

        Rectangle {
            x: Theme.mirrored ? parent.width - 1 : 0
            width: 1
            height: parent.height
            color: Theme.border
        }
    }
    // Made at once: it has ids.
    contentItem: FocusScope { // qmllint disable deferred-property-id
        focus: true
        Accessible.role: Accessible.Dialog
        Accessible.name: sheet.title

        ColumnLayout {
            anchors.fill: parent
            spacing: 0

            RowLayout {
                Layout.fillWidth: true
                Layout.margins: Theme.s5
                Layout.bottomMargin: Theme.s3
                spacing: Theme.s2

                ColumnLayout {
                    spacing: 2
                    Layout.fillWidth: true

                    AppText {
                        text: sheet.title
                        font.pixelSize: 17
                        font.weight: Font.DemiBold
                        Layout.fillWidth: true
                    }
                    AppText {
                        visible: sheet.subtitle !== ""
                        text: sheet.subtitle
                        muted: true
                        Layout.fillWidth: true
                        wrapMode: Text.Wrap
                        elide: Text.ElideNone
                    }
                }
                IconButton {
                    glyph: "cross"
                    hint: qsTr("Close")
                    keys: "Esc"
                    focus: true
                    Layout.alignment: Qt.AlignTop
                    onClicked: sheet.close()
                }
            }
            Rectangle {
                Layout.fillWidth: true
                implicitHeight: 1
                color: Theme.borderMuted
            }
            Connections {
                target: sheet.app
                enabled: sheet.visible
                function onFailed(sentence, remedy) {
                    sheet.failure = sentence
                    sheet.failureRemedy = remedy
                }
            }
            Banner {
                visible: sheet.failure !== ""
                Layout.fillWidth: true
                Layout.margins: Theme.s3
                Layout.bottomMargin: 0
                title: sheet.failure
                message: sheet.failureRemedy
                action: qsTr("Put away")
                onActed: {
                    sheet.failure = ""
                    sheet.app.putFailureAway()
                }
            }
            ScrollArea {
                id: area

                Layout.fillWidth: true
                Layout.fillHeight: true

                ColumnLayout {
                    id: body

                    x: Theme.s5
                    y: Theme.s4
                    width: area.width - 2 * Theme.s5
                    spacing: Theme.s4
                    // Until then Qt 6.4 lays out what is gone.
                    onChildrenChanged: Qt.callLater(ensurePolished) // qmllint disable type
                }
            }
            Rectangle {
                visible: actionRow.children.length > 0
                Layout.fillWidth: true
                implicitHeight: 1
                color: Theme.borderMuted
            }
            RowLayout {
                visible: actionRow.children.length > 0
                Layout.fillWidth: true
                Layout.margins: Theme.s3
                Layout.leftMargin: Theme.s5
                Layout.rightMargin: Theme.s5

                Flow {
                    id: actionRow

                    Layout.fillWidth: true
                    spacing: Theme.s2
                }
            }
        }
    }
}
