// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include <QtQml/qqmlregistration.h>

#include <QColor>
#include <QQuickPaintedItem>
#include <QString>

namespace filfil::gui {

/// One of the desktop's own line icons, drawn in any colour and size on every backend.
///
/// The drawings are strokes on a field of 24 × 24; a name that is not known draws nothing. Icons that show a direction
/// are mirrored where the layout is. Used on the GUI's thread.
class Icon : public QQuickPaintedItem {
    Q_OBJECT
    QML_ELEMENT
    Q_PROPERTY(QString name READ name WRITE set_name NOTIFY nameChanged FINAL)
    Q_PROPERTY(QColor color READ color WRITE set_color NOTIFY colorChanged FINAL)
    Q_PROPERTY(qreal size READ size WRITE set_size NOTIFY sizeChanged FINAL)
    Q_PROPERTY(bool mirrored READ mirrored WRITE set_mirrored NOTIFY mirroredChanged FINAL)
public:
    explicit Icon(QQuickItem* parent = nullptr);

    QString name() const { return m_name; }
    void set_name(const QString& name);
    QColor color() const { return m_color; }
    void set_color(const QColor& color);
    /// Edge in device-independent pixels.
    qreal size() const { return m_size; }
    void set_size(qreal size);
    /// Whether directions are turned round, as right-to-left text wants it.
    bool mirrored() const { return m_mirrored; }
    void set_mirrored(bool mirrored);

    void paint(QPainter* painter) override;

    /// Whether there is a drawing of that name.
    static bool known(const QString& name);

Q_SIGNALS:
    void nameChanged();
    void colorChanged();
    void sizeChanged();
    void mirroredChanged();

private:
    QString m_name;
    QColor m_color = Qt::black;
    qreal m_size = 16;
    bool m_mirrored = false;
};

}    // namespace filfil::gui
