// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "tests/gui/quick/gallery.hpp"

#include <algorithm>

namespace filfil::gui::test {
namespace {

/// PNG's own compression, out of 100; more of it takes most of the time that a picture takes.
constexpr int quick_compression = 85;

}    // namespace

void Gallery::add(const QString& name, const QImage& picture) {
    if (picture.isNull()) return miss(name, QStringLiteral("it did not come to rest"));
    if (picture.size() != m_pixels)
        return miss(name, QStringLiteral("it is of %1x%2 pixels, not %3x%4")
                              .arg(picture.width())
                              .arg(picture.height())
                              .arg(m_pixels.width())
                              .arg(m_pixels.height()));

    const QImage page = picture.convertToFormat(QImage::Format_RGB32);
    const int wide = page.width() - m_sidebar;
    const auto lineOf = [&](int y) { return reinterpret_cast<const QRgb*>(page.constScanLine(y)) + m_sidebar; };
    std::size_t shows = 0;
    bool plain = true;
    for (int y = 0; y < page.height(); ++y) {
        const QRgb* line = lineOf(y);
        shows = qHashBits(line, static_cast<std::size_t>(wide) * sizeof(QRgb), shows);
        plain = plain && std::all_of(line, line + wide, [first = *lineOf(0)](QRgb one) { return one == first; });
    }
    if (plain) miss(name, QStringLiteral("it is of one colour"));
    const QString before = m_names.value(shows);
    if (!before.isEmpty()) miss(name, QStringLiteral("it shows the same as %1").arg(before));
    m_names.insert(shows, name);

    if (!picture.save(m_folder.filePath(name + QStringLiteral(".png")), "PNG", quick_compression))
        miss(name, QStringLiteral("it cannot be written to %1").arg(m_folder.path()));
}

}    // namespace filfil::gui::test
