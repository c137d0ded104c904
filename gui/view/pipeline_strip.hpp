// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "gui/view/painted_item.hpp"

#include <QVariantList>

#include <vector>

namespace filfil::gui {

/// The way of a snapshot as a chain of arrows: tipset, snapshot, CAR, commP, deal, claim, payout. `stages` is a list of
/// maps: label, state (done, active, waiting, failed, skipped), progress (0 to 1 or null), detail (a few words below).
/// `activeRect` is where a shader may let light run over the stage at work.
class PipelineStrip : public filfil::gui::PaintedItem {
    Q_OBJECT
    QML_ELEMENT
    Q_PROPERTY(QVariantList stages READ stages WRITE setStages NOTIFY stagesChanged)
    Q_PROPERTY(int active READ active NOTIFY stagesChanged)
    Q_PROPERTY(QRectF activeRect READ activeRect NOTIFY activeRectChanged)

public:
    explicit PipelineStrip(QQuickItem* parent = nullptr);

    [[nodiscard]] QVariantList stages() const { return m_list; }
    void setStages(const QVariantList& stages);
    [[nodiscard]] int active() const;
    [[nodiscard]] QRectF activeRect() const;

    void paint(QPainter* painter) override;

signals:
    void stagesChanged();
    void activeRectChanged();
    void stageClicked(int stage);

protected:
    void relayout() override;
    [[nodiscard]] QString summary() const override;
    void mousePressEvent(QMouseEvent* event) override;

private:
    enum class State : quint8 { Waiting, Active, Done, Failed, Skipped };
    struct Stage {
        QString label;
        State state = State::Waiting;
        double progress = -1;
        QString detail;
        QRectF rect{};
    };
    [[nodiscard]] QString wordOf(const Stage& stage) const;

    QVariantList m_list;
    std::vector<Stage> m_stages;
};

}    // namespace filfil::gui
