// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include <QDir>
#include <QHash>
#include <QImage>
#include <QStringList>

#include <cstddef>

namespace filfil::gui::test {

/// Pictures in a folder, and what is wrong with them: one that did not come, of another size than wanted, of one
/// colour, or the same as another one where the page stands.
class Gallery {
public:
    /// @param pixels the size that each has to have
    /// @param sidebar its first columns, in pixels, which say which page it is and so differ in any case
    Gallery(const QDir& folder, QSize pixels, int sidebar) : m_folder(folder), m_pixels(pixels), m_sidebar(sidebar) {}

    /// Judges a picture and saves it as NAME.png.
    void add(const QString& name, const QImage& picture);

    /// One that could not be made.
    void miss(const QString& name, const QString& why) { m_problems << name + QStringLiteral(": ") + why; }

    [[nodiscard]] int count() const { return static_cast<int>(m_names.size()); }
    [[nodiscard]] const QStringList& problems() const { return m_problems; }

private:
    QDir m_folder;
    QSize m_pixels;
    int m_sidebar;
    QHash<std::size_t, QString> m_names;    ///< by what they show
    QStringList m_problems;
};

}    // namespace filfil::gui::test
