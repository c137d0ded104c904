// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "gui/view/painted_item.hpp"

#include <QVariantList>

#include <vector>

namespace filfil::gui {

/// How much of something there is is used: memory, disk. `parts` is a list of maps: label, value, tone; without it
/// `used` alone is shown, green below `warnAt` of the limit, amber from there on and red from `failAt` on, with a mark
/// at each. `forecast` is where it will be.
class UsageBar : public filfil::gui::PaintedItem {
    Q_OBJECT
    QML_ELEMENT
    Q_PROPERTY(double used READ used WRITE setUsed NOTIFY valuesChanged)
    Q_PROPERTY(double limit READ limit WRITE setLimit NOTIFY valuesChanged)             ///< 0: not known
    Q_PROPERTY(double forecast READ forecast WRITE setForecast NOTIFY valuesChanged)    ///< 0: none
    Q_PROPERTY(double warnAt READ warnAt WRITE setWarnAt NOTIFY valuesChanged)
    Q_PROPERTY(double failAt READ failAt WRITE setFailAt NOTIFY valuesChanged)
    Q_PROPERTY(QVariantList parts READ parts WRITE setParts NOTIFY valuesChanged)
    Q_PROPERTY(QString unit READ unit WRITE setUnit NOTIFY valuesChanged)    ///< "bytes" by default

public:
    using PaintedItem::PaintedItem;

    [[nodiscard]] double used() const { return m_used; }
    void setUsed(double used) { set(m_used, used); }
    [[nodiscard]] double limit() const { return m_limit; }
    void setLimit(double limit) { set(m_limit, limit); }
    [[nodiscard]] double forecast() const { return m_forecast; }
    void setForecast(double forecast) { set(m_forecast, forecast); }
    [[nodiscard]] double warnAt() const { return m_warnAt; }
    void setWarnAt(double part) { set(m_warnAt, part); }
    [[nodiscard]] double failAt() const { return m_failAt; }
    void setFailAt(double part) { set(m_failAt, part); }
    [[nodiscard]] QVariantList parts() const { return m_list; }
    void setParts(const QVariantList& parts);
    [[nodiscard]] QString unit() const { return m_unit; }
    void setUnit(const QString& unit);

    void paint(QPainter* painter) override;

signals:
    void valuesChanged();

protected:
    [[nodiscard]] QString summary() const override;
    [[nodiscard]] int role() const override;

private:
    struct Part {
        QString label;
        double value = 0;
        QString tone;
    };
    void set(double& member, double value);
    [[nodiscard]] double sum() const;

    double m_used = 0;
    double m_limit = 0;
    double m_forecast = 0;
    double m_warnAt = 0.8;
    double m_failAt = 0.95;
    QVariantList m_list;
    std::vector<Part> m_parts;
    QString m_unit = QStringLiteral("bytes");
};

}    // namespace filfil::gui
