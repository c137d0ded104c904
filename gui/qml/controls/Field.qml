// SPDX-License-Identifier: Apache-2.0 OR MIT
import QtQuick
import QtQuick.Templates as T
import FilFil

/*! A line to type in, with its name above, and below what is wrong with it or what it wants. */
FocusScope {
    id: field

    property alias text: input.text
    property alias placeholder: input.placeholderText
    property alias readOnly: input.readOnly
    property alias echoMode: input.echoMode
    property alias inputMethodHints: input.inputMethodHints
    property alias validator: input.validator
    property alias input: input
    property string label
    property string help
    property string problem
    property string praise
    property bool mono: false
    property string glyph
    property bool clearable: false
    /*! What it is called where no label stands above. */
    property string name: label !== "" ? label : placeholder

    signal accepted()
    signal edited()

    function clear() { input.clear(); field.edited() }
    function selectAll() { input.selectAll() }

    implicitWidth: 240
    implicitHeight: column.implicitHeight

    Column {
        id: column

        width: parent.width
        spacing: 5

        AppText {
            visible: field.label !== ""
            text: field.label
            width: parent.width
            font.pixelSize: Theme.small
            font.weight: Font.Medium
        }
        T.TextField {
            id: input

            focus: true
            width: parent.width
            height: Theme.controlHeight
            readonly property int atStart: field.glyph !== "" ? 32 : 10
            readonly property int atEnd: field.clearable && text !== "" ? 32 : 10

            leftPadding: Theme.mirrored ? atEnd : atStart
            rightPadding: Theme.mirrored ? atStart : atEnd
            verticalAlignment: TextInput.AlignVCenter
            color: enabled ? Theme.text : Theme.textFaint
            selectionColor: Theme.accentFill
            selectedTextColor: Theme.textOnAccent
            placeholderTextColor: Theme.textFaint
            font.family: field.mono ? Theme.mono : Theme.sans
            font.pixelSize: field.mono ? Theme.small : Theme.body
            selectByMouse: true
            activeFocusOnTab: true
            hoverEnabled: true
            Accessible.role: Accessible.EditableText
            Accessible.name: field.name
            Accessible.description: field.problem !== "" ? field.problem : field.help
            onAccepted: field.accepted()
            onTextEdited: field.edited()
            Keys.onEscapePressed: event => {
                if (field.clearable && input.text !== "")
                    field.clear()
                else
                    event.accepted = false
            }

            AppText {
                x: input.leftPadding
                width: input.width - input.leftPadding - input.rightPadding
                height: input.height
                verticalAlignment: Text.AlignVCenter
                visible: input.length === 0 && input.preeditText === ""
                text: input.placeholderText
                color: Theme.textFaint
                font: input.font
                Accessible.ignored: true
            }
            Icon {
                visible: field.glyph !== ""
                x: Theme.mirrored ? input.width - 26 : 10
                anchors.verticalCenter: parent.verticalCenter
                name: field.glyph
                color: Theme.textFaint
            }
            IconButton {
                visible: field.clearable && input.text !== ""
                width: 24
                height: 24
                x: Theme.mirrored ? 4 : input.width - 28
                anchors.verticalCenter: parent.verticalCenter
                glyph: "cross"
                hint: qsTr("Clear %1").arg(field.name)
                onClicked: field.clear()
            }
            background: Rectangle {
                radius: Theme.radius
                color: input.readOnly ? Theme.inset : Theme.canvas
                border.width: input.activeFocus ? 2 : 1
                border.color: field.problem !== "" ? Theme.bad : input.activeFocus ? Theme.focus : input.hovered ? Theme.borderStrong : Theme.border
            }
        }
        Row {
            visible: field.problem !== "" || field.praise !== "" || field.help !== ""
            width: parent.width
            spacing: 5

            Icon {
                visible: field.problem !== "" || field.praise !== ""
                name: field.problem !== "" ? "cross-circle" : "check-circle"
                color: field.problem !== "" ? Theme.bad : Theme.good
                size: 14
            }
            AppText {
                width: parent.width - (field.problem !== "" || field.praise !== "" ? 19 : 0)
                text: field.problem !== "" ? field.problem : field.praise !== "" ? field.praise : field.help
                color: field.problem !== "" ? Theme.bad : field.praise !== "" ? Theme.good : Theme.textMuted
                font.pixelSize: Theme.small
                wrapMode: Text.Wrap
                elide: Text.ElideNone
            }
        }
    }
}
