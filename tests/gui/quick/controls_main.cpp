// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gui/model/app.hpp"

#include <QtQuickTest/quicktest.h>
#include <QQmlEngine>
#include <QQuickStyle>

namespace {

class Setup : public QObject {
    Q_OBJECT

public slots:
    void applicationAvailable() {
        QQuickStyle::setStyle(QStringLiteral("Basic"));
        filfil::gui::registerModelTypes();
    }
    void qmlEngineAvailable(QQmlEngine* engine) { engine->addImportPath(QStringLiteral("qrc:/qt/qml")); }
};

}    // namespace

QUICK_TEST_MAIN_WITH_SETUP(controls, Setup)

#include "controls_main.moc"
