// SPDX-License-Identifier: Apache-2.0 OR MIT
import QtQuick
import QtTest
import FilFil

TestCase {
    id: test

    name: "Theme"

    function part(value: real): real {
        return value <= 0.03928 ? value / 12.92 : Math.pow((value + 0.055) / 1.055, 2.4)
    }

    function light(colour: color): real {
        return 0.2126 * part(colour.r) + 0.7152 * part(colour.g) + 0.0722 * part(colour.b)
    }

    function contrast(a: color, b: color): real {
        const high = Math.max(light(a), light(b))
        const low = Math.min(light(a), light(b))
        return (high + 0.05) / (low + 0.05)
    }

    function test_text_can_be_read_data() {
        return [{ tag: "dark", mode: "dark" }, { tag: "light", mode: "light" }]
    }

    function test_text_can_be_read(data) {
        Theme.mode = data.mode
        compare(Theme.dark, data.mode === "dark")
        const grounds = ["canvas", "panel", "raised"]
        const inks = ["text", "textMuted", "textFaint", "accent", "good", "warning", "bad", "info", "violet", "idle"]
        for (const ground of grounds)
            for (const ink of inks) {
                const found = contrast(Theme[ink], Theme[ground])
                verify(found >= 4.5, ink + " on " + ground + " has a contrast of " + found.toFixed(2))
            }
        for (const fill of ["accentFill", "accentFillHover", "dangerFill"]) {
            const found = contrast(Theme.textOnAccent, Theme[fill])
            verify(found >= 4.5, "text on " + fill + " has a contrast of " + found.toFixed(2))
        }
        // Marks that mean something, and the ring around what has the keyboard.
        for (const ground of grounds)
            for (const mark of ["focus", "borderStrong"]) {
                const found = contrast(Theme[mark], Theme[ground])
                verify(found >= 3, mark + " on " + ground + " has a contrast of " + found.toFixed(2))
            }
    }

    function test_reduced_motion_takes_no_time() {
        Theme.reduceMotion = true
        compare(Theme.quick, 0)
        compare(Theme.calm, 0)
        Theme.reduceMotion = false
        verify(Theme.quick > 0)
    }

    function test_every_state_has_a_glyph() {
        for (const name in States.tones) {
            verify(["good", "warning", "bad", "info", "violet", "idle"].includes(States.tone(name)), name)
            verify(States.glyph(name) !== "", name)
        }
        compare(States.tone("a word of tomorrow"), "idle")
    }

    function cleanup() {
        Theme.mode = "system"
    }
}
