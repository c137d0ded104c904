// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gui/view/stage_bar.hpp"

#include <QFontMetricsF>
#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <array>
#include <cmath>

namespace filfil::gui {

QColor toneOf(const SlotPalette& palette, QStringView tone) {
    if (tone == QStringLiteral("grey")) return palette.grey;
    if (tone == QStringLiteral("amber")) return palette.amber;
    if (tone == QStringLiteral("blue")) return palette.blue;
    if (tone == QStringLiteral("violet")) return palette.violet;
    if (tone == QStringLiteral("green")) return palette.green;
    if (tone == QStringLiteral("red")) return palette.red;
    if (tone == QStringLiteral("accent")) return palette.accent;
    return {};
}

StageBar::StageBar(QQuickItem* parent) : PaintedItem(parent) { setAcceptedMouseButtons(Qt::LeftButton); }

void StageBar::setStages(const QVariantList& stages) {
    m_list = stages;
    m_stages.clear();
    for (const QVariant& one : stages) {
        const QVariantMap map = one.toMap();
        m_stages.push_back({map.value(QStringLiteral("label")).toString(),
                            std::max(0, map.value(QStringLiteral("count")).toInt()),
                            map.value(QStringLiteral("tone")).toString()});
    }
    relayout();
    emit stagesChanged();
    show();
}

int StageBar::total() const {
    int sum = 0;
    for (const Stage& stage : m_stages) sum += stage.count;
    return sum;
}

QColor StageBar::colourOf(std::size_t stage) const {
    const SlotPalette& palette = colours();
    const QColor tone = toneOf(palette, m_stages[stage].tone);
    if (tone.isValid()) return tone;
    const std::array turn = {palette.grey, palette.amber, palette.blue, palette.violet, palette.green};
    return turn[stage % turn.size()];
}

double StageBar::barHeight() const { return height() < 36 ? height() : std::min(28.0, height() * 0.5); }

void StageBar::relayout() {
    const int sum = total();
    const int full =
        static_cast<int>(std::ranges::count_if(m_stages, [](const Stage& stage) { return stage.count > 0; }));
    if (sum == 0 || full == 0) {
        for (Stage& stage : m_stages) stage.rect = {};
        return;
    }
    // Every stage with something in it is wide enough to be seen; the rest is in proportion.
    const double least = std::min(26.0, width() / full);
    const double rest = std::max(0.0, width() - least * full);
    double x = 0;
    for (Stage& stage : m_stages) {
        if (stage.count == 0) {
            stage.rect = {};
            continue;
        }
        const double wide = least + rest * stage.count / sum;
        stage.rect = QRectF(mirrored() ? width() - x - wide : x, 0, wide, barHeight());
        x += wide;
    }
}

void StageBar::paint(QPainter* painter) {
    const SlotPalette& palette = colours();
    painter->setRenderHint(QPainter::Antialiasing);
    const double high = barHeight();
    QPainterPath frame;
    frame.addRoundedRect(QRectF(0, 0, width(), high), 6, 6);
    painter->fillPath(frame, mixed(palette.canvas, palette.grey, 0.12));
    painter->save();
    painter->setClipPath(frame);
    QFont bold = font();
    bold.setWeight(QFont::DemiBold);
    bold.setPixelSize(std::max(7, static_cast<int>(std::lround(bold.pixelSize() * 0.92))));
    painter->setFont(bold);
    for (std::size_t i = 0; i < m_stages.size(); ++i) {
        const Stage& stage = m_stages[i];
        if (stage.rect.isEmpty()) continue;
        const QColor colour = colourOf(i);
        painter->fillRect(stage.rect.adjusted(0, 0, -1.5, 0), colour);
        painter->setPen(inkOn(colour));
        if (high >= 14)
            painter->drawText(stage.rect.adjusted(0, 0, -1.5, 0), Qt::AlignCenter, QString::number(stage.count));
    }
    painter->restore();
    QFont small = font();
    small.setPixelSize(std::max(7, static_cast<int>(std::lround(small.pixelSize() * 0.88))));
    painter->setFont(small);
    if (total() == 0) {
        painter->setPen(palette.muted);
        painter->drawText(QRectF(0, 0, width(), high), Qt::AlignCenter, tr("Nothing under way"));
    }
    if (height() < 36) return;
    const QFontMetricsF metrics(small);
    const double line = metrics.height() + 6;
    double x = 0;
    double y = high + 8;
    for (std::size_t i = 0; i < m_stages.size(); ++i) {
        const Stage& stage = m_stages[i];
        const QString text = QString(stage.label + QStringLiteral("  ") + QString::number(stage.count));
        const double wide = 16 + metrics.horizontalAdvance(text);
        if (x > 0 && x + wide > width()) {
            x = 0;
            y += line;
        }
        if (y + line > height() + 4) break;
        const double left = mirrored() ? width() - x - wide : x;
        painter->setPen(Qt::NoPen);
        painter->setBrush(stage.count > 0 ? colourOf(i) : mixed(palette.canvas, palette.grey, 0.3));
        painter->drawRoundedRect(QRectF(mirrored() ? left + wide - 10 : left, y + (line - 10) / 2, 10, 10), 3, 3);
        painter->setPen(stage.count > 0 ? palette.text : palette.muted);
        painter->drawText(QRectF(mirrored() ? left : left + 16, y, wide - 15, line), Qt::AlignVCenter | Qt::AlignLeft,
                          text);
        x += wide + 18;
    }
}

QString StageBar::summary() const {
    QStringList parts;
    for (const Stage& stage : m_stages)
        if (stage.count > 0) parts << tr("%1 %2", "a number and a stage: 3 sealing").arg(stage.count).arg(stage.label);
    return parts.isEmpty() ? tr("nothing under way") : parts.join(QStringLiteral(", "));
}

void StageBar::mousePressEvent(QMouseEvent* event) {
    for (std::size_t i = 0; i < m_stages.size(); ++i)
        if (m_stages[i].rect.contains(event->position())) return emit stageClicked(static_cast<int>(i));
    event->ignore();
}

}    // namespace filfil::gui
