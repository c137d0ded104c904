// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma Singleton
import QtQuick

/*!
    What everything looks like: colours, spaces, type and motion.

    Every colour comes in a dark and a light form with a contrast of at least 4.5 to what it stands on (text) or 3 (lines
    and marks that mean something). A state has a colour, a glyph and a word; never the colour alone.
*/
QtObject {
    id: theme

    /*! "system", "dark" or "light": given by Main.qml out of the preferences. */
    property string mode: "system"
    /*! Nothing moves by itself where this is set. */
    property bool reduceMotion: false

    /*! The text goes from right to left, and so does everything. */
    readonly property bool mirrored: Application.layoutDirection === Qt.RightToLeft

    readonly property SystemPalette system: SystemPalette {}
    readonly property bool dark: mode === "dark" || (mode !== "light" && system.window.hslLightness < 0.5)

    // Surfaces, from the back to the front.
    readonly property color canvas: dark ? "#0d1117" : "#f6f8fa"
    readonly property color panel: dark ? "#161b22" : "#ffffff"
    readonly property color raised: dark ? "#1c2128" : "#ffffff"
    readonly property color inset: dark ? "#0a0d12" : "#eef1f4"
    readonly property color hover: dark ? "#1f252d" : "#eaeef2"
    readonly property color pressed: dark ? "#272e38" : "#dde3e9"
    readonly property color selected: dark ? "#1b2a3f" : "#ddeeff"
    readonly property color border: dark ? "#30363d" : "#d0d7de"
    readonly property color borderMuted: dark ? "#21262d" : "#e4e8ec"
    readonly property color borderStrong: dark ? "#6e7681" : "#7d8590"
    readonly property color scrim: dark ? "#a0010409" : "#66101418"

    // Text.
    readonly property color text: dark ? "#e6edf3" : "#1f2328"
    readonly property color textMuted: dark ? "#9ea7b3" : "#57606a"
    readonly property color textFaint: dark ? "#868e99" : "#656d76"
    readonly property color textOnAccent: "#ffffff"

    // The one accent.
    readonly property color accent: dark ? "#58a6ff" : "#0969da"
    readonly property color accentFill: dark ? "#1f6feb" : "#0969da"
    readonly property color accentFillHover: dark ? "#1c66dd" : "#0860c7"
    readonly property color accentFillPressed: dark ? "#1a63d6" : "#0757b5"
    readonly property color dangerFill: dark ? "#c93c37" : "#cf222e"
    readonly property color focus: dark ? "#79b8ff" : "#0969da"

    // States.
    readonly property color good: dark ? "#3fb950" : "#1a7f37"
    readonly property color warning: dark ? "#d29922" : "#8f5e00"
    readonly property color bad: dark ? "#ff6a61" : "#cf222e"
    readonly property color info: dark ? "#58a6ff" : "#0969da"
    readonly property color violet: dark ? "#b083f0" : "#7a46cf"
    readonly property color idle: dark ? "#9ea7b3" : "#57606a"

    // Spaces: multiples of 4.
    readonly property int s1: 4
    readonly property int s2: 8
    readonly property int s3: 12
    readonly property int s4: 16
    readonly property int s5: 20
    readonly property int s6: 24
    readonly property int s8: 32

    readonly property int rowHeight: 32
    readonly property int controlHeight: 32
    readonly property int radius: 6
    readonly property int radiusSmall: 4
    readonly property int radiusLarge: 10
    readonly property int sidebar: 216

    // Type. Mono is for CIDs, addresses and paths alone.
    readonly property var families: Qt.fontFamilies()
    readonly property string sans: families.includes("Inter") ? "Inter" : Application.font.family
    readonly property string mono: families.includes("JetBrains Mono") ? "JetBrains Mono"
                                 : families.includes("DejaVu Sans Mono") ? "DejaVu Sans Mono" : "monospace"
    readonly property int caption: 11
    readonly property int small: 12
    readonly property int body: 13
    readonly property int strong: 15
    readonly property int title: 20
    readonly property int figure: 24

    readonly property int quick: reduceMotion ? 0 : 110
    readonly property int calm: reduceMotion ? 0 : 220

    /*! The colour of a state's tone: "good", "warning", "bad", "info", "violet" or "idle". */
    function tone(name: string): color {
        switch (name) {
        case "good": return theme.good
        case "warning": return theme.warning
        case "bad": return theme.bad
        case "info": return theme.info
        case "violet": return theme.violet
        }
        return theme.idle
    }

    /*! What the daemon says, as it stands at the beginning of a line: its sentences begin small, and names stay as they are. */
    function sentence(text: string): string {
        return /^[a-z]+[ ,]/.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text
    }

    /*! A colour with `strength` (0 to 1) of it left, for fills under text of that colour. */
    function tint(colour: color, strength: real): color {
        return Qt.rgba(colour.r, colour.g, colour.b, strength)
    }
}
