// SPDX-License-Identifier: Apache-2.0 OR MIT
import QtQuick
import FilFil

/*! A chip for a state that the daemon names. */
Chip {
    property string state_

    tone: States.tone(state_)
    glyph: States.glyph(state_)
}
