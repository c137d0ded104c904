// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "gui/view/paint_theme.hpp"

#include <QtQml/qqmlregistration.h>
#include <QPointer>
#include <QQuickPaintedItem>

namespace filfil::gui {

/// What all items have in common that are painted in C++: the theme, and that they tell a screen reader what they show.
/// The item sets its Accessible.role and Accessible.name by itself. GUI thread only, but for paint(), during which Qt
/// holds the GUI thread. Types name it with its namespace as their base: qmltyperegistrar finds none without.
class PaintedItem : public QQuickPaintedItem {
    Q_OBJECT
    QML_ANONYMOUS
    Q_PROPERTY(filfil::gui::PaintTheme* theme READ theme WRITE setTheme NOTIFY themeChanged)
    /// A sentence that says what is shown.
    Q_PROPERTY(QString accessibleText READ accessibleText NOTIFY accessibleTextChanged)
    /// Put before the sentence: what the item is about ("Throughput").
    Q_PROPERTY(QString title READ title WRITE setTitle NOTIFY titleChanged)
    /// Time and text go from right to left.
    Q_PROPERTY(bool mirrored READ mirrored WRITE setMirrored NOTIFY mirroredChanged)

public:
    explicit PaintedItem(QQuickItem* parent = nullptr);

    [[nodiscard]] PaintTheme* theme() const { return m_theme; }
    void setTheme(PaintTheme* theme);
    [[nodiscard]] QString accessibleText() const { return m_text; }
    [[nodiscard]] QString title() const { return m_title; }
    void setTitle(const QString& title);
    [[nodiscard]] bool mirrored() const { return m_mirrored; }
    void setMirrored(bool mirrored);

signals:
    void themeChanged();
    void accessibleTextChanged();
    void titleChanged();
    void mirroredChanged();

protected:
    void componentComplete() override;
    void geometryChange(const QRectF& now, const QRectF& before) override;
    void itemChange(ItemChange change, const ItemChangeData& data) override;

    /// The theme's palette, or the dark one.
    [[nodiscard]] const SlotPalette& colours() const;
    [[nodiscard]] QFont font() const;
    [[nodiscard]] double dpr() const;

    /// What it shows has changed: says so and paints again.
    void show();
    /// What it shows, without the title.
    [[nodiscard]] virtual QString summary() const = 0;
    /// QAccessible's role.
    [[nodiscard]] virtual int role() const;
    /// Size, theme or screen changed.
    virtual void relayout() {}

private:
    void tell();
    void writeAccessible(const char* name, const QVariant& value);

    QPointer<PaintTheme> m_theme;
    QString m_title;
    QString m_text;
    bool m_mirrored = false;
};

}    // namespace filfil::gui
