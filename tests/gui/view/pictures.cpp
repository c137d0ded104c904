// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "pictures.hpp"

#include <QDir>
#include <QFileInfo>

#include <algorithm>
#include <cmath>

namespace filfil::gui::test {

namespace {

constexpr int block = 6;

QString goldenPath(const QString& name) {
    return QStringLiteral(FILFIL_SOURCE_DIR "/tests/gui/view/golden/") + name + QStringLiteral(".png");
}

}    // namespace

double difference(const QImage& a, const QImage& b) {
    if (a.size() != b.size() || a.isNull()) return 1;
    const QSize small(std::max(1, a.width() / block), std::max(1, a.height() / block));
    const QImage one =
        a.convertToFormat(QImage::Format_RGB32).scaled(small, Qt::IgnoreAspectRatio, Qt::SmoothTransformation);
    const QImage two =
        b.convertToFormat(QImage::Format_RGB32).scaled(small, Qt::IgnoreAspectRatio, Qt::SmoothTransformation);
    // Of the blocks that differ clearly the part they are; all others are rendering.
    double sum = 0;
    for (int y = 0; y < small.height(); ++y)
        for (int x = 0; x < small.width(); ++x) {
            const QColor p = one.pixelColor(x, y);
            const QColor q = two.pixelColor(x, y);
            const int away =
                std::max({std::abs(p.red() - q.red()), std::abs(p.green() - q.green()), std::abs(p.blue() - q.blue())});
            if (away > 18) sum += 1;
        }
    return sum / (small.width() * small.height());
}

bool looksLike(const QImage& picture, const QString& name) {
    const QString path = goldenPath(name);
    if (qEnvironmentVariable("FILFIL_GOLDEN") == QStringLiteral("write")) {
        QDir().mkpath(QFileInfo(path).path());
        return picture.convertToFormat(QImage::Format_RGB32).save(path, "PNG", 0);
    }
    const QImage golden(path);
    const double off = difference(picture, golden);
    if (off <= pictureTolerance) return true;
    const QString seen = QDir::current().filePath(name + QStringLiteral(".seen.png"));
    picture.save(seen);
    qWarning("%s differs from %s in %.2f %% of its blocks", qPrintable(seen), qPrintable(path), off * 100);
    return false;
}

void keepPicture(const QImage& picture, const QString& name) {
    const QString folder = qEnvironmentVariable("FILFIL_PICTURES");
    if (!folder.isEmpty()) picture.save(QDir(folder).filePath(name + QStringLiteral(".png")));
}

}    // namespace filfil::gui::test
