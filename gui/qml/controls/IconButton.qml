// SPDX-License-Identifier: Apache-2.0 OR MIT
import QtQuick
import FilFil

/*! A button that is a glyph alone; `hint` is its name. */
AppButton {
    kind: AppButton.Quiet
    implicitWidth: Theme.controlHeight
}
