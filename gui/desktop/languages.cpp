// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gui/desktop/languages.hpp"

#include "gui/model/app.hpp"

#include <QCoreApplication>
#include <QGuiApplication>
#include <QLibraryInfo>
#include <QLocale>
#include <QQmlEngine>

namespace filfil::gui {

Languages::Languages(QQmlEngine& engine, App& app) : m_engine(engine), m_app(app) {
    apply();
    connect(app.preferences(), &Preferences::changed, this, &Languages::apply);
}

void Languages::apply() {
    const QString language = m_app.preferences()->language();
    if (!m_first && language == m_language) return;
    m_language = language;
    const QLocale locale = language.isEmpty() ? QLocale::system() : QLocale(language);
    QCoreApplication::removeTranslator(&m_own);
    QCoreApplication::removeTranslator(&m_qt);
    // Also English: its file has the plural forms.
    if (m_own.load(locale, QStringLiteral("fil-fil"), QStringLiteral("_"), QStringLiteral(":/i18n")) ||
        m_own.load(QStringLiteral(":/i18n/fil-fil_en")))
        QCoreApplication::installTranslator(&m_own);
    if (m_qt.load(locale, QStringLiteral("qtbase"), QStringLiteral("_"),
                  QLibraryInfo::path(QLibraryInfo::TranslationsPath)))
        QCoreApplication::installTranslator(&m_qt);
    QGuiApplication::setLayoutDirection(locale.textDirection());
    m_app.format()->setLocale(locale);
    if (!m_first) m_engine.retranslate();
    m_first = false;
}

}    // namespace filfil::gui
