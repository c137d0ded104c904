// SPDX-License-Identifier: Apache-2.0 OR MIT
import QtQuick
import QtQuick.Layouts
import FilFil
import FilFil.Model

/*! What stands until it is mended or put away: what an action failed with, a lost daemon, alerts, drawing without a graphics card. */
Item {
    id: strip

    required property App app
    /*! The overview shows all alerts itself. */
    property bool overview: false
    readonly property bool software: GraphicsInfo.api === GraphicsInfo.Software
    readonly property var session: app.session
    readonly property bool sessionBad: !session.online && session.state !== Session.Offline && session.state !== Session.Connecting
    property bool softwareHidden: Boolean(Number(app.preferences.value("hints/software", 0)))
    property bool softwareHint: true
    property int alertsStamp: 0
    readonly property var topAlert: {
        if (alertsStamp < 0)
            return null
        const model = app.alerts.model
        let best = null
        for (let row = 0; model && row < model.count; ++row) {
            const alert = model.recordAt(row)
            if (alert.muted)
                continue
            if (best === null || (alert.severity === "error" && best.severity !== "error"))
                best = alert
        }
        return best
    }

    signal overviewWanted()
    signal wizardWanted()
    signal settingsWanted()

    implicitHeight: column.implicitHeight

    Connections {
        target: strip.app.alerts
        function onCountsChanged() { strip.alertsStamp += 1 }
    }

    ColumnLayout {
        id: column

        width: parent.width
        spacing: Theme.s2

        Banner {
            visible: strip.app.failure !== ""
            Layout.fillWidth: true
            title: strip.app.failure
            message: strip.app.failureRemedy
            action: qsTr("Put away")
            onActed: strip.app.putFailureAway()
        }
        Banner {
            visible: strip.sessionBad
            Layout.fillWidth: true
            title: strip.session.sentence
            message: {
                const wait = strip.session.retryIn > 0 ? qsTr("Tried again in %n second(s).", "", strip.session.retryIn) : ""
                return [strip.session.remedy !== "" ? strip.session.remedy + "." : "", wait].filter(text => text !== "").join(" ")
            }
            action: strip.session.state === Session.WrongToken ? qsTr("Change the token") : qsTr("Try now")
            secondAction: qsTr("Another daemon…")
            onActed: strip.session.state === Session.WrongToken ? strip.settingsWanted() : strip.session.retry()
            onActedSecond: strip.wizardWanted()
        }
        Banner {
            visible: strip.topAlert !== null && !strip.overview && strip.session.online
            Layout.fillWidth: true
            tone: strip.topAlert && strip.topAlert.severity === "error" ? "bad" : "warning"
            title: strip.topAlert ? String(strip.topAlert.message ?? "") : ""
            message: strip.topAlert ? String(strip.topAlert.remedy ?? "") : ""
            action: strip.app.alerts.count > 1 ? qsTr("All %n alert(s)", "", strip.app.alerts.count) : qsTr("Look")
            secondAction: qsTr("Mute")
            onActed: strip.overviewWanted()
            onActedSecond: if (strip.topAlert) strip.app.alerts.mute(strip.topAlert.code, true)
        }
        Banner {
            visible: strip.software && strip.softwareHint && !strip.softwareHidden
            Layout.fillWidth: true
            tone: "info"
            message: qsTr("Drawn without a graphics card: everything is here, and a little plainer.")
            action: qsTr("Understood")
            onActed: {
                strip.app.preferences.setValue("hints/software", 1)
                strip.softwareHidden = true
            }
        }
    }
}
