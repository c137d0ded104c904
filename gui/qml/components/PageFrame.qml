// SPDX-License-Identifier: Apache-2.0 OR MIT
import QtQuick
import QtQuick.Layouts
import FilFil
import FilFil.Model

/*!
    What every page has: a title with its actions, and one of four conditions: loading (the shape of what comes), trouble (what,
    why, and the way out), nothing yet (with the next step), or its content.
*/
FocusScope {
    id: frame

    required property App app
    property string title
    property string subtitle
    /*! The stores that it shows. */
    property var stores: []
    property bool empty: false
    property bool needsDaemon: true
    property bool scrolls: true
    property alias actions: actionRow.data
    property Component emptyView: null
    property Component skeleton: null
    default property alias content: body.data
    /*! The text that Ctrl+F brings the keyboard to. */
    property Item filterField: null

    readonly property bool offline: needsDaemon && !app.session.online
    readonly property bool loaded: stores.every(store => store.loaded)
    readonly property var troubled: stores.find(store => store.error !== "") ?? null
    readonly property string error: troubled ? troubled.error : ""
    readonly property bool unsupported: troubled !== null && troubled.supported === false
    readonly property bool working: stores.some(store => store.loading)
    readonly property string condition: stores.length === 0 ? (empty ? "empty" : "full")
        : !loaded && offline ? "offline"
        : !loaded && error !== "" ? (unsupported ? "unsupported" : "error")
        : !loaded ? "loading"
        : empty ? "empty" : "full"

    signal wizardWanted()

    function refresh() {
        for (const store of stores)
            store.refresh()
    }

    function focusFilter() {
        if (filterField && filterField.visible)
            filterField.forceActiveFocus(Qt.ShortcutFocusReason)
    }

    function toStart() {
        body.forceActiveFocus()
    }

    ColumnLayout {
        anchors.fill: parent
        anchors.margins: frame.width < 720 ? Theme.s3 : Theme.s6
        anchors.topMargin: frame.width < 720 ? Theme.s3 : Theme.s5
        anchors.bottomMargin: 0
        spacing: Theme.s4

        Flow {
            Layout.fillWidth: true
            spacing: Theme.s3

            Item {
                height: 34
                width: Math.min(parent.width, Math.max(Math.ceil(heading.implicitWidth), parent.width - actionRow.implicitWidth - Theme.s3))

                AppText {
                    id: heading

                    anchors.verticalCenter: parent.verticalCenter
                    anchors.left: parent.left
                    width: Math.min(implicitWidth, parent.width)
                    text: frame.title
                    font.pixelSize: Theme.title
                    font.weight: Font.DemiBold
                    Accessible.role: Accessible.Heading
                }
                AppText {
                    id: sub

                    anchors.left: heading.right
                    anchors.leftMargin: 12
                    anchors.baseline: heading.baseline
                    visible: frame.subtitle !== "" && frame.width > 640
                    width: Math.max(0, Math.min(implicitWidth, parent.width - heading.width - 12))
                    text: frame.subtitle
                    muted: true
                }
            }
            Row {
                id: actionRow

                spacing: Theme.s2
                height: 34
            }
        }

        Banner {
            visible: frame.error !== "" && frame.loaded && !frame.offline
            Layout.fillWidth: true
            title: frame.error
            message: frame.troubled ? frame.troubled.remedy : ""
            action: qsTr("Try again")
            busy: frame.working
            onActed: frame.refresh()
        }

        Item {
            Layout.fillWidth: true
            Layout.fillHeight: true

            Loader {
                active: frame.condition === "loading"
                visible: active
                anchors.left: parent.left
                anchors.right: parent.right
                anchors.top: parent.top
                sourceComponent: frame.skeleton ?? plainSkeleton
            }
            Loader {
                active: frame.condition === "error" || frame.condition === "unsupported" || frame.condition === "offline"
                visible: active
                anchors.fill: parent
                sourceComponent: frame.condition === "offline" ? offlineView : troubleView
            }
            Loader {
                active: frame.condition === "empty" && frame.emptyView !== null
                visible: active
                anchors.fill: parent
                sourceComponent: frame.emptyView
            }
            FocusScope {
                id: body

                anchors.fill: parent
                focus: true
                visible: frame.condition === "full" || (frame.condition === "empty" && frame.emptyView === null)
            }
        }
    }

    Component {
        id: plainSkeleton

        SkeletonRows {}
    }
    Component {
        id: offlineView

        EmptyState {
            glyph: "unlink"
            title: frame.app.session.state === Session.Connecting ? qsTr("Connecting to the daemon") : qsTr("No daemon")
            message: frame.app.session.sentence !== "" ? frame.app.session.sentence : qsTr("All that is shown here comes from a fil-fil daemon, on this machine or another one.")
            action: frame.app.session.state === Session.Offline ? qsTr("Find or start one…") : qsTr("Try again")
            secondAction: frame.app.session.state === Session.Offline ? "" : qsTr("Find or start one…")
            onActed: frame.app.session.state === Session.Offline ? frame.wizardWanted() : frame.app.session.retry()
            onActedSecond: frame.wizardWanted()
        }
    }
    Component {
        id: troubleView

        Item {
            Banner {
                visible: !frame.unsupported
                width: parent.width
                title: frame.error
                message: frame.troubled ? frame.troubled.remedy : ""
                action: qsTr("Try again")
                busy: frame.working
                onActed: frame.refresh()
            }
            EmptyState {
                anchors.fill: parent
                anchors.topMargin: frame.unsupported ? 0 : 60
                glyph: frame.unsupported ? "settings" : "warning"
                title: frame.unsupported ? qsTr("Not set up yet") : qsTr("Nothing could be loaded")
                message: frame.unsupported ? Theme.sentence(frame.error) + "." + (frame.troubled && frame.troubled.remedy !== "" ? "\n" + Theme.sentence(frame.troubled.remedy) + "." : "") : qsTr("What stands above says why. It is tried again when the daemon says that something changed.")
                action: frame.unsupported ? qsTr("Open the settings") : ""
                onActed: frame.pageWanted("settings")
            }
        }
    }

    /*! Another page is to be shown: its name, and what it should look at. */
    signal pageWanted(string page)
}
