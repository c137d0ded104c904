// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gui/model/format.hpp"

#include <algorithm>

namespace filfil::gui {
namespace {

/// More digits than any amount of FIL has; longer text is none.
constexpr qsizetype most_digits = 80;

/// Without leading zeros; "0" for what is no number.
QString digits(const QString& text) {
    if (text.isEmpty() || text.size() > most_digits) return QStringLiteral("0");
    if (!std::all_of(text.begin(), text.end(), [](QChar c) { return c >= u'0' && c <= u'9'; }))
        return QStringLiteral("0");
    qsizetype zeros = 0;
    while (zeros + 1 < text.size() && text[zeros] == u'0') ++zeros;
    return text.mid(zeros);
}

int digitAt(const QString& text, qsizetype fromEnd) {
    return fromEnd < text.size() ? text[text.size() - 1 - fromEnd].digitValue() : 0;
}

}    // namespace

int Format::compareAmounts(const QString& a, const QString& b) {
    const QString left = digits(a);
    const QString right = digits(b);
    if (left.size() != right.size()) return left.size() < right.size() ? -1 : 1;
    const int order = QString::compare(left, right);
    return order < 0 ? -1 : order > 0 ? 1 : 0;
}

QString Format::sum(const QString& a, const QString& b) {
    const QString left = digits(a);
    const QString right = digits(b);
    QString out;
    int carry = 0;
    for (qsizetype i = 0; i < std::max(left.size(), right.size()) || carry != 0; ++i) {
        const int digit = digitAt(left, i) + digitAt(right, i) + carry;
        out.prepend(QChar(static_cast<char16_t>(u'0' + digit % 10)));
        carry = digit / 10;
    }
    return out;
}

QString Format::difference(const QString& a, const QString& b) {
    if (compareAmounts(a, b) <= 0) return QStringLiteral("0");
    const QString left = digits(a);
    const QString right = digits(b);
    QString out;
    int borrow = 0;
    for (qsizetype i = 0; i < left.size(); ++i) {
        int digit = digitAt(left, i) - digitAt(right, i) - borrow;
        borrow = digit < 0 ? 1 : 0;
        if (digit < 0) digit += 10;
        out.prepend(QChar(static_cast<char16_t>(u'0' + digit)));
    }
    return digits(out);
}

QString Format::fil(const QString& atto) const {
    if (atto.isEmpty()) return {};
    const QString text = digits(atto);
    if (text == QLatin1String("0"))
        return atto == QLatin1String("0") ? tr("0 FIL") : tr("%1 attoFIL").arg(atto.left(24));
    const QString padded = text.rightJustified(19, u'0');
    const QString whole = padded.left(padded.size() - 18);
    QString fraction = padded.right(18);
    // Below a nanoFIL that is all there is to say; above it nobody wants to read eighteen places.
    if (whole == QLatin1String("0") && fraction.startsWith(QLatin1String("000000000")))
        return tr("%1 attoFIL").arg(text);
    fraction.truncate(9);
    while (fraction.endsWith(u'0')) fraction.chop(1);
    QString grouped;
    for (qsizetype i = 0; i < whole.size(); ++i) {
        if (i > 0 && (whole.size() - i) % 3 == 0) grouped += m_locale.groupSeparator();
        grouped += whole[i];
    }
    return fraction.isEmpty() ? tr("%1 FIL").arg(grouped)
                              : tr("%1 FIL").arg(QString(grouped + m_locale.decimalPoint() + fraction));
}

double Format::filNumber(const QString& atto) const { return digits(atto).toDouble() / 1e18; }

}    // namespace filfil::gui
