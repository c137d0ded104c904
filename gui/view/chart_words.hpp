// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include <QString>
#include <QVariantList>

#include <vector>

namespace filfil::gui {

/// A number for people: three digits that matter ("12.4", "1 230").
QString figure(double value);

/// Bytes with a binary unit: "81.3 MiB".
QString bytesText(double bytes);

/// With a unit of the charts: "bytes", "bytes/s", or any word that is put behind.
QString withUnit(double value, const QString& unit);

/// Numbers of a QML list; what is no finite number is NaN: a gap.
std::vector<double> numbersOf(const QVariantList& list);

/// A round number at or above `value`, for the end of an axis: 1, 2, 2.5 or 5 times a power of ten. 1 for what is not
/// above 0.
double roundUp(double value);

/// The same for a unit of withUnit: bytes end at a round number of KiB, MiB, …
double roundUp(double value, const QString& unit);

}    // namespace filfil::gui
