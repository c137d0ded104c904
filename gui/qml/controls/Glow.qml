// SPDX-License-Identifier: Apache-2.0 OR MIT
import QtQuick
import FilFil

/*!
    Light over what is shown, by a shader: decoration alone. Where Qt draws without a graphics API there is none, and
    nothing is lost. A shader's uniforms are properties; a use adds those beside `time` and `color`.

    What moves has the window drawn again at each step, so it goes in few steps, and only while there is something to tell
    and somebody may see it.
*/
ShaderEffect {
    id: glow

    /*! The file in shaders/, without its ending. */
    required property string shader
    property bool shown: true
    property bool moving: false
    property color color: Theme.accent
    /*! Seconds; stands still while nothing moves. */
    property real time: 0

    readonly property bool drawable: GraphicsInfo.api !== GraphicsInfo.Unknown && GraphicsInfo.api !== GraphicsInfo.Software
    readonly property bool seen: Window.visibility !== Window.Hidden && Window.visibility !== Window.Minimized

    visible: shown && drawable
    fragmentShader: drawable ? "qrc:/shaders/" + shader + ".frag.qsb" : ""

    Timer {
        interval: 80
        repeat: true
        running: glow.visible && glow.moving && glow.seen && !Theme.reduceMotion
        onTriggered: glow.time += interval / 1000
    }
}
