// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "gui/view/painted_item.hpp"

#include <QVariantList>

#include <vector>

namespace filfil::gui {

/// Bars with their names below: payouts per month. `bars` is a list of maps: label, value, and if wanted `pending`,
/// which is stacked above the value in outline, and `text`, which is told instead of the number ("12.4 FIL").
class BarChart : public filfil::gui::PaintedItem {
    Q_OBJECT
    QML_ELEMENT
    Q_PROPERTY(QVariantList bars READ bars WRITE setBars NOTIFY barsChanged)
    Q_PROPERTY(QString unit READ unit WRITE setUnit NOTIFY lookChanged)
    Q_PROPERTY(QColor color READ color WRITE setColor NOTIFY lookChanged)     ///< the theme's green while it is not set
    Q_PROPERTY(int highlighted READ highlighted NOTIFY highlightedChanged)    ///< the bar under the pointer or −1
    Q_PROPERTY(QString highlightedText READ highlightedText NOTIFY highlightedChanged)

public:
    explicit BarChart(QQuickItem* parent = nullptr);

    [[nodiscard]] QVariantList bars() const { return m_list; }
    void setBars(const QVariantList& bars);
    [[nodiscard]] QString unit() const { return m_unit; }
    void setUnit(const QString& unit);
    [[nodiscard]] QColor color() const { return m_color; }
    void setColor(const QColor& color);
    [[nodiscard]] int highlighted() const { return m_highlighted; }
    [[nodiscard]] QString highlightedText() const;

    void paint(QPainter* painter) override;

signals:
    void barsChanged();
    void lookChanged();
    void highlightedChanged();

protected:
    [[nodiscard]] QString summary() const override;
    void hoverMoveEvent(QHoverEvent* event) override;
    void hoverLeaveEvent(QHoverEvent* event) override;

private:
    struct Bar {
        QString label;
        double value = 0;
        double pending = 0;
        QString text;
    };
    [[nodiscard]] QString textOf(const Bar& bar) const;
    [[nodiscard]] QFont smallFont() const;
    [[nodiscard]] double top() const;
    [[nodiscard]] QRectF plot() const;
    void highlight(int bar);

    QVariantList m_list;
    std::vector<Bar> m_bars;
    QString m_unit;
    QColor m_color;
    int m_highlighted = -1;
};

}    // namespace filfil::gui
