// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gui/view/slot_palette.hpp"

#include <algorithm>
#include <cmath>

namespace filfil::gui {

namespace {

double linear(double part) { return part <= 0.03928 ? part / 12.92 : std::pow((part + 0.055) / 1.055, 2.4); }

double luminance(const QColor& colour) {
    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF());
}

}    // namespace

SlotPalette SlotPalette::dark() {
    SlotPalette p;
    p.canvas = QColor(0x0d, 0x11, 0x17);
    p.panel = QColor(0x16, 0x1b, 0x22);
    p.border = QColor(0x30, 0x36, 0x3d);
    p.grid = QColor(0x1f, 0x25, 0x2d);
    p.text = QColor(0xe6, 0xed, 0xf3);
    p.muted = QColor(0x9a, 0xa4, 0xae);
    p.accent = QColor(0x58, 0xa6, 0xff);
    p.focus = QColor(0x58, 0xa6, 0xff);
    p.now = QColor(0xff, 0x5c, 0x57);
    p.onNow = QColor(0x1a, 0x05, 0x05);
    p.grey = QColor(0x93, 0x9d, 0xa8);
    p.amber = QColor(0xe3, 0xa9, 0x32);
    p.blue = QColor(0x6c, 0xb2, 0xff);
    p.violet = QColor(0xb7, 0x90, 0xfa);
    p.green = QColor(0x4a, 0xc2, 0x5c);
    p.red = QColor(0xff, 0x7b, 0x72);
    return p;
}

SlotPalette SlotPalette::light() {
    SlotPalette p;
    p.canvas = QColor(0xff, 0xff, 0xff);
    p.panel = QColor(0xf6, 0xf8, 0xfa);
    p.border = QColor(0xd0, 0xd7, 0xde);
    p.grid = QColor(0xea, 0xee, 0xf2);
    p.text = QColor(0x1f, 0x23, 0x28);
    p.muted = QColor(0x57, 0x60, 0x6a);
    p.accent = QColor(0x09, 0x69, 0xda);
    p.focus = QColor(0x09, 0x69, 0xda);
    p.now = QColor(0xcf, 0x22, 0x2e);
    p.onNow = QColor(0xff, 0xff, 0xff);
    p.grey = QColor(0x57, 0x60, 0x6a);
    p.amber = QColor(0x70, 0x49, 0x00);
    p.blue = QColor(0x08, 0x59, 0xb8);
    p.violet = QColor(0x6e, 0x40, 0xc9);
    p.green = QColor(0x11, 0x63, 0x29);
    p.red = QColor(0xb3, 0x1d, 0x28);
    return p;
}

QColor SlotPalette::ink(SlotState state) const {
    switch (state) {
        case SlotState::Open:
        case SlotState::Building: return amber;
        case SlotState::Published: return blue;
        case SlotState::Stored: return violet;
        case SlotState::Paid: return green;
        case SlotState::Missed: return red;
        case SlotState::Future:
        case SlotState::Disputed:
        case SlotState::Reassigned:
        case SlotState::Skipped:
        case SlotState::Ended:
        case SlotState::Unknown: break;
    }
    return grey;
}

QColor SlotPalette::fill(SlotState state) const {
    if (state == SlotState::Future || state == SlotState::Skipped) return canvas;
    if (state == SlotState::Building) return mixed(canvas, ink(state), 0.06);
    return mixed(canvas, ink(state), ink(state) == grey ? 0.10 : 0.20);
}

QColor SlotPalette::progress(SlotState state) const { return mixed(canvas, ink(state), 0.28); }

QColor SlotPalette::plate(SlotState state) const { return mixed(canvas, ink(state), 0.06); }

QColor mixed(const QColor& under, const QColor& over, double part) {
    const auto mix = [part](int a, int b) {
        return static_cast<int>(std::lround(a + (b - a) * std::clamp(part, 0.0, 1.0)));
    };
    return {mix(under.red(), over.red()), mix(under.green(), over.green()), mix(under.blue(), over.blue())};
}

double contrast(const QColor& a, const QColor& b) {
    const double one = luminance(a) + 0.05;
    const double two = luminance(b) + 0.05;
    return std::max(one, two) / std::min(one, two);
}

QColor inkOn(const QColor& ground) {
    const QColor black(0x10, 0x12, 0x15);
    return contrast(ground, black) >= contrast(ground, Qt::white) ? black : QColor(Qt::white);
}

}    // namespace filfil::gui
