// SPDX-License-Identifier: Apache-2.0 OR MIT
import QtQuick
import QtQuick.Templates as T
import FilFil

/*! A button with a word, and a glyph before it. `hint` is said while the pointer rests, `keys` names its shortcut. */
T.Button {
    id: control

    enum Kind { Secondary, Primary, Danger, Quiet, Link }

    property int kind: AppButton.Secondary
    property string glyph
    property string hint
    property string keys
    property bool busy: false
    /*! What it says stands at its beginning, as in a menu. */
    property bool leading: false
    readonly property color ink: !enabled ? Theme.textFaint
        : kind === AppButton.Primary || kind === AppButton.Danger ? Theme.textOnAccent
        : kind === AppButton.Link ? Theme.accent : Theme.text

    implicitWidth: Math.max(Theme.controlHeight, implicitContentWidth + leftPadding + rightPadding)
    implicitHeight: Theme.controlHeight
    leftPadding: kind === AppButton.Link ? 4 : text === "" ? 8 : Theme.s3
    rightPadding: leftPadding
    spacing: 6
    hoverEnabled: true
    focusPolicy: Qt.StrongFocus
    font.family: Theme.sans
    font.pixelSize: Theme.body
    font.weight: Font.Medium
    Accessible.role: Accessible.Button
    Accessible.name: control.text !== "" ? control.text : control.hint
    // Qt 6.4 tells a screen reader of no button that is off, and lets it press one.
    Accessible.description: {
        const hint = control.text !== "" ? control.hint : ""
        const off = control.enabled ? "" : qsTr("off for now")
        return hint !== "" && off !== "" ? hint + ", " + off : hint + off
    }
    Accessible.onPressAction: if (control.enabled) control.clicked()
    Keys.onReturnPressed: control.clicked()
    Keys.onEnterPressed: control.clicked()

    // Made at once: it has ids.
    contentItem: Item { // qmllint disable deferred-property-id
        id: inside

        readonly property real room: mark.visible ? mark.width + control.spacing : 0

        implicitWidth: words.visible ? room + Math.ceil(words.implicitWidth) : mark.width
        implicitHeight: 20

        Row {
            x: control.leading ? (control.mirrored ? parent.width - width : 0) : (parent.width - width) / 2
            anchors.verticalCenter: parent.verticalCenter
            spacing: control.spacing

            Icon {
                id: mark

                visible: control.glyph !== "" || control.busy
                name: control.busy ? "spinner" : control.glyph
                color: control.ink
                size: 16
                mirrored: control.mirrored
                anchors.verticalCenter: parent.verticalCenter

                RotationAnimation on rotation {
                    running: control.busy && !Theme.reduceMotion && control.visible
                    from: 0
                    to: 360
                    duration: 1100
                    loops: Animation.Infinite
                    onStopped: mark.rotation = 0
                }
            }
            AppText {
                id: words

                visible: control.text !== ""
                text: control.text
                font: control.font
                color: control.ink
                width: Math.min(Math.ceil(implicitWidth), Math.max(0, inside.width - inside.room))
                anchors.verticalCenter: parent.verticalCenter
                Accessible.ignored: true
            }
        }
    }
    background: Rectangle {
        radius: Theme.radius
        opacity: control.enabled ? 1 : 0.6
        border.width: control.kind === AppButton.Secondary ? 1 : 0
        border.color: control.hovered && control.enabled ? Theme.borderStrong : Theme.border
        color: {
            const down = control.down && control.enabled
            const over = control.hovered && control.enabled
            switch (control.kind) {
            case AppButton.Primary:
                return !control.enabled ? Theme.hover : down ? Theme.accentFillPressed : over ? Theme.accentFillHover : Theme.accentFill
            case AppButton.Danger:
                return !control.enabled ? Theme.hover : down ? Qt.darker(Theme.dangerFill, 1.15) : over ? Qt.darker(Theme.dangerFill, 1.07) : Theme.dangerFill
            case AppButton.Secondary:
                return down ? Theme.pressed : over ? Theme.hover : Theme.panel
            }
            return down ? Theme.pressed : over ? Theme.hover : "transparent"
        }

        FocusRing { shown: control.visualFocus }
    }

    Loader {
        active: control.hovered && (control.hint !== "" || control.keys !== "")
        sourceComponent: HintTip {
            over: control
            text: (control.hint !== "" ? control.hint : control.text) + (control.keys !== "" ? "  (" + control.keys + ")" : "")
        }
    }
}
