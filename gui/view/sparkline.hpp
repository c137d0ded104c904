// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "gui/view/painted_item.hpp"

#include <QVariantList>

#include <vector>

namespace filfil::gui {

/// A line of numbers over time with its last one marked: throughput. Numbers that are null or NaN are gaps.
class Sparkline : public filfil::gui::PaintedItem {
    Q_OBJECT
    QML_ELEMENT
    Q_PROPERTY(QVariantList values READ values WRITE setValues NOTIFY valuesChanged)
    Q_PROPERTY(QString unit READ unit WRITE setUnit NOTIFY lookChanged)      ///< "bytes/s", "bytes" or any word
    Q_PROPERTY(QColor color READ color WRITE setColor NOTIFY lookChanged)    ///< the theme's accent while it is not set
    Q_PROPERTY(double most READ most WRITE setMost NOTIFY lookChanged)    ///< top of the axis; 0: as the numbers need
    Q_PROPERTY(bool axis READ axis WRITE setAxis NOTIFY lookChanged)      ///< numbers beside three lines

public:
    using PaintedItem::PaintedItem;

    [[nodiscard]] QVariantList values() const { return m_list; }
    void setValues(const QVariantList& values);
    [[nodiscard]] QString unit() const { return m_unit; }
    void setUnit(const QString& unit);
    [[nodiscard]] QColor color() const { return m_color; }
    void setColor(const QColor& color);
    [[nodiscard]] double most() const { return m_most; }
    void setMost(double most);
    [[nodiscard]] bool axis() const { return m_axis; }
    void setAxis(bool axis);

    void paint(QPainter* painter) override;

signals:
    void valuesChanged();
    void lookChanged();

protected:
    [[nodiscard]] QString summary() const override;

private:
    QVariantList m_list;
    std::vector<double> m_values;
    QString m_unit;
    QColor m_color;
    double m_most = 0;
    bool m_axis = false;
};

}    // namespace filfil::gui
