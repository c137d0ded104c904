// SPDX-License-Identifier: Apache-2.0 OR MIT
import QtQuick
import QtQuick.Layouts
import FilFil
import FilFil.Model

/*! One setting of the daemon, with its own description, its default, and what is wrong with what was typed. */
Item {
    id: row

    required property App app
    required property var setting
    property bool firstOfGroup: false
    property string problem
    readonly property string key: setting.key ?? ""
    readonly property string value: typeof setting.value === "object" && setting.value !== null ? (Array.isArray(setting.value) ? setting.value.join(", ") : JSON.stringify(setting.value)) : String(setting.value ?? "")
    readonly property var choices: setting.choices ?? []
    readonly property bool locked: app.session.readOnly || !app.session.online

    implicitHeight: column.implicitHeight
    height: implicitHeight

    function send(text: string) {
        if (text === value)
            return
        problem = ""
        app.settings.set(key, text)
    }

    Connections {
        target: row.app.settings
        function onRejected(key, sentence, remedy) {
            if (key === row.key)
                row.problem = sentence + (remedy !== "" ? ". " + remedy : "")
        }
        function onAccepted(key) {
            if (key === row.key)
                row.problem = ""
        }
    }

    ColumnLayout {
        id: column

        width: parent.width
        spacing: 0

        AppText {
            visible: row.firstOfGroup
            text: String(row.setting.group ?? "")
            font.pixelSize: Theme.strong
            font.weight: Font.DemiBold
            Layout.topMargin: Theme.s4
            Layout.bottomMargin: Theme.s2
            Accessible.role: Accessible.Heading
        }
        Rectangle {
            Layout.fillWidth: true
            implicitHeight: 1
            color: Theme.borderMuted
        }
        GridLayout {
            columns: row.width < 560 ? 1 : 2
            columnSpacing: Theme.s4
            rowSpacing: 6
            Layout.fillWidth: true
            Layout.topMargin: 10
            Layout.bottomMargin: 10

            ColumnLayout {
                Layout.fillWidth: true
                Layout.preferredWidth: 10
                Layout.alignment: Qt.AlignTop
                spacing: 2

                RowLayout {
                    spacing: Theme.s2

                    AppText { text: row.key; font.weight: Font.Medium }
                    Chip {
                        visible: row.setting.waits_for_restart === true
                        tone: "warning"
                        glyph: "clock"
                        text: qsTr("from the next start")
                    }
                }
                AppText {
                    text: String(row.setting.help ?? "")
                    muted: true
                    font.pixelSize: Theme.small
                    wrapMode: Text.Wrap
                    elide: Text.ElideNone
                    Layout.fillWidth: true
                }
                AppText {
                    text: {
                        const what = String(row.setting.default ?? "")
                        return (row.setting.type ?? "") + (row.setting.changed === true ? (what !== "" ? qsTr("; by default %1").arg(what) : qsTr("; empty by default")) : "")
                    }
                    color: Theme.textFaint
                    font.pixelSize: Theme.small
                    wrapMode: Text.Wrap
                    elide: Text.ElideNone
                    Layout.fillWidth: true
                }
            }
            RowLayout {
                Layout.fillWidth: row.width < 560
                Layout.preferredWidth: row.width < 560 ? -1 : 320
                Layout.alignment: Qt.AlignTop
                spacing: 4

                Choice {
                    visible: row.choices.length > 0
                    enabled: !row.locked
                    Layout.fillWidth: true
                    label: row.key
                    model: row.choices
                    currentIndex: row.choices.indexOf(row.value)
                    onActivated: index => row.send(row.choices[index])
                }
                Field {
                    id: input

                    visible: row.choices.length === 0
                    enabled: !row.locked
                    Layout.fillWidth: true
                    name: row.key
                    text: row.value
                    placeholder: qsTr("empty")
                    problem: row.problem
                    help: text !== row.value ? qsTr("Enter writes it down") : ""
                    echoMode: row.setting.secret === true ? TextInput.Password : TextInput.Normal
                    onAccepted: row.send(text)
                }
                IconButton {
                    visible: row.setting.changed === true
                    enabled: !row.locked
                    Layout.alignment: Qt.AlignTop
                    glyph: "refresh"
                    hint: qsTr("Set %1 back to its default").arg(row.key)
                    onClicked: row.send(Array.isArray(row.setting.default) ? row.setting.default.join(", ") : String(row.setting.default ?? ""))
                }
            }
        }
    }
}
