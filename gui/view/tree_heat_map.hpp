// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "gui/view/painted_item.hpp"

#include <QVariantList>

#include <vector>

namespace filfil::gui {

/// A commP tree while it is being built: a row a level, the root on top, leaves below; what is hashed is filled, what
/// is being hashed is partly so. The lower rows are warmer where hashing went faster (`rates`). Levels beyond what can
/// be seen are drawn as one.
class TreeHeatMap : public filfil::gui::PaintedItem {
    Q_OBJECT
    QML_ELEMENT
    Q_PROPERTY(
        int levels READ levels WRITE setLevels NOTIFY changed)    ///< the tree's height: nodes of 32 bytes, 0 to 40
    Q_PROPERTY(double progress READ progress WRITE setProgress NOTIFY
                   changed)    ///< 0 to 1, of the leaves, from the beginning
    /// 0 to 1 for each of equal parts of the leaves, where they are not hashed in order; instead of `progress`.
    Q_PROPERTY(QVariantList parts READ parts WRITE setParts NOTIFY changed)
    /// Rates at equal steps from the beginning to where it is now, in any unit.
    Q_PROPERTY(QVariantList rates READ rates WRITE setRates NOTIFY changed)
    Q_PROPERTY(bool failed READ failed WRITE setFailed NOTIFY changed)    ///< the root is not what was expected
    Q_PROPERTY(QRectF treeRect READ treeRect NOTIFY changed)              ///< where a shader's glow belongs
    Q_PROPERTY(int rows READ rows NOTIFY changed)                         ///< that are drawn

public:
    using PaintedItem::PaintedItem;

    [[nodiscard]] int levels() const { return m_levels; }
    void setLevels(int levels);
    [[nodiscard]] double progress() const { return m_progress; }
    void setProgress(double progress);
    [[nodiscard]] QVariantList parts() const { return m_partList; }
    void setParts(const QVariantList& parts);
    [[nodiscard]] QVariantList rates() const { return m_rateList; }
    void setRates(const QVariantList& rates);
    [[nodiscard]] bool failed() const { return m_failed; }
    void setFailed(bool failed);
    [[nodiscard]] QRectF treeRect() const;
    [[nodiscard]] int rows() const;

    /// How much of [from, to) of the leaves is done, 0 to 1.
    [[nodiscard]] double done(double from, double to) const;

    void paint(QPainter* painter) override;

signals:
    void changed();

protected:
    void relayout() override { emit changed(); }
    [[nodiscard]] QString summary() const override;
    [[nodiscard]] int role() const override;

private:
    [[nodiscard]] double labelWidth() const;
    [[nodiscard]] QColor heat(double at) const;
    [[nodiscard]] double total() const { return done(0, 1); }

    int m_levels = 30;
    double m_progress = 0;
    QVariantList m_partList;
    QVariantList m_rateList;
    std::vector<double> m_parts;
    std::vector<double> m_rates;
    bool m_failed = false;
};

}    // namespace filfil::gui
