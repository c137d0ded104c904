// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gui/view/slot_export.hpp"

#include "gui/view/slot_words.hpp"

#include <QBuffer>
#include <QCoreApplication>
#include <QDateTime>
#include <QFileInfo>
#include <QPageLayout>
#include <QPdfWriter>
#include <QSaveFile>

#include <algorithm>
#include <cmath>

namespace filfil::gui {

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(SlotCalendar)
};

constexpr double margin = 24;
constexpr double titleHigh = 48;
constexpr int pdfDpi = 1200;

QFont fontOf(const SlotSheet& sheet) {
    QFont font = sheet.font;
    if (font.pixelSize() <= 0) font.setPixelSize(13);
    return font;
}

QSizeF sizeOf(const SlotSheet& sheet) {
    const SlotPainter painter(sheet.palette, fontOf(sheet));
    const QSizeF inner = sheet.options.size;
    const double legend = painter.legend(nullptr, QRectF(0, 0, inner.width(), 0), false);
    return {inner.width() + 2 * margin, inner.height() + titleHigh + legend + 3 * margin};
}

void paintSheet(QPainter& painter, const SlotSheet& sheet) {
    const QSizeF size = sizeOf(sheet);
    const QSizeF inner = sheet.options.size;
    const SlotLayout layout(*sheet.set, sheet.options);
    const SlotPainter slot(sheet.palette, fontOf(sheet));
    const bool rightToLeft = sheet.options.rightToLeft;
    painter.fillRect(QRectF(QPointF(0, 0), size), sheet.palette.canvas);

    QFont title = fontOf(sheet);
    title.setPixelSize(22);
    title.setWeight(QFont::DemiBold);
    painter.setLayoutDirection(rightToLeft ? Qt::RightToLeft : Qt::LeftToRight);
    const QRectF head(margin, margin, inner.width(), titleHigh - 16);
    painter.setFont(title);
    painter.setPen(sheet.palette.text);
    painter.drawText(head, Qt::AlignVCenter | Qt::AlignLeft, rangeTitle(layout));
    painter.setFont(fontOf(sheet));
    painter.setPen(sheet.palette.muted);
    const QDateTime made = QDateTime::fromSecsSinceEpoch(static_cast<qint64>(sheet.options.now), sheet.options.zone);
    painter.drawText(
        head, Qt::AlignVCenter | Qt::AlignRight,
        Words::tr("Slot calendar of fil-fil, made %1 %2")
            .arg(made.toString(QStringLiteral("yyyy-MM-dd HH:mm")), zoneText(sheet.options.zone, sheet.options.now)));

    painter.save();
    painter.translate(margin, margin + titleHigh);
    SlotPaintState state;
    state.nowLine = true;
    slot.paint(painter, layout, state);
    painter.restore();
    slot.legend(&painter, QRectF(margin, margin * 2 + titleHigh + inner.height(), inner.width(), 0), rightToLeft);
}

Result<void> write(const QString& path, const QByteArray& bytes) {
    QSaveFile file(path);
    if (file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size() && file.commit()) return {};
    return Error(ErrorCode::io, path.toStdString() + " could not be written: " + file.errorString().toStdString(),
                 "choose a folder that exists and that you may write to");
}

}    // namespace

QImage sheetImage(const SlotSheet& sheet, double scale) {
    scale = std::clamp(scale, 1.0, 4.0);
    SlotSheet scaled = sheet;
    scaled.options.dpr = scale;
    const QSizeF size = sizeOf(scaled) * scale;
    QImage image(QSize(static_cast<int>(std::ceil(size.width())), static_cast<int>(std::ceil(size.height()))),
                 QImage::Format_ARGB32_Premultiplied);
    if (image.isNull()) return image;
    image.setDevicePixelRatio(scale);
    image.fill(sheet.palette.canvas);
    QPainter painter(&image);
    paintSheet(painter, scaled);
    return image;
}

Result<void> exportPng(const SlotSheet& sheet, const QString& path, double scale) {
    const QImage image = sheetImage(sheet, scale);
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    if (image.isNull() || !image.save(&buffer, "PNG"))
        return Error(ErrorCode::too_large, "a picture of this size could not be made",
                     "make the window smaller and export again");
    return write(path, bytes);
}

Result<void> exportPdf(const SlotSheet& sheet, const QString& path) {
    QByteArray bytes;
    {
        QBuffer buffer(&bytes);
        buffer.open(QIODevice::WriteOnly);
        QPdfWriter pdf(&buffer);
        pdf.setResolution(pdfDpi);
        pdf.setPageLayout(QPageLayout(QPageSize(QPageSize::A4), QPageLayout::Landscape, QMarginsF(10, 10, 10, 10),
                                      QPageLayout::Millimeter));
        pdf.setTitle(QStringLiteral("fil-fil: slot calendar"));
        pdf.setCreator(QStringLiteral("fil-fil"));
        QPainter painter;
        if (!painter.begin(&pdf)) return Error(ErrorCode::io, path.toStdString() + " could not be begun as PDF");
        const QSizeF size = sizeOf(sheet);
        const QRectF page = pdf.pageLayout().paintRectPixels(pdf.resolution());
        const double scale = std::min(page.width() / size.width(), page.height() / size.height());
        painter.translate((page.width() - size.width() * scale) / 2, 0);
        painter.scale(scale, scale);
        SlotSheet scaled = sheet;
        scaled.options.dpr = scale;
        paintSheet(painter, scaled);
    }
    return write(path, bytes);
}

}    // namespace filfil::gui
