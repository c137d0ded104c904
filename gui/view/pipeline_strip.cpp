// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gui/view/pipeline_strip.hpp"

#include "gui/view/slot_glyphs.hpp"

#include <QFontMetricsF>
#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <cmath>

namespace filfil::gui {

namespace {

/// An arrow that fits into the one before it.
QPainterPath arrow(const QRectF& rect, double point, bool first, bool last, bool mirrored) {
    const double left = rect.left();
    const double right = rect.right();
    const double tip = last ? right : right + point;
    QPolygonF shape;
    shape << QPointF(left, rect.top()) << QPointF(right, rect.top()) << QPointF(tip, rect.center().y())
          << QPointF(right, rect.bottom()) << QPointF(left, rect.bottom());
    if (!first) shape << QPointF(left + point, rect.center().y());
    if (mirrored)
        for (QPointF& one : shape) one.setX(left + right - one.x());
    QPainterPath path;
    path.addPolygon(shape);
    path.closeSubpath();
    return path;
}

}    // namespace

PipelineStrip::PipelineStrip(QQuickItem* parent) : PaintedItem(parent) { setAcceptedMouseButtons(Qt::LeftButton); }

void PipelineStrip::setStages(const QVariantList& stages) {
    m_list = stages;
    m_stages.clear();
    for (const QVariant& one : stages) {
        const QVariantMap map = one.toMap();
        const QString state = map.value(QStringLiteral("state")).toString();
        Stage stage;
        stage.label = map.value(QStringLiteral("label")).toString();
        stage.detail = map.value(QStringLiteral("detail")).toString();
        if (state == QStringLiteral("active")) stage.state = State::Active;
        if (state == QStringLiteral("done")) stage.state = State::Done;
        if (state == QStringLiteral("failed")) stage.state = State::Failed;
        if (state == QStringLiteral("skipped")) stage.state = State::Skipped;
        bool good = false;
        const QVariant progress = map.value(QStringLiteral("progress"));
        const double part = progress.isNull() ? 0 : progress.toDouble(&good);
        stage.progress = good && std::isfinite(part) ? std::clamp(part, 0.0, 1.0) : -1;
        m_stages.push_back(std::move(stage));
    }
    relayout();
    emit stagesChanged();
    show();
}

int PipelineStrip::active() const {
    for (std::size_t i = 0; i < m_stages.size(); ++i)
        if (m_stages[i].state == State::Active) return static_cast<int>(i);
    return -1;
}

QRectF PipelineStrip::activeRect() const {
    const int stage = active();
    return stage < 0 ? QRectF() : m_stages[static_cast<std::size_t>(stage)].rect;
}

void PipelineStrip::relayout() {
    const QRectF before = activeRect();
    const bool details =
        height() >= 52 && std::ranges::any_of(m_stages, [](const Stage& stage) { return !stage.detail.isEmpty(); });
    const double high = details ? height() - 22 : height();
    const double gap = 3;
    const double each = width() / static_cast<double>(std::max<std::size_t>(1, m_stages.size()));
    for (std::size_t i = 0; i < m_stages.size(); ++i) {
        const double x = std::round(static_cast<double>(i) * each);
        const double end = std::round(static_cast<double>(i + 1) * each) - (i + 1 < m_stages.size() ? gap : 0);
        m_stages[i].rect = QRectF(mirrored() ? width() - end : x, 0, std::max(0.0, end - x), high);
    }
    if (before != activeRect()) emit activeRectChanged();
}

void PipelineStrip::paint(QPainter* painter) {
    const SlotPalette& palette = colours();
    painter->setRenderHint(QPainter::Antialiasing);
    QFont bold = font();
    bold.setWeight(QFont::DemiBold);
    QFont small = font();
    small.setPixelSize(std::max(7, static_cast<int>(std::lround(small.pixelSize() * 0.82))));
    for (std::size_t i = 0; i < m_stages.size(); ++i) {
        const Stage& stage = m_stages[i];
        if (stage.rect.width() < 4) continue;
        const bool first = i == 0;
        const bool last = i + 1 == m_stages.size();
        const double point = std::min({10.0, stage.rect.height() / 3, stage.rect.width() / 4});
        const QPainterPath shape = arrow(stage.rect.adjusted(0.5, 0.5, -0.5, -0.5), point, first, last, mirrored());
        QColor ink = palette.muted;
        QColor fill = mixed(palette.canvas, palette.grey, 0.10);
        QPen edge(palette.border, 1);
        if (stage.state == State::Done) ink = palette.green;
        if (stage.state == State::Active) ink = palette.amber;
        if (stage.state == State::Failed) ink = palette.red;
        if (stage.state != State::Waiting && stage.state != State::Skipped) {
            fill = mixed(palette.canvas, ink, 0.14);
            edge = QPen(ink, stage.state == State::Active ? 1.8 : 1);
        } else if (stage.state == State::Skipped) {
            edge.setStyle(Qt::DashLine);
        }
        painter->fillPath(shape, fill);
        if (stage.state == State::Active && stage.progress >= 0) {
            painter->save();
            painter->setClipPath(shape);
            QRectF done = stage.rect.adjusted(0, stage.rect.height() - 5, point, 0);
            done.setWidth((stage.rect.width() + point) * stage.progress);
            if (mirrored()) done.moveRight(stage.rect.right());
            painter->fillRect(done, ink);
            painter->restore();
        }
        painter->setPen(edge);
        painter->setBrush(Qt::NoBrush);
        painter->drawPath(shape);

        // Glyph and words: the state is told by both.
        painter->setFont(bold);
        const QFontMetricsF metrics(bold);
        const double inset = (first ? 8 : point + 8);
        QRectF inside = mirrored() ? stage.rect.adjusted(4, 0, -inset, 0) : stage.rect.adjusted(inset, 0, -4, 0);
        SlotState sign = SlotState::Future;
        if (stage.state == State::Done) sign = SlotState::Paid;
        if (stage.state == State::Active) sign = SlotState::Building;
        if (stage.state == State::Failed) sign = SlotState::Missed;
        if (stage.state == State::Skipped) sign = SlotState::Skipped;
        const double glyph = 12;
        QString label = stage.label;
        if (stage.state == State::Active && stage.progress >= 0) {
            const QString more = QString(label + QStringLiteral(" ") +
                                         QString::number(static_cast<int>(stage.progress * 100)) + QStringLiteral("%"));
            if (metrics.horizontalAdvance(more) + glyph + 6 <= inside.width()) label = more;
        }
        const bool withGlyph = metrics.horizontalAdvance(label) + glyph + 6 <= inside.width() || inside.width() < 30;
        if (withGlyph) {
            const double x = mirrored() ? inside.right() - glyph : inside.left();
            paintGlyph(*painter, sign, {x, stage.rect.center().y() - glyph / 2, glyph, glyph}, ink);
            inside = mirrored() ? inside.adjusted(0, 0, -glyph - 6, 0) : inside.adjusted(glyph + 6, 0, 0, 0);
        }
        painter->setPen(stage.state == State::Waiting || stage.state == State::Skipped ? palette.muted : palette.text);
        const auto side = mirrored() ? Qt::AlignRight : Qt::AlignLeft;
        painter->drawText(inside, int(side) | int(Qt::AlignVCenter),
                          metrics.elidedText(label, Qt::ElideRight, inside.width()));
        if (stage.rect.height() >= height() - 1 || stage.detail.isEmpty()) continue;
        painter->setFont(small);
        painter->setPen(stage.state == State::Failed ? palette.red : palette.muted);
        const QRectF below = (mirrored() ? stage.rect.adjusted(0, 0, -inset, 0) : stage.rect.adjusted(inset, 0, 0, 0))
                                 .translated(0, stage.rect.height() + 4);
        painter->drawText(QRectF(below.left(), below.top(), below.width(), 18), int(side) | int(Qt::AlignVCenter),
                          QFontMetricsF(small).elidedText(stage.detail, Qt::ElideRight, below.width()));
    }
}

QString PipelineStrip::wordOf(const Stage& stage) const {
    switch (stage.state) {
        case State::Waiting: return tr("waiting");
        case State::Active:
            return stage.progress >= 0 ? tr("at work, %1 percent").arg(static_cast<int>(stage.progress * 100))
                                       : tr("at work");
        case State::Done: return tr("done");
        case State::Failed: return tr("failed");
        case State::Skipped: break;
    }
    return tr("left out");
}

QString PipelineStrip::summary() const {
    QStringList parts;
    for (const Stage& stage : m_stages) {
        QString one = QString(stage.label + QLatin1Char(' ') + wordOf(stage));
        if (!stage.detail.isEmpty()) one += QString(QStringLiteral(" (") + stage.detail + QLatin1Char(')'));
        parts << one;
    }
    return parts.join(QStringLiteral(", "));
}

void PipelineStrip::mousePressEvent(QMouseEvent* event) {
    for (std::size_t i = 0; i < m_stages.size(); ++i)
        if (m_stages[i].rect.contains(event->position())) return emit stageClicked(static_cast<int>(i));
    event->ignore();
}

}    // namespace filfil::gui
