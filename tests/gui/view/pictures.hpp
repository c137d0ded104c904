// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include <QImage>
#include <QString>

namespace filfil::gui::test {

/// How much two pictures may differ: fonts are rendered a little differently everywhere.
inline constexpr double pictureTolerance = 0.012;

/// 0 (the same) to 1: the mean distance of colours, in blocks of 6 × 6 pixels, so that the edges of letters do not
/// count.
double difference(const QImage& a, const QImage& b);

/// Holds a picture against golden/NAME.png. With FILFIL_GOLDEN=write in the environment it is written there instead.
/// What differs is kept beside the test program.
bool looksLike(const QImage& picture, const QString& name);

/// Writes a picture into the folder that FILFIL_PICTURES names, for people; nothing without it.
void keepPicture(const QImage& picture, const QString& name);

}    // namespace filfil::gui::test
