// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gui/view/painted_item.hpp"

#include <QAccessible>
#include <QGuiApplication>
#include <QQmlContext>
#include <QQmlEngine>
#include <QQmlProperty>
#include <QQuickWindow>

namespace filfil::gui {

PaintedItem::PaintedItem(QQuickItem* parent) : QQuickPaintedItem(parent) { setAntialiasing(true); }

void PaintedItem::setTheme(PaintTheme* theme) {
    if (theme == m_theme) return;
    if (m_theme) m_theme->disconnect(this);
    m_theme = theme;
    const auto changed = [this] {
        relayout();
        update();
    };
    if (m_theme) connect(m_theme, &PaintTheme::changed, this, changed);
    emit themeChanged();
    changed();
}

void PaintedItem::setTitle(const QString& title) {
    if (title == m_title) return;
    m_title = title;
    emit titleChanged();
    show();
}

void PaintedItem::setMirrored(bool mirrored) {
    if (mirrored == m_mirrored) return;
    m_mirrored = mirrored;
    emit mirroredChanged();
    relayout();
    update();
}

void PaintedItem::componentComplete() {
    QQuickPaintedItem::componentComplete();
    writeAccessible("Accessible.role", role());
    relayout();
    show();
}

void PaintedItem::geometryChange(const QRectF& now, const QRectF& before) {
    QQuickPaintedItem::geometryChange(now, before);
    if (now.size() != before.size()) relayout();
}

void PaintedItem::itemChange(ItemChange change, const ItemChangeData& data) {
    QQuickPaintedItem::itemChange(change, data);
    if (change == ItemDevicePixelRatioHasChanged || change == ItemSceneChange) {
        relayout();
        update();
    }
}

const SlotPalette& PaintedItem::colours() const {
    static const SlotPalette dark = SlotPalette::dark();
    return m_theme ? m_theme->palette() : dark;
}

QFont PaintedItem::font() const {
    if (m_theme) return m_theme->font();
    QFont font = QGuiApplication::font();
    font.setPixelSize(13);
    return font;
}

double PaintedItem::dpr() const { return window() != nullptr ? window()->effectiveDevicePixelRatio() : 1; }

int PaintedItem::role() const { return QAccessible::Chart; }

void PaintedItem::show() {
    update();
    if (isComponentComplete()) tell();
}

void PaintedItem::tell() {
    QString text = summary();
    if (!m_title.isEmpty()) text = text.isEmpty() ? m_title : QString(m_title + QStringLiteral(": ") + text);
    if (text == m_text) return;
    m_text = text;
    writeAccessible("Accessible.name", m_text);
    emit accessibleTextChanged();
}

// The attached type has no public header; by its QML name it can be set wherever the item's file imports QtQuick.
void PaintedItem::writeAccessible(const char* name, const QVariant& value) {
    QQmlContext* context = qmlContext(this);
    if (context == nullptr) return;
    QQmlProperty property(this, QString::fromLatin1(name), context);
    if (property.isValid()) property.write(value);
}

}    // namespace filfil::gui
