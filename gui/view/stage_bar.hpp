// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "gui/view/painted_item.hpp"

#include <QVariantList>

#include <vector>

namespace filfil::gui {

/// One bar of how many things are in which stage, with a legend of the numbers below where there is room: deals.
/// `stages` is a list of maps: label, count, tone (grey amber blue violet green red; without one the theme's are taken
/// in turn).
class StageBar : public filfil::gui::PaintedItem {
    Q_OBJECT
    QML_ELEMENT
    Q_PROPERTY(QVariantList stages READ stages WRITE setStages NOTIFY stagesChanged)
    Q_PROPERTY(int total READ total NOTIFY stagesChanged)

public:
    StageBar(QQuickItem* parent = nullptr);

    [[nodiscard]] QVariantList stages() const { return m_list; }
    void setStages(const QVariantList& stages);
    [[nodiscard]] int total() const;

    void paint(QPainter* painter) override;

signals:
    void stagesChanged();
    void stageClicked(int stage);

protected:
    void relayout() override;
    [[nodiscard]] QString summary() const override;
    void mousePressEvent(QMouseEvent* event) override;

private:
    struct Stage {
        QString label;
        int count = 0;
        QString tone;
        QRectF rect{};
    };
    [[nodiscard]] QColor colourOf(std::size_t stage) const;
    [[nodiscard]] double barHeight() const;

    QVariantList m_list;
    std::vector<Stage> m_stages;
};

/// The theme's colour of a tone's name; not valid for others.
QColor toneOf(const SlotPalette& palette, QStringView tone);

}    // namespace filfil::gui
