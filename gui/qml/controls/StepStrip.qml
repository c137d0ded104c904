// SPDX-License-Identifier: Apache-2.0 OR MIT
import QtQuick
import QtQuick.Layouts
import FilFil

/*! Stages in a row: what is done, where it is, what comes. `steps` as a Timeline has them. */
Item {
    id: strip

    property var steps: []
    property bool small: false
    /*! Work is under way, not only waited for: else nothing moves, since that draws the window at every frame. */
    property bool working: false

    implicitHeight: small ? 20 : 54
    implicitWidth: 400
    Accessible.role: Accessible.List
    Accessible.name: {
        const now = strip.steps.find(step => step.state === "now" || step.state === "failed")
        return now ? qsTr("Stages; now: %1").arg(now.title) : qsTr("Stages")
    }

    RowLayout {
        anchors.fill: parent
        spacing: 0
        // Until then Qt 6.4 lays out what is gone.
        onChildrenChanged: Qt.callLater(ensurePolished) // qmllint disable type

        Repeater {
            model: strip.steps

            Item {
                id: step

                required property int index
                required property var modelData
                readonly property string state_: step.modelData.state ?? "ahead"
                readonly property color ink: state_ === "done" ? Theme.good : state_ === "now" ? Theme.accent : state_ === "failed" ? Theme.bad : Theme.borderStrong
                readonly property bool first: index === 0
                readonly property bool last: index === strip.steps.length - 1
                readonly property real mark: strip.small ? 10 : 22

                Layout.fillWidth: true
                Layout.fillHeight: true
                Layout.preferredWidth: 10
                Layout.minimumWidth: 10

                Rectangle {
                    visible: !step.first
                    x: 0
                    width: parent.width / 2 - step.mark / 2
                    y: step.mark / 2 - 1
                    height: 2
                    color: !step.first && (strip.steps[step.index - 1].state ?? "") === "done" ? Theme.tint(Theme.good, 0.6) : Theme.border
                }
                Rectangle {
                    visible: !step.last
                    x: parent.width / 2 + step.mark / 2
                    width: parent.width / 2 - step.mark / 2
                    y: step.mark / 2 - 1
                    height: 2
                    color: step.state_ === "done" ? Theme.tint(Theme.good, 0.6) : Theme.border
                }
                Glow {
                    readonly property real speed: 0.6
                    readonly property real aspect: width / Math.max(1, height)
                    readonly property real backward: Theme.mirrored ? 1 : 0

                    shader: "pipeline_flow"
                    shown: step.state_ === "now" && strip.working && !strip.small && !step.first
                    moving: strip.visible
                    color: step.ink
                    x: 2
                    width: Math.max(0, parent.width / 2 - step.mark / 2 - 4)
                    y: step.mark / 2 - height / 2
                    height: 8
                }
                Rectangle {
                    id: disc

                    width: step.mark
                    height: step.mark
                    radius: step.mark / 2
                    x: (parent.width - width) / 2
                    color: step.state_ === "ahead" ? Theme.panel : Theme.tint(step.ink, 0.18)
                    border.color: step.ink
                    border.width: step.state_ === "now" ? 2 : 1

                    Icon {
                        visible: !strip.small
                        anchors.centerIn: parent
                        name: step.state_ === "done" ? "check" : step.state_ === "failed" ? "cross" : step.modelData.glyph ?? "dot"
                        color: step.ink
                        size: 13
                    }
                    SequentialAnimation on scale {
                        running: step.state_ === "now" && strip.working && !Theme.reduceMotion && strip.visible
                        loops: Animation.Infinite
                        NumberAnimation { from: 1; to: 1.1; duration: 900; easing.type: Easing.InOutSine }
                        NumberAnimation { from: 1.1; to: 1; duration: 900; easing.type: Easing.InOutSine }
                        onStopped: disc.scale = 1
                    }
                }
                AppText {
                    visible: !strip.small
                    y: step.mark + 8
                    width: parent.width - 4
                    x: 2
                    horizontalAlignment: Text.AlignHCenter
                    text: String(step.modelData.title ?? "")
                    color: step.state_ === "now" ? Theme.text : step.state_ === "failed" ? Theme.bad : Theme.textMuted
                    font.pixelSize: Theme.small
                    font.weight: step.state_ === "now" ? Font.DemiBold : Font.Normal
                }
            }
        }
    }
}
