// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "shader_test.hpp"

#include "pictures.hpp"
#include "quick_scene.hpp"

using namespace filfil::gui::test;

namespace {

void rows() {
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("uniforms");
    QTest::newRow("now glow") << QByteArray("now_glow")
                              << QByteArray("property real time: 0; property real strength: 1");
    QTest::newRow("pipeline flow")
        << QByteArray("pipeline_flow")
        << QByteArray(
               "property real time: 0.3; property real speed: 0.5; property real aspect: 4; property real backward: 0");
    QTest::newRow("tree glow") << QByteArray("tree_glow")
                               << QByteArray(
                                      "property real time: 0; property real progress: 0.5; property real levels: 12; "
                                      "property real backward: 0");
}

}    // namespace

void ShaderTest::areInTheProgram_data() { rows(); }

void ShaderTest::areInTheProgram() {
    QFETCH(QByteArray, name);
    QFile file(QStringLiteral(":/shaders/") + QString::fromLatin1(name) + QStringLiteral(".frag.qsb"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QVERIFY(file.size() > 400);
}

void ShaderTest::drawWhereThereIsAnApi_data() { rows(); }

/// On the software backend nothing of a ShaderEffect is drawn, and nothing else is lost.
void ShaderTest::drawWhereThereIsAnApi() {
    QFETCH(QByteArray, name);
    QFETCH(QByteArray, uniforms);
    QuickScene scene(
        "Rectangle { width: 200; height: 100; color: 'black'\n Rectangle { x: 99; width: 2; height: 100; color: "
        "'#ff0000' }\n"
        "ShaderEffect { width: 200; height: 100; property color color: '#00ff00'; " +
            uniforms + "; fragmentShader: 'qrc:/shaders/" + name + ".frag.qsb' } }",
        {200, 100});
    QVERIFY(scene.good());
    const QImage picture = scene.picture();
    int green = 0;
    for (int y = 0; y < picture.height(); ++y)
        for (int x = 0; x < picture.width(); ++x) green += picture.pixelColor(x, y).green() > 25;
    QVERIFY(picture.pixelColor(picture.width() / 2, picture.height() / 2).red() > 60);
    if (QQuickWindow::sceneGraphBackend() == QStringLiteral("software") ||
        scene.window().rendererInterface()->graphicsApi() == QSGRendererInterface::Software) {
        QCOMPARE(green, 0);
        return;
    }
    keepPicture(picture, QStringLiteral("shader-") + QString::fromLatin1(name));
    QVERIFY2(green > 200, qPrintable(QString::number(green)));
    QVERIFY(green < picture.width() * picture.height() * 0.9);
}
