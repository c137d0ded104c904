// SPDX-License-Identifier: Apache-2.0 OR MIT
import QtQuick
import FilFil

/*! The filter of a page: Ctrl+F brings the keyboard here. */
Field {
    glyph: "search"
    clearable: true
    placeholder: qsTr("Filter")
    implicitWidth: 220
}
