// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "gui/view/now_line_item.hpp"
#include "gui/view/painted_item.hpp"
#include "gui/view/slot_export.hpp"

#include <QAbstractItemModel>
#include <QTimer>
#include <QVariantMap>

#include <vector>

namespace filfil::gui {

/// The slot calendar. Its model may be any whose roles have the names that SlotModelReader reads; a row is a window of
/// one provider.
///
/// Keys: arrows go from window to window (in the month from day to day), Home and End to the ends of a lane, Enter
/// opens, the menu key asks for a menu, T is today, Page Up and Down the day, week or month before and after, plus and
/// minus zoom, Escape ends a zoom or a selection. Wheel: scrolls the lanes; with Control it zooms. Dragging in the
/// strip zooms to that time.
///
/// Windows are told to QML as maps: slot round index provider openTime closeTime openEpoch closeEpoch targetEpoch state
/// stateName own progress reward detail dealId sentence; times are seconds since 1970, what is not known is null.
class SlotCalendarItem : public filfil::gui::PaintedItem {
    Q_OBJECT
    QML_NAMED_ELEMENT(SlotCalendar)
    Q_PROPERTY(QAbstractItemModel* model READ model WRITE setModel NOTIFY modelChanged)
    Q_PROPERTY(View view READ view WRITE setView NOTIFY viewChanged)
    /// "2026-11-20": the day shown, or one of the week or month; "" follows today.
    Q_PROPERTY(QString day READ day WRITE setDay NOTIFY rangeChanged)
    Q_PROPERTY(bool utc READ utc WRITE setUtc NOTIFY rangeChanged)
    /// An IANA name instead of the system's zone, while not `utc`.
    Q_PROPERTY(QString timeZone READ timeZone WRITE setTimeZone NOTIFY rangeChanged)
    Q_PROPERTY(bool showStrip READ showStrip WRITE setShowStrip NOTIFY rangeChanged)
    /// Seconds since 1970 at which time stands still, for pictures and tests; 0: the clock goes.
    Q_PROPERTY(double fixedNow READ fixedNow WRITE setFixedNow NOTIFY rangeChanged)
    Q_PROPERTY(double from READ from NOTIFY rangeChanged)
    Q_PROPERTY(double to READ to NOTIFY rangeChanged)
    Q_PROPERTY(bool zoomed READ zoomed NOTIFY rangeChanged)
    Q_PROPERTY(bool showsToday READ showsToday NOTIFY rangeChanged)
    Q_PROPERTY(QString rangeTitle READ rangeTitle NOTIFY rangeChanged)            ///< "Thu 20 Nov 2026"
    Q_PROPERTY(int windows READ windows NOTIFY windowsChanged)                    ///< in the model
    Q_PROPERTY(double scroll READ scroll WRITE setScroll NOTIFY scrollChanged)    ///< pixels
    Q_PROPERTY(double mostScroll READ mostScroll NOTIFY scrollChanged)
    Q_PROPERTY(double contentHeight READ contentHeight NOTIFY scrollChanged)    ///< what of the height is used
    Q_PROPERTY(QVariant selected READ selected NOTIFY selectedChanged)          ///< {} without a selection
    Q_PROPERTY(QString selectedDay READ selectedDay NOTIFY selectedChanged)     ///< of the month view
    Q_PROPERTY(QVariant hovered READ hovered NOTIFY hoveredChanged)
    Q_PROPERTY(QRectF hoveredRect READ hoveredRect NOTIFY hoveredChanged)    ///< in the item, for a tooltip
    Q_PROPERTY(QRectF selectedRect READ selectedRect NOTIFY selectedChanged)
    /// Where the line of the present is, for a glow around it; empty while it is not in sight.
    Q_PROPERTY(QRectF nowLine READ nowLine NOTIFY nowLineChanged)

public:
    enum class View : quint8 { DayView, WeekView, MonthView };
    Q_ENUM(View)

    explicit SlotCalendarItem(QQuickItem* parent = nullptr);

    [[nodiscard]] QAbstractItemModel* model() const { return m_model; }
    void setModel(QAbstractItemModel* model);
    [[nodiscard]] View view() const { return m_view; }
    void setView(View view);
    [[nodiscard]] QString day() const;
    void setDay(const QString& day);
    [[nodiscard]] bool utc() const { return m_utc; }
    void setUtc(bool utc);
    [[nodiscard]] QString timeZone() const { return QString::fromLatin1(m_zone); }
    void setTimeZone(const QString& name);
    [[nodiscard]] bool showStrip() const { return m_strip; }
    void setShowStrip(bool strip);
    [[nodiscard]] double fixedNow() const { return m_fixedNow; }
    void setFixedNow(double now);
    [[nodiscard]] double from() const { return m_layout.from(); }
    [[nodiscard]] double to() const { return m_layout.to(); }
    [[nodiscard]] bool zoomed() const { return m_to > m_from; }
    [[nodiscard]] bool showsToday() const;
    [[nodiscard]] QString rangeTitle() const;
    [[nodiscard]] int windows() const { return m_set.size(); }
    [[nodiscard]] double scroll() const { return m_layout.options().scroll; }
    void setScroll(double pixels);
    [[nodiscard]] double mostScroll() const { return m_layout.mostScroll(); }
    [[nodiscard]] double contentHeight() const { return m_layout.contentHeight(); }
    [[nodiscard]] QVariantMap selected() const { return mapOf(m_selected); }
    [[nodiscard]] QString selectedDay() const { return m_selectedDay.toString(Qt::ISODate); }
    [[nodiscard]] QVariantMap hovered() const { return mapOf(m_hovered); }
    [[nodiscard]] QRectF hoveredRect() const { return rectOf(m_hovered); }
    [[nodiscard]] QRectF selectedRect() const { return rectOf(m_selected); }
    [[nodiscard]] QRectF nowLine() const { return m_line->line(); }

    Q_INVOKABLE void today();
    Q_INVOKABLE void goForward();
    Q_INVOKABLE void goBack();
    /// The day view of [from, to), seconds since 1970: a minute to 14 days.
    Q_INVOKABLE void zoomTo(double from, double to);
    Q_INVOKABLE void zoomBy(double factor);
    Q_INVOKABLE void zoomOut();    ///< the whole day again
    Q_INVOKABLE void openDay(const QString& day);
    /// Selects a window and brings it into sight. @return false where there is none
    Q_INVOKABLE bool select(double slot, const QString& provider);
    Q_INVOKABLE void clearSelection();
    Q_INVOKABLE QVariantMap slotAt(double x, double y) const;
    Q_INVOKABLE QRectF rectOfSlot(double slot, const QString& provider) const;
    /// @param place a path or a file: URL. What came of it is told by exported() or exportFailed()
    Q_INVOKABLE bool exportPng(const QUrl& place, double scale = 2);
    Q_INVOKABLE bool exportPdf(const QUrl& place);

    [[nodiscard]] const SlotLayout& layout() const { return m_layout; }
    void paint(QPainter* painter) override;

signals:
    void modelChanged();
    void viewChanged();
    void rangeChanged();
    void windowsChanged();
    void scrollChanged();
    void selectedChanged();
    void hoveredChanged();
    void nowLineChanged();
    void slotActivated(const QVariantMap& slot);
    void slotHovered(const QVariantMap& slot, const QRectF& rect);
    void slotMenu(const QVariantMap& slot, const QPointF& at);
    void dayActivated(const QString& day);
    void exported(const QString& path);
    void exportFailed(const QString& sentence, const QString& remedy);

protected:
    void componentComplete() override;
    void relayout() override;
    [[nodiscard]] QString summary() const override;
    void itemChange(ItemChange change, const ItemChangeData& data) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void hoverMoveEvent(QHoverEvent* event) override;
    void hoverLeaveEvent(QHoverEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void mouseUngrabEvent() override;
    void wheelEvent(QWheelEvent* event) override;

private:
    struct Change {
        int first = 0;
        int last = -1;
    };

    [[nodiscard]] double now() const;
    [[nodiscard]] QTimeZone zone() const;
    [[nodiscard]] SlotLayoutOptions layoutOptions() const;
    [[nodiscard]] QVariantMap mapOf(int entry) const;
    [[nodiscard]] QRectF rectOf(int entry) const;
    [[nodiscard]] QDate shownDay() const;
    [[nodiscard]] SlotSheet sheet() const;
    void readAll();
    void readRows(int first, int last);
    void rebuildLater();
    void rebuild();
    void tick();
    void runClock();
    void move(SlotStep step);
    void moveDay(SlotStep step);
    void go(int by);
    void setSelected(int entry);
    void setHovered(int entry, QDate day);
    void reveal(int entry);
    void activate();
    bool finish(const Result<void>& written, const QString& path);

    QPointer<QAbstractItemModel> m_model;
    std::vector<SlotEntry> m_rows;    ///< as the model's
    SlotSet m_set;
    SlotLayout m_layout;
    NowLineItem* m_line;
    QTimer m_clock;
    QTimer m_rebuild;
    View m_view = View::DayView;
    QDate m_day;
    QByteArray m_zone;
    bool m_utc = true;
    bool m_strip = true;
    bool m_keyboard = false;    ///< the focus came by it
    double m_fixedNow = 0;
    double m_from = 0, m_to = 0;    ///< zoom
    double m_scroll = 0;
    double m_nextPaint = 0;
    int m_selected = -1;
    int m_hovered = -1;
    QDate m_selectedDay;
    QDate m_hoveredDay;
    QString m_titleShown;
    std::pair<double, double> m_shown{};
    std::optional<double> m_brushFrom;
    std::optional<double> m_brushTo;
};

}    // namespace filfil::gui
