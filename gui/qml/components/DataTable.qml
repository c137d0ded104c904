// SPDX-License-Identifier: Apache-2.0 OR MIT
import QtQuick
import QtQuick.Templates as T
import FilFil
import FilFil.Model

/*!
    A table over a RecordProxy: sorts by its header, whose columns are dragged wider and chosen from a list; rows are
    walked by the keyboard, opened by Enter, and copied by Ctrl+C. Only what is in sight is made, so 10,000 rows are quick.
*/
FocusScope {
    id: table

    required property RecordProxy proxy
    /*! Under which its columns' widths are kept. */
    property string name
    property var preferences: null
    /*! Keys of columns that are not shown until they are chosen. */
    property var hiddenAtFirst: []
    /*! Widths by the columns' keys, where other than their kinds' become them. */
    property var widthsAtFirst: ({})
    /*! The column that takes what room is left; without it the last one shown. */
    property string stretch
    /*! Components for cells by their column's key; they have `record` (object), `display` (text) and `raw`. */
    property var cells: ({})
    property int rowHeight: Theme.rowHeight
    property bool showHeader: true
    property string title: qsTr("Table")
    property int currentRow: -1
    readonly property string currentKey: currentRow >= 0 && currentRow < rows ? proxy.keyAt(currentRow) : ""
    readonly property int rows: proxy.count
    readonly property var columns: proxy.records ? proxy.records.columns : []

    property var hidden: ({})
    property var widths: ({})
    property int hoveredRow: -1
    /*! Changes with whatever the widths depend on. */
    property int layoutStamp: 0
    /*! What the stretched column shrinks to, before the table is scrolled sideways. */
    readonly property int leastStretched: 120
    /*! At the end of the heads, for the button that chooses columns. */
    readonly property int room: 34
    readonly property real contentRoom: Math.max(0, view.width - view.contentWidth)

    signal opened(string key)

    function saved(what: string): string { return "table/" + table.name + "/" + what }

    function restore() {
        const hide = {}
        for (const key of hiddenAtFirst)
            hide[key] = true
        let wide = {}
        if (preferences && name !== "") {
            const keptHidden = preferences.value(saved("hidden"), "")
            if (keptHidden !== "") {
                for (const key in hide)
                    delete hide[key]
                for (const key of keptHidden.split(","))
                    if (key !== "-")
                        hide[key] = true
            }
            try {
                wide = JSON.parse(preferences.value(saved("widths"), "{}"))
            } catch (e) {
                wide = {}
            }
        }
        hidden = hide
        widths = wide
        relayout()
    }

    function keep() {
        if (!preferences || name === "")
            return
        const hide = Object.keys(hidden).filter(key => hidden[key])
        preferences.setValue(saved("hidden"), hide.length > 0 ? hide.join(",") : "-")
        preferences.setValue(saved("widths"), JSON.stringify(widths))
    }

    function toggleColumn(key: string) {
        const next = Object.assign({}, hidden)
        next[key] = !next[key]
        if (columns.every(column => next[column.key]))
            return
        hidden = next
        relayout()
        keep()
    }

    function ownWidth(column: int): real {
        const about = columns[column]
        if (!about || hidden[about.key])
            return 0
        // What the texts of a kind need at least, unless somebody made it smaller.
        const least = ({ time: 164, state: 142 })[about.kind] ?? (cells[about.key] ? 132 : 48)
        const title = Math.ceil(headings.advanceWidth(about.title)) + 28
        return Math.max(48, widths[about.key] ?? widthsAtFirst[about.key] ?? Math.max(about.width, least, title))
    }

    function widthOf(column: int): real {
        const about = columns[column]
        if (!about || hidden[about.key])
            return 0
        let stretched = stretch !== "" && !hidden[stretch] ? columns.findIndex(one => one.key === stretch) : -1
        if (stretched < 0)
            for (let i = columns.length - 1; i >= 0 && stretched < 0; --i)
                if (!hidden[columns[i].key])
                    stretched = i
        let width = ownWidth(column)
        if (column === stretched) {
            let others = 0
            for (let i = 0; i < columns.length; ++i)
                if (i !== column)
                    others += ownWidth(i)
            width = Math.max(widths[about.key] ?? leastStretched, view.width - others - room)
        }
        return width
    }

    function relayout() {
        layoutStamp += 1
        view.forceLayout()
    }

    function select(row: int) {
        if (rows === 0) {
            currentRow = -1
            return
        }
        currentRow = Math.max(0, Math.min(rows - 1, row))
        const top = currentRow * rowHeight
        if (top < view.contentY)
            view.contentY = top
        else if (top + rowHeight > view.contentY + view.height)
            view.contentY = Math.max(0, top + rowHeight - view.height)
    }

    function cellText(row: int, column: int): string {
        return proxy.data(proxy.index(row, column)) ?? ""
    }

    function rowText(row: int, separator: string): string {
        const parts = []
        for (let i = 0; i < columns.length; ++i)
            if (!hidden[columns[i].key])
                parts.push(cellText(row, i))
        return parts.join(separator)
    }

    function copyRow() {
        if (currentRow >= 0)
            clipboard.copy(rowText(currentRow, "\t"))
    }

    implicitHeight: 240
    activeFocusOnTab: false
    // Qt 6.4's tables go from left to right, and so do the heads above them.
    LayoutMirroring.enabled: false
    LayoutMirroring.childrenInherit: true
    Component.onCompleted: restore()
    onColumnsChanged: relayout()
    onRowsChanged: if (currentRow >= rows) currentRow = rows - 1

    Clipboard { id: clipboard }
    FontMetrics {
        id: headings

        font.family: Theme.sans
        font.pixelSize: Theme.small
        font.weight: Font.Medium
    }

    Rectangle {
        anchors.fill: parent
        radius: Theme.radius + 2
        color: Theme.panel
        border.color: Theme.border
    }

    Item {
        id: head

        visible: table.showHeader
        x: 1
        y: 1
        width: table.width - 2
        height: table.showHeader ? Theme.rowHeight : 0
        clip: true

        Row {
            x: -view.contentX
            height: parent.height

            Repeater {
                model: table.columns

                T.Button {
                    id: heading

                    required property int index
                    required property var modelData
                    readonly property bool numeric: ["bytes", "fil", "epoch", "number", "duration"].includes(modelData.kind)
                    readonly property bool sorted: table.proxy.sortKey === modelData.key

                    visible: width > 0
                    width: table.layoutStamp >= 0 ? table.widthOf(heading.index) : 0
                    height: head.height
                    hoverEnabled: true
                    focusPolicy: Qt.TabFocus
                    text: modelData.title
                    onClicked: table.proxy.sortBy(modelData.key)
                    Keys.onReturnPressed: heading.clicked()
                    Accessible.role: Accessible.ColumnHeader
                    Accessible.name: heading.sorted ? (table.proxy.descending ? qsTr("%1, sorted downwards").arg(heading.text) : qsTr("%1, sorted upwards").arg(heading.text)) : heading.text
                    Accessible.onPressAction: if (heading.enabled) heading.clicked()

                    // Made at once: it has ids.
                    contentItem: Item { // qmllint disable deferred-property-id
                        AppText {
                            id: headingText

                            x: heading.numeric !== heading.mirrored ? parent.width - width - 12 - (heading.sorted ? 14 : 0) : 12
                            anchors.verticalCenter: parent.verticalCenter
                            width: Math.min(implicitWidth, parent.width - 20 - (heading.sorted ? 14 : 0))
                            text: heading.text
                            color: heading.sorted ? Theme.text : Theme.textMuted
                            font.pixelSize: Theme.small
                            font.weight: Font.Medium
                            Accessible.ignored: true
                        }
                        Icon {
                            visible: heading.sorted
                            x: headingText.x + headingText.width + 2
                            anchors.verticalCenter: parent.verticalCenter
                            name: table.proxy.descending ? "sort-down" : "sort-up"
                            color: Theme.textMuted
                            size: 14
                        }
                    }
                    background: Rectangle {
                        color: heading.hovered ? Theme.hover : "transparent"

                        FocusRing {
                            shown: heading.visualFocus
                            gap: -4
                        }
                    }
                    Rectangle {
                        x: heading.mirrored ? 0 : parent.width - 1
                        width: 1
                        height: 14
                        anchors.verticalCenter: parent.verticalCenter
                        color: Theme.border
                        visible: grip.containsMouse || grip.pressed || heading.hovered
                    }
                    MouseArea {
                        id: grip

                        property real from: 0
                        property real was: 0

                        x: heading.mirrored ? 0 : parent.width - 8
                        width: 8
                        height: parent.height
                        cursorShape: Qt.SplitHCursor
                        hoverEnabled: true
                        preventStealing: true
                        onPressed: mouse => {
                            from = mapToItem(head, mouse.x, 0).x
                            was = heading.width
                        }
                        onPositionChanged: mouse => {
                            if (!pressed)
                                return
                            const moved = (mapToItem(head, mouse.x, 0).x - from) * (heading.mirrored ? -1 : 1)
                            const next = Object.assign({}, table.widths)
                            next[heading.modelData.key] = Math.max(48, Math.round(was + moved))
                            table.widths = next
                            table.relayout()
                        }
                        onReleased: table.keep()
                    }
                }
            }
        }
        Rectangle {
            anchors.bottom: parent.bottom
            width: parent.width
            height: 1
            color: Theme.border
        }
        IconButton {
            id: chooser

            anchors.right: parent.right
            anchors.rightMargin: 2
            anchors.verticalCenter: parent.verticalCenter
            width: 28
            height: 28
            glyph: "columns"
            hint: qsTr("Choose columns")
            onClicked: chooserList.open()
            background: Rectangle {
                radius: Theme.radius
                color: chooser.hovered ? Theme.hover : Theme.panel

                FocusRing { shown: chooser.visualFocus }
            }

            T.Popup {
                id: chooserList

                // The header may go while it is open; see HintTip.
                parent: chooser.background
                y: chooser.height + 4
                x: chooser.width - width
                width: 220
                height: Math.min(chooserColumn.implicitHeight + 24, 420)
                padding: 12
                focus: true
                margins: 8
                closePolicy: T.Popup.CloseOnEscape | T.Popup.CloseOnPressOutside
                background: Rectangle {
                    radius: Theme.radius
                    color: Theme.raised
                    border.color: Theme.border
                }
                // Made at once: it has ids.
                contentItem: Flickable { // qmllint disable deferred-property-id
                    clip: true
                    contentHeight: chooserColumn.implicitHeight
                    boundsBehavior: Flickable.StopAtBounds

                    Column {
                        id: chooserColumn

                        width: parent.width

                        Repeater {
                            model: table.columns

                            CheckMark {
                                required property var modelData

                                width: chooserColumn.width
                                text: modelData.title
                                checked: !table.hidden[modelData.key]
                                onToggled: {
                                    table.toggleColumn(modelData.key)
                                    checked = Qt.binding(() => !table.hidden[modelData.key])
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    TableView {
        id: view

        x: 1
        y: head.y + head.height
        width: table.width - 2
        height: table.height - y - 1
        clip: true
        focus: true
        activeFocusOnTab: true
        model: table.proxy
        boundsBehavior: Flickable.StopAtBounds
        columnWidthProvider: column => table.widthOf(column)
        rowHeightProvider: () => table.rowHeight
        reuseItems: true
        // The qmllint of Qt 6.4 takes Qt's own callLater for a property.
        onWidthChanged: Qt.callLater(table.relayout) // qmllint disable type
        T.ScrollBar.vertical: SlimScrollBar {}
        T.ScrollBar.horizontal: SlimScrollBar {}
        Accessible.role: Accessible.Table
        Accessible.name: table.title
        Accessible.focusable: true
        Accessible.description: table.currentRow >= 0 && table.currentRow < table.rows ? table.rowText(table.currentRow, ", ") : qsTr("%n row(s)", "", table.rows)

        Keys.onPressed: event => {
            const page = Math.max(1, Math.floor(view.height / table.rowHeight) - 1)
            let done = true
            if (event.key === Qt.Key_Down)
                table.select(table.currentRow + 1)
            else if (event.key === Qt.Key_Up)
                table.select(table.currentRow < 0 ? 0 : table.currentRow - 1)
            else if (event.key === Qt.Key_PageDown)
                table.select(table.currentRow + page)
            else if (event.key === Qt.Key_PageUp)
                table.select(table.currentRow - page)
            else if (event.key === Qt.Key_Home)
                table.select(0)
            else if (event.key === Qt.Key_End)
                table.select(table.rows - 1)
            else if ((event.key === Qt.Key_Return || event.key === Qt.Key_Enter) && table.currentRow >= 0)
                table.opened(table.currentKey)
            else if (event.matches(StandardKey.Copy))
                table.copyRow()
            else
                done = false
            event.accepted = done
        }
        onActiveFocusChanged: if (activeFocus && table.currentRow < 0 && table.rows > 0) table.currentRow = 0

        // Rows go to the table's end, below that button.
        Repeater {
            model: table.contentRoom > 0 ? Math.min(table.rows, Math.ceil(view.height / table.rowHeight) + 1) : 0

            Rectangle {
                id: end

                required property int index
                readonly property int row: index + Math.floor(view.contentY / table.rowHeight)

                parent: view.contentItem
                visible: row < table.rows
                x: view.contentWidth
                y: row * table.rowHeight
                width: table.contentRoom
                height: table.rowHeight
                color: table.currentRow === row ? Theme.selected : table.hoveredRow === row ? Theme.hover : "transparent"

                Rectangle {
                    anchors.bottom: parent.bottom
                    width: parent.width
                    height: 1
                    color: Theme.borderMuted
                }
            }
        }

        delegate: Rectangle {
            id: cell

            required property int row
            required property int column
            required property string display
            required property var raw
            required property var record
            readonly property var about: table.columns[column] ?? ({ key: "", kind: "text" })
            readonly property bool numeric: ["bytes", "fil", "epoch", "number", "duration"].includes(about.kind)
            readonly property bool current: table.currentRow === row
            readonly property Component custom: table.cells[about.key] ?? null

            implicitWidth: 80
            implicitHeight: table.rowHeight
            color: current ? Theme.selected : table.hoveredRow === row ? Theme.hover : "transparent"
            clip: true
            Accessible.role: Accessible.Cell
            Accessible.name: (cell.about.title ?? "") + ": " + cell.display

            Rectangle {
                anchors.bottom: parent.bottom
                width: parent.width
                height: 1
                color: Theme.borderMuted
            }
            Rectangle {
                visible: cell.current && cell.column === 0
                width: 3
                height: parent.height
                x: LayoutMirroring.enabled ? parent.width - 3 : 0
                color: view.activeFocus ? Theme.focus : Theme.borderStrong
            }
            HoverHandler {
                onHoveredChanged: {
                    if (hovered)
                        table.hoveredRow = cell.row
                    else if (table.hoveredRow === cell.row)
                        table.hoveredRow = -1
                }
            }
            TapHandler {
                onTapped: {
                    view.forceActiveFocus(Qt.MouseFocusReason)
                    table.currentRow = cell.row
                }
                onDoubleTapped: table.opened(table.proxy.keyAt(cell.row))
            }
            Loader {
                anchors.fill: parent
                anchors.leftMargin: 12
                anchors.rightMargin: 12
                sourceComponent: cell.custom !== null ? cell.custom : cell.about.kind === "state" ? stateCell : cell.about.kind === "cid" ? cidCell : cell.about.kind === "percent" && cell.about.key === "progress" ? progressCell : textCell
                onLoaded: {
                    item.record = Qt.binding(() => cell.record)
                    item.display = Qt.binding(() => cell.display)
                    item.raw = Qt.binding(() => cell.raw)
                    if (item.numeric !== undefined)
                        item.numeric = Qt.binding(() => cell.numeric)
                }
            }
        }
    }

    Component {
        id: textCell

        AppText {
            property var record
            property string display
            property var raw
            property bool numeric: false

            text: display
            verticalAlignment: Text.AlignVCenter
            horizontalAlignment: numeric ? Text.AlignRight : Text.AlignLeft
            Accessible.ignored: true
        }
    }
    Component {
        id: stateCell

        Item {
            id: state

            property var record
            property string display
            property var raw

            StateChip {
                visible: state.display !== ""
                anchors.verticalCenter: parent.verticalCenter
                width: Math.min(implicitWidth, parent.width)
                state_: String(state.raw ?? "")
                text: state.display
            }
        }
    }
    Component {
        id: cidCell

        CidLabel {
            property var record
            property string display
            property var raw

            value: raw ? String(raw) : ""
        }
    }
    Component {
        id: progressCell

        Item {
            id: progress

            property var record
            property string display
            property var raw

            ProgressLine {
                anchors.verticalCenter: parent.verticalCenter
                width: parent.width
                compact: true
                value: Number(progress.raw ?? -1)
            }
        }
    }

    FocusRing {
        shown: view.activeFocus && table.currentRow < 0
        radius: Theme.radius + 2
        gap: -2
    }
}
