// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include <QtTest/QtTest>

class ShaderTest : public QObject {
    Q_OBJECT

private slots:
    void areInTheProgram_data();
    void areInTheProgram();
    void drawWhereThereIsAnApi_data();
    void drawWhereThereIsAnApi();
};
