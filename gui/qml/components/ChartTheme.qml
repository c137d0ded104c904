// SPDX-License-Identifier: Apache-2.0 OR MIT
import FilFil
import FilFil.View

/*! The theme, for what is painted in C++. */
PaintTheme {
    dark: Theme.dark
    canvas: Theme.canvas
    panel: Theme.panel
    border: Theme.border
    grid: Theme.borderMuted
    text: Theme.text
    muted: Theme.textMuted
    accent: Theme.accent
    focus: Theme.focus
    grey: Theme.idle
    amber: Theme.warning
    blue: Theme.info
    violet: Theme.violet
    green: Theme.good
    red: Theme.bad
    fontFamily: Theme.sans
    fontSize: Theme.body
}
