// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include <QQmlComponent>
#include <QQmlEngine>
#include <QQuickItem>
#include <QQuickWindow>
#include <QtTest/QtTest>

#include <memory>

namespace filfil::gui::test {

/// A window with what a piece of QML makes, shown and drawn once.
class QuickScene {
public:
    explicit QuickScene(const QByteArray& qml, QSize size = {1000, 520}) {
        m_engine.addImportPath(QStringLiteral("qrc:/qt/qml"));
        m_window.resize(size);
        QQmlComponent component(&m_engine);
        component.setData("import QtQuick\nimport FilFil.View\n" + qml, QUrl());
        m_item.reset(qobject_cast<QQuickItem*>(component.create()));
        if (!m_item) {
            qWarning("%s", qPrintable(component.errorString()));
            return;
        }
        m_item->setParentItem(m_window.contentItem());
        m_window.show();
        m_good = QTest::qWaitForWindowExposed(&m_window);
        m_window.requestActivate();
        static_cast<void>(QTest::qWaitForWindowActive(&m_window, 1000));
    }

    [[nodiscard]] bool good() const { return m_good; }
    [[nodiscard]] QQuickWindow& window() { return m_window; }
    [[nodiscard]] QQuickItem* item() const { return m_item.get(); }
    template <class T>
    [[nodiscard]] T* find(const QString& name = QStringLiteral("it")) const {
        return m_item->objectName() == name ? qobject_cast<T*>(m_item.get()) : m_item->findChild<T*>(name);
    }
    [[nodiscard]] QImage picture() { return m_window.grabWindow(); }

private:
    QQmlEngine m_engine;
    QQuickWindow m_window;
    std::unique_ptr<QQuickItem> m_item;
    bool m_good = false;
};

}    // namespace filfil::gui::test
