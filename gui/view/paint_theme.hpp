// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "gui/view/slot_palette.hpp"

#include <QtQml/qqmlregistration.h>
#include <QFont>
#include <QObject>

namespace filfil::gui {

/// The theme's tokens for what is painted in C++: one object, given to every painted item as its `theme`. `dark`
/// chooses the defaults; a colour that is set stays until it is reset (set to undefined). GUI thread only.
class PaintTheme : public QObject {
    Q_OBJECT
    QML_ELEMENT
    Q_PROPERTY(bool dark READ dark WRITE setDark NOTIFY changed)
    Q_PROPERTY(QColor canvas READ canvas WRITE setCanvas RESET resetCanvas NOTIFY changed)
    Q_PROPERTY(QColor panel READ panel WRITE setPanel RESET resetPanel NOTIFY changed)
    Q_PROPERTY(QColor border READ border WRITE setBorder RESET resetBorder NOTIFY changed)
    Q_PROPERTY(QColor grid READ grid WRITE setGrid RESET resetGrid NOTIFY changed)
    Q_PROPERTY(QColor text READ text WRITE setText RESET resetText NOTIFY changed)
    Q_PROPERTY(QColor muted READ muted WRITE setMuted RESET resetMuted NOTIFY changed)
    Q_PROPERTY(QColor accent READ accent WRITE setAccent RESET resetAccent NOTIFY changed)
    Q_PROPERTY(QColor focus READ focus WRITE setFocus RESET resetFocus NOTIFY changed)
    Q_PROPERTY(QColor now READ now WRITE setNow RESET resetNow NOTIFY changed)
    Q_PROPERTY(QColor onNow READ onNow WRITE setOnNow RESET resetOnNow NOTIFY changed)
    Q_PROPERTY(QColor grey READ grey WRITE setGrey RESET resetGrey NOTIFY changed)
    Q_PROPERTY(QColor amber READ amber WRITE setAmber RESET resetAmber NOTIFY changed)
    Q_PROPERTY(QColor blue READ blue WRITE setBlue RESET resetBlue NOTIFY changed)
    Q_PROPERTY(QColor violet READ violet WRITE setViolet RESET resetViolet NOTIFY changed)
    Q_PROPERTY(QColor green READ green WRITE setGreen RESET resetGreen NOTIFY changed)
    Q_PROPERTY(QColor red READ red WRITE setRed RESET resetRed NOTIFY changed)
    Q_PROPERTY(QString fontFamily READ fontFamily WRITE setFontFamily NOTIFY changed)
    Q_PROPERTY(qreal fontSize READ fontSize WRITE setFontSize NOTIFY changed)

public:
    explicit PaintTheme(QObject* parent = nullptr);

    [[nodiscard]] const SlotPalette& palette() const { return m_palette; }
    /// The application's font where no family is set, `fontSize` pixels high.
    [[nodiscard]] QFont font() const;

    [[nodiscard]] bool dark() const { return m_dark; }
    void setDark(bool dark);
    [[nodiscard]] QString fontFamily() const { return m_family; }
    void setFontFamily(const QString& family);
    [[nodiscard]] qreal fontSize() const { return m_size; }
    void setFontSize(qreal pixels);

#define FILFIL_COLOUR(get, Set)                                             \
    [[nodiscard]] QColor get() const { return m_palette.get; }              \
    void set##Set(const QColor& colour) { set(&SlotPalette::get, colour); } \
    void reset##Set() { set(&SlotPalette::get, {}); }
    FILFIL_COLOUR(canvas, Canvas)
    FILFIL_COLOUR(panel, Panel)
    FILFIL_COLOUR(border, Border)
    FILFIL_COLOUR(grid, Grid)
    FILFIL_COLOUR(text, Text)
    FILFIL_COLOUR(muted, Muted)
    FILFIL_COLOUR(accent, Accent)
    FILFIL_COLOUR(focus, Focus)
    FILFIL_COLOUR(now, Now)
    FILFIL_COLOUR(onNow, OnNow)
    FILFIL_COLOUR(grey, Grey)
    FILFIL_COLOUR(amber, Amber)
    FILFIL_COLOUR(blue, Blue)
    FILFIL_COLOUR(violet, Violet)
    FILFIL_COLOUR(green, Green)
    FILFIL_COLOUR(red, Red)
#undef FILFIL_COLOUR

signals:
    void changed();

private:
    void set(QColor SlotPalette::* member, const QColor& colour);
    void rebuild();

    bool m_dark = true;
    QString m_family;
    qreal m_size = 13;
    SlotPalette m_own{};    ///< those that were set; the others are not valid
    SlotPalette m_palette = SlotPalette::dark();
};

}    // namespace filfil::gui
