// SPDX-License-Identifier: Apache-2.0 OR MIT
import QtQuick
import QtQuick.Layouts
import FilFil
import FilFil.Model

/*! Where a daemon is and how it lets one in; tried before it is kept. */
ConfirmDialog {
    id: dialog

    required property App app
    property int place: -1
    property bool tested: false
    property bool good: false
    property string verdict
    property string verdictRemedy
    property bool testing: false
    readonly property bool remote: where.current === 1

    function edit(index: int) {
        place = index
        const it = index >= 0 ? app.preferences.daemons[index] : ({})
        name.text = it.name ?? ""
        folder.text = it.folder ?? ""
        url.text = it.url ?? ""
        token.text = ""
        caFile.text = it.caFile ?? ""
        where.current = (it.url ?? "") !== "" ? 1 : 0
        if (index < 0 && folder.text === "")
            folder.text = app.preferences.defaultDataFolder()
        tested = false
        verdict = ""
        open()
    }

    function described(): var {
        const known = app.preferences.daemons[place] ?? ({})
        const it = { name: name.text !== "" ? name.text : remote ? url.text : qsTr("This machine") }
        if (remote) {
            it.url = url.text
            if (caFile.text !== "")
                it.caFile = caFile.text
            if (token.text !== "")
                it.token = token.text
            else if (known.tokenFile)
                it.tokenFile = known.tokenFile
        } else {
            it.folder = folder.text
        }
        return it
    }

    title: place < 0 ? qsTr("Add a daemon") : qsTr("Change a daemon")
    action: qsTr("Save and connect")
    actionEnabled: remote ? url.text !== "" && url.problem === "" : folder.text !== ""
    closesItself: false
    onAccepted: {
        const it = described()
        if (it.token) {
            it.tokenFile = app.preferences.saveToken(it.name, it.token)
            if (it.tokenFile === "")
                return
            delete it.token
        }
        close()
        let index = place
        if (place < 0)
            index = app.preferences.addDaemon(it)
        else
            app.preferences.updateDaemon(place, it)
        app.session.connectTo(index)
    }

    Connections {
        target: dialog.app.session
        function onTested(good, sentence, remedy) {
            dialog.testing = false
            dialog.tested = true
            dialog.good = good
            dialog.verdict = sentence
            dialog.verdictRemedy = remedy
        }
    }

    Connections {
        target: dialog.app.preferences
        enabled: dialog.visible
        function onFailed(sentence, remedy) {
            dialog.good = false
            dialog.verdict = sentence
            dialog.verdictRemedy = remedy
        }
    }

    Segments {
        id: where

        label: qsTr("Where it is")
        options: [qsTr("On this machine"), qsTr("Somewhere else")]
        onChosen: index => {
            current = index
            dialog.verdict = ""
        }
    }
    Field {
        id: name

        Layout.fillWidth: true
        label: qsTr("Name")
        placeholder: dialog.remote ? qsTr("as you call it") : qsTr("This machine")
    }
    Field {
        id: folder

        visible: !dialog.remote
        Layout.fillWidth: true
        label: qsTr("Data folder")
        mono: true
        help: qsTr("Its address and its tokens are found there.")
    }
    Field {
        id: url

        visible: dialog.remote
        Layout.fillWidth: true
        label: qsTr("Address")
        placeholder: "wss://host:5346"
        mono: text !== ""
        problem: text !== "" ? dialog.app.session.addressProblem(text) : ""
    }
    Field {
        id: token

        visible: dialog.remote
        Layout.fillWidth: true
        label: qsTr("Token")
        echoMode: TextInput.Password
        placeholder: dialog.place >= 0 ? qsTr("as before") : qsTr("what stands in token.admin or token.read")
        help: qsTr("Kept in a file that you alone can read.")
    }
    Field {
        id: caFile

        visible: dialog.remote
        Layout.fillWidth: true
        label: qsTr("Certificate to trust")
        placeholder: qsTr("PEM file, where it is not signed by a known authority")
        mono: text !== ""
    }
    RowLayout {
        Layout.fillWidth: true
        spacing: Theme.s3

        AppButton {
            text: qsTr("Try it")
            busy: dialog.testing
            enabled: dialog.actionEnabled && !dialog.testing
            onClicked: {
                dialog.testing = true
                dialog.verdict = ""
                dialog.app.session.test(dialog.described())
            }
        }
        AppText {
            visible: dialog.verdict !== ""
            text: dialog.verdict + (dialog.verdictRemedy !== "" ? ". " + dialog.verdictRemedy : "")
            color: dialog.good ? Theme.good : Theme.bad
            wrapMode: Text.Wrap
            elide: Text.ElideNone
            Layout.fillWidth: true
        }
    }
}
