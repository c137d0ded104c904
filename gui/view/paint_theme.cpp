// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gui/view/paint_theme.hpp"

#include <QGuiApplication>

#include <algorithm>
#include <cmath>

namespace filfil::gui {

namespace {

constexpr QColor SlotPalette::* members[] = {
    &SlotPalette::canvas, &SlotPalette::panel,  &SlotPalette::border, &SlotPalette::grid,
    &SlotPalette::text,   &SlotPalette::muted,  &SlotPalette::accent, &SlotPalette::focus,
    &SlotPalette::now,    &SlotPalette::onNow,  &SlotPalette::grey,   &SlotPalette::amber,
    &SlotPalette::blue,   &SlotPalette::violet, &SlotPalette::green,  &SlotPalette::red};

}    // namespace

PaintTheme::PaintTheme(QObject* parent) : QObject(parent) {}

QFont PaintTheme::font() const {
    QFont font = m_family.isEmpty() ? QGuiApplication::font() : QFont(m_family);
    font.setPixelSize(static_cast<int>(std::lround(m_size)));
    return font;
}

void PaintTheme::setDark(bool dark) {
    if (dark == m_dark) return;
    m_dark = dark;
    rebuild();
}

void PaintTheme::setFontFamily(const QString& family) {
    if (family == m_family) return;
    m_family = family;
    emit changed();
}

void PaintTheme::setFontSize(qreal pixels) {
    pixels = std::clamp(pixels, 6.0, 64.0);
    if (pixels == m_size) return;
    m_size = pixels;
    emit changed();
}

void PaintTheme::set(QColor SlotPalette::* member, const QColor& colour) {
    if (m_own.*member == colour) return;
    m_own.*member = colour;
    rebuild();
}

void PaintTheme::rebuild() {
    SlotPalette next = m_dark ? SlotPalette::dark() : SlotPalette::light();
    for (const auto member : members)
        if ((m_own.*member).isValid()) next.*member = m_own.*member;
    m_palette = next;
    emit changed();
}

}    // namespace filfil::gui
