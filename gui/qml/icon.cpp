// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gui/qml/icon.hpp"

#include <array>
#include <string_view>

#include <QByteArray>
#include <QPainter>
#include <QSvgRenderer>

namespace filfil::gui {
namespace {

struct Drawing {
    std::string_view name;
    std::string_view shapes;    ///< SVG elements on a field of 24 × 24
    bool directed = false;      ///< turned round where the layout is
};

constexpr auto drawings = std::to_array<Drawing>({
    {"overview",
     R"(<rect x="3" y="3" width="7.5" height="9" rx="1.5"/><rect x="13.5" y="3" width="7.5" height="5" rx="1.5"/><rect x="3" y="16" width="7.5" height="5" rx="1.5"/><rect x="13.5" y="12" width="7.5" height="9" rx="1.5"/>)"},
    {"calendar", R"(<rect x="3.5" y="5" width="17" height="15.5" rx="2"/><path d="M3.5 10h17M8 3v4M16 3v4"/>)"},
    {"snapshots",
     R"(<path d="M12 3l8.5 4.5L12 12 3.5 7.5z"/><path d="M3.5 12L12 16.5 20.5 12M3.5 16.5L12 21l8.5-4.5"/>)"},
    {"deals", R"(<path d="M4 8l8-4.5L20 8v8l-8 4.5L4 16z"/><path d="M4 8l8 4.5L20 8M12 12.500v8"/>)"},
    {"payouts",
     R"(<circle cx="12" cy="12" r="8.5"/><path d="M14.8 7.500c-2.600-.8-3.800.5-4.100 2.500l-.9 5.500c-.2 1.200-.8 1.700-1.800 1.600M8 12.200l7-1"/>)"},
    {"verifier",
     R"(<path d="M12 3l7.500 3v5.500c0 4.500-3 7.800-7.500 9.500-4.500-1.700-7.500-5-7.500-9.500V6z"/><path d="M8.500 12l2.500 2.500 4.500-5"/>)"},
    {"devices",
     R"(<rect x="6.500" y="6.500" width="11" height="11" rx="1.5"/><rect x="10" y="10" width="4" height="4" rx=".5"/><path d="M9.500 3v3.500M14.500 3v3.500M9.500 17.500V21M14.500 17.500V21M3 9.500h3.500M3 14.500h3.500M17.500 9.500H21M17.500 14.500H21"/>)"},
    {"log", R"(<path d="M4 6h16M4 10.500h11M4 15h16M4 19.500h8"/>)"},
    {"settings",
     R"(<path d="M4 7h9M19 7h1M4 17h1M11 17h9"/><circle cx="16" cy="7" r="2.500"/><circle cx="8" cy="17" r="2.500"/>)"},
    {"check", R"(<path d="M5 12.500l4.500 4.500L19 7.500"/>)"},
    {"check-circle", R"(<circle cx="12" cy="12" r="8.500"/><path d="M8 12.300l2.800 2.800L16 9.500"/>)"},
    {"cross", R"(<path d="M6 6l12 12M18 6L6 18"/>)"},
    {"cross-circle", R"(<circle cx="12" cy="12" r="8.500"/><path d="M9 9l6 6M15 9l-6 6"/>)"},
    {"warning", R"(<path d="M12 4L2.800 20h18.400z"/><path d="M12 10v4.500M12 17.200v.1"/>)"},
    {"info", R"(<circle cx="12" cy="12" r="8.500"/><path d="M12 11v5M12 8v.1"/>)"},
    {"clock", R"(<circle cx="12" cy="12" r="8.500"/><path d="M12 7v5l3.500 2"/>)"},
    {"dashed", R"(<circle cx="12" cy="12" r="8.500" stroke-dasharray="3 3.600"/>)"},
    {"dot", R"(<circle cx="12" cy="12" r="5" fill="currentColor"/>)"},
    {"minus", R"(<path d="M5 12h14"/>)"},
    {"plus", R"(<path d="M12 5v14M5 12h14"/>)"},
    {"refresh", R"(<path d="M19.500 12a7.500 7.500 0 1 1-2.200-5.300L19.500 9"/><path d="M19.500 4v5h-5"/>)"},
    {"copy",
     R"(<rect x="8.500" y="8.500" width="12" height="12" rx="2"/><path d="M15.500 8.500V5.500a2 2 0 0 0-2-2h-8a2 2 0 0 0-2 2v8a2 2 0 0 0 2 2h3"/>)"},
    {"search", R"(<circle cx="10.500" cy="10.500" r="6.500"/><path d="M15.500 15.500L21 21"/>)"},
    {"columns",
     R"(<rect x="3.500" y="4.500" width="17" height="15" rx="2"/><path d="M9.300 4.500v15M14.700 4.500v15"/>)"},
    {"sort-up", R"(<path d="M7 14.500l5-5 5 5"/>)"},
    {"sort-down", R"(<path d="M7 9.500l5 5 5-5"/>)"},
    {"chevron-right", R"(<path d="M9.500 6l6 6-6 6"/>)", true},
    {"chevron-left", R"(<path d="M14.500 6l-6 6 6 6"/>)", true},
    {"arrow-right", R"(<path d="M4 12h15M13 6l6 6-6 6"/>)", true},
    {"folder",
     R"(<path d="M3.500 18.500v-12a1.500 1.500 0 0 1 1.500-1.500h4.500l2.500 2.500h7a1.500 1.500 0 0 1 1.500 1.500v9.500a1.500 1.500 0 0 1-1.500 1.500H5a1.500 1.500 0 0 1-1.500-1.500z"/>)"},
    {"file",
     R"(<path d="M6 3.500h8l4.500 4.500v12a1 1 0 0 1-1 1H6a1 1 0 0 1-1-1v-15.500a1 1 0 0 1 1-1z"/><path d="M13.500 3.500V8.500h5"/>)"},
    {"trash", R"(<path d="M4 6.500h16M9 6.500V4h6v2.500M6.500 6.500l1 14h9l1-14M10.300 10.500v6M13.700 10.500v6"/>)"},
    {"download", R"(<path d="M12 4v11M7 10.500l5 5 5-5M4 20h16"/>)"},
    {"upload", R"(<path d="M12 15.500v-11M7 9l5-5 5 5M4 20h16"/>)"},
    {"play", R"(<path d="M7 4.500v15l12-7.500z"/>)"},
    {"pause", R"(<path d="M8.500 5v14M15.500 5v14"/>)"},
    {"stop", R"(<rect x="6" y="6" width="12" height="12" rx="1.500"/>)"},
    {"bell", R"(<path d="M6 16.500V11a6 6 0 0 1 12 0v5.500l1.500 1.500h-15zM10 20.500h4"/>)"},
    {"link",
     R"(<path d="M10 14a4 4 0 0 0 5.700 0l3-3A4 4 0 0 0 13 5.300l-1 1M14 10a4 4 0 0 0-5.700 0l-3 3A4 4 0 0 0 11 18.700l1-1"/>)"},
    {"unlink",
     R"(<path d="M4 4l16 16M15.500 14.200l3.200-3.200A4 4 0 0 0 13 5.300l-1 1M8.300 10l-3 3A4 4 0 0 0 11 18.700l1.500-1.500"/>)"},
    {"cut", R"(<path d="M5 5l14 14"/><circle cx="12" cy="12" r="8.500"/>)"},
    {"menu", R"(<path d="M4 6.500h16M4 12h16M4 17.500h16"/>)"},
    {"more",
     R"(<circle cx="5.500" cy="12" r="1.200" fill="currentColor"/><circle cx="12" cy="12" r="1.200" fill="currentColor"/><circle cx="18.500" cy="12" r="1.200" fill="currentColor"/>)"},
    {"keyboard",
     R"(<rect x="2.500" y="6" width="19" height="12" rx="2"/><path d="M6.500 10h.1M10 10h.1M13.500 10h.1M17 10h.1M7.500 14h9"/>)"},
    {"hammer", R"(<path d="M13 5.500l5.500 5.500M11 7.500l3-3 6 6-3 3zM13.500 10.500L5 19"/>)"},
    {"coin",
     R"(<ellipse cx="12" cy="7" rx="7.500" ry="3.500"/><path d="M4.500 7v10c0 1.900 3.400 3.500 7.500 3.500s7.500-1.600 7.500-3.500V7M4.500 12c0 1.900 3.400 3.500 7.500 3.500s7.500-1.600 7.500-3.500"/>)"},
    {"globe",
     R"(<circle cx="12" cy="12" r="8.500"/><path d="M3.500 12h17M12 3.500c3 2.500 3.800 5.500 3.800 8.500s-.8 6-3.800 8.500c-3-2.500-3.800-5.500-3.800-8.500s.8-6 3.800-8.500z"/>)"},
    {"spinner", R"(<path d="M12 3.500a8.500 8.500 0 1 1-8.500 8.500"/>)"},
    {"chart", R"(<path d="M4 4v16h16M8 16v-4M12.500 16V8M17 16v-6"/>)"},
    {"compare", R"(<path d="M4 8h13M13.500 4.500L17 8l-3.500 3.500M20 16H7M10.500 12.500L7 16l3.500 3.500"/>)"},
});

const Drawing* find(const QString& name) {
    const QByteArray wanted = name.toLatin1();
    for (const Drawing& drawing : drawings) {
        if (drawing.name == std::string_view(wanted.constData(), static_cast<std::size_t>(wanted.size())))
            return &drawing;
    }
    return nullptr;
}

}    // namespace

Icon::Icon(QQuickItem* parent) : QQuickPaintedItem(parent) {
    setImplicitSize(m_size, m_size);
    setAntialiasing(true);
}

void Icon::set_name(const QString& name) {
    if (m_name == name) return;
    m_name = name;
    update();
    Q_EMIT nameChanged();
}

void Icon::set_color(const QColor& color) {
    if (m_color == color) return;
    m_color = color;
    update();
    Q_EMIT colorChanged();
}

void Icon::set_size(qreal size) {
    if (qFuzzyCompare(m_size, size)) return;
    m_size = size;
    setImplicitSize(size, size);
    update();
    Q_EMIT sizeChanged();
}

void Icon::set_mirrored(bool mirrored) {
    if (m_mirrored == mirrored) return;
    m_mirrored = mirrored;
    update();
    Q_EMIT mirroredChanged();
}

void Icon::paint(QPainter* painter) {
    const Drawing* drawing = find(m_name);
    if (drawing == nullptr) return;
    const QByteArray color = m_color.name(QColor::HexRgb).toLatin1();
    QByteArray shapes(drawing->shapes.data(), static_cast<qsizetype>(drawing->shapes.size()));
    shapes.replace("currentColor", color);
    // Strokes stay about 1.6 pixels wide, so that small icons are not faint and large ones not heavy.
    const qreal edge = qMin(width(), height());
    const qreal stroke = 24.0 / qMax<qreal>(edge, 1) * (edge < 20 ? 1.5 : 1.7);
    const QByteArray svg =
        QByteArrayLiteral("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 24 24\" fill=\"none\" stroke=\"") +
        color + QByteArrayLiteral("\" stroke-linecap=\"round\" stroke-linejoin=\"round\" stroke-width=\"") +
        QByteArray::number(stroke) + QByteArrayLiteral("\">") + shapes + QByteArrayLiteral("</svg>");
    QSvgRenderer renderer(svg);
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setOpacity(m_color.alphaF());
    if (m_mirrored && drawing->directed) {
        painter->translate(width(), 0);
        painter->scale(-1, 1);
    }
    renderer.render(painter, QRectF((width() - edge) / 2, (height() - edge) / 2, edge, edge));
}

bool Icon::known(const QString& name) { return find(name) != nullptr; }

}    // namespace filfil::gui
