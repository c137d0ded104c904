// SPDX-License-Identifier: Apache-2.0 OR MIT
import QtQuick
import QtTest
import FilFil

Item {
    id: root

    width: 640
    height: 480

    AppButton {
        id: button

        text: "Press"
        onClicked: pressed_ += 1

        property int pressed_: 0
    }
    CopyButton {
        id: copy

        y: 40
        value: "baga6ea4seaqao7s73y24kcutaosvacpdjgfe5pw76ooefnyqw4ynr3d2y6x2mpq"
        what: "piece CID"
    }
    CidLabel {
        id: cid

        y: 80
        width: 160
        value: copy.value
    }
    Field {
        id: field

        y: 120
        label: "Epoch"
        clearable: true
        onEdited: edits += 1

        property int edits: 0
    }
    Toggle {
        id: toggle

        y: 200
        text: "Follow"
        onToggled: toggles += 1

        property int toggles: 0
    }
    Segments {
        id: segments

        property int kept: 0

        current: kept
        onChosen: index => kept = index
        y: 240
        label: "View"
        options: ["Day", "Week", "Month"]
    }
    Choice {
        id: choice

        y: 280
        label: "Level"
        model: ["debug", "info", "warning"]
    }
    ProgressLine {
        id: progress

        y: 320
        width: 200
        label: "Hashing"
        value: 0.42
    }
    ToastHost {
        id: toasts

        width: 400
        y: 400
    }
    ConfirmDialog {
        id: dialog

        title: "Sure?"
        action: "Do it"
        onAccepted: answers += 1

        property int answers: 0
    }
    CommandPalette {
        id: palette

        property string ran

        commands: [{ title: "Go to Deals", run: () => palette.ran = "deals" }, { title: "Take a snapshot now", run: () => palette.ran = "take" }]
    }
    StepStrip {
        id: stages

        y: 560
        width: 300
        steps: [{ title: "Tipset", state: "done" }, { title: "commP", state: "now" }, { title: "Deal", state: "ahead" }]
    }
    Clipboard { id: clipboard }
    Component {
        id: rowThatGoes

        Column {
            property alias row: row

            y: 500
            width: 200

            Loader {
                id: row

                width: parent.width
                sourceComponent: Choice {
                    label: "Device"
                    model: ["auto", "cpu"]
                }
            }
        }
    }

    TestCase {
        name: "Controls"
        when: windowShown

        // QML tells of broken bindings as warnings.
        function init() { failOnWarning(/qrc:\/qt\/qml\/FilFil\//) }

        function texts(item) {
            let found = []
            for (let i = 0; i < item.children.length; ++i) {
                const child = item.children[i]
                if (child.visible && child.text !== undefined && child.text !== "")
                    found.push(child.text)
                found = found.concat(texts(child))
            }
            return found
        }

        function test_a_button_goes_by_mouse_space_and_return() {
            button.pressed_ = 0
            mouseClick(button)
            compare(button.pressed_, 1)
            button.forceActiveFocus(Qt.TabFocusReason)
            keyClick(Qt.Key_Space)
            compare(button.pressed_, 2)
            keyClick(Qt.Key_Return)
            compare(button.pressed_, 3)
            button.enabled = false
            mouseClick(button)
            compare(button.pressed_, 3)
            button.enabled = true
        }

        function test_a_screen_reader_hears_which_button_is_off_and_cannot_press_it() {
            button.pressed_ = 0
            button.Accessible.pressAction()
            compare(button.pressed_, 1)
            compare(button.Accessible.description, "")
            button.enabled = false
            button.Accessible.pressAction()
            compare(button.pressed_, 1)
            compare(button.Accessible.description, "off for now")
            button.enabled = true
        }

        function test_copying_says_so() {
            clipboard.copy("")
            verify(!copy.copied)
            mouseClick(copy)
            verify(copy.copied)
            compare(clipboard.text(), copy.value)
            compare(copy.hint, "Copied")
        }

        function test_a_cid_is_cut_in_the_middle() {
            verify(texts(cid).length > 0)
            compare(cid.Accessible.name, copy.value)
            cid.characters = 12
            compare(cid.shown.length, 13)
            verify(cid.shown.startsWith("baga6ea"))
            verify(cid.shown.endsWith("x2mpq"))
            cid.characters = 0
            compare(cid.shown, copy.value)
        }

        function test_a_field_is_typed_in_and_cleared_by_escape() {
            field.forceActiveFocus()
            keyClick(Qt.Key_4)
            keyClick(Qt.Key_2)
            compare(field.text, "42")
            compare(field.edits, 2)
            keyClick(Qt.Key_Escape)
            compare(field.text, "")
        }

        function test_a_toggle_goes_by_mouse_and_key() {
            const before = toggle.toggles
            mouseClick(toggle)
            verify(toggle.checked)
            toggle.forceActiveFocus(Qt.TabFocusReason)
            keyClick(Qt.Key_Return)
            verify(!toggle.checked)
            compare(toggle.toggles, before + 2)
        }

        function test_segments_go_by_arrows() {
            segments.choose(0)
            segments.forceActiveFocus(Qt.TabFocusReason)
            keyClick(Qt.Key_Right)
            compare(segments.current, 1)
            keyClick(Qt.Key_Right)
            keyClick(Qt.Key_Right)
            compare(segments.current, 2)
            keyClick(Qt.Key_Left)
            compare(segments.current, 1)
        }

        function test_segments_keep_their_callers_binding() {
            segments.choose(1)
            compare(segments.kept, 1)
            segments.kept = 2
            compare(segments.current, 2, "what was changed elsewhere is shown")
        }

        function glowOf(item) {
            for (let i = 0; i < item.children.length; ++i) {
                const child = item.children[i]
                const found = child.shader === "pipeline_flow" && child.shown ? child : glowOf(child)
                if (found !== null)
                    return found
            }
            return null
        }
        function test_stages_are_lit_only_while_there_is_work() {
            compare(glowOf(stages), null)
            stages.working = true
            verify(glowOf(stages) !== null)
            compare(glowOf(stages).moving, true)
            stages.small = true
            compare(glowOf(stages), null)
            stages.small = false
            stages.working = false
            compare(glowOf(stages), null)
        }
        function test_a_choice_is_made_in_its_list() {
            choice.currentIndex = 0
            mouseClick(choice)
            tryVerify(() => choice.popup.opened)
            mouseClick(choice)
            tryVerify(() => !choice.popup.visible)
            mouseClick(choice)
            tryVerify(() => choice.popup.opened)
            fuzzyCompare(choice.popup.contentItem.mapToItem(choice, 0, 0).y, choice.height + 8, 1)
            const list = choice.popup.contentItem
            tryVerify(() => list.itemAtIndex(2) !== null)
            mouseClick(list.itemAtIndex(2))
            compare(choice.currentIndex, 2)
            tryVerify(() => !choice.popup.visible)
        }
        /// Qt 6.4's popup listens to what its parent stands in for ever if the parent itself goes while it is open; that is
        /// told at once where the addresses are watched, and for certain by what its parent is.
        function test_a_choice_may_go_while_its_list_is_open() {
            const column = createTemporaryObject(rowThatGoes, root)
            for (let times = 0; times < 3; ++times) {
                const going = column.row.item
                going.popup.open()
                tryVerify(() => going.popup.opened)
                verify(going.popup.parent !== going)
                verify(going.popup.parent.parent === going)
                column.row.active = false
                column.x += 3
                column.width += 7
                wait(0)
                column.row.active = true
                column.height = 40 + times
                wait(20)
            }
        }
        function test_a_choice_is_made_by_keys() {
            choice.currentIndex = 0
            choice.forceActiveFocus(Qt.TabFocusReason)
            keyClick(Qt.Key_Down)
            compare(choice.currentIndex, 1)
        }

        function test_progress_estimates_before_it_promises() {
            progress.eta = ""
            verify(texts(progress).includes("estimating"))
            progress.eta = "12 s"
            verify(!texts(progress).includes("estimating"))
            verify(texts(progress).includes("42 %"))
            compare(progress.Accessible.description, "42 percent")
        }

        function test_toasts_do_not_pile_up() {
            toasts.say("")
            compare(toasts.count, 0)
            for (let i = 0; i < 8; ++i)
                toasts.say("done " + i)
            verify(toasts.count <= 3)
        }

        function test_a_dialog_keeps_the_keyboard() {
            dialog.open()
            tryVerify(() => dialog.opened)
            for (let i = 0; i < 6; ++i) {
                keyClick(Qt.Key_Tab)
                let inside = false
                for (let item = root.Window.window.activeFocusItem; item; item = item.parent)
                    inside = inside || item === dialog.contentItem
                verify(inside, "Tab " + i + " left the dialog")
            }
            keyClick(Qt.Key_Escape)
            tryVerify(() => !dialog.visible)
            compare(dialog.answers, 0)
        }

        function test_the_palette_finds_and_runs() {
            palette.ran = ""
            palette.open()
            tryVerify(() => palette.opened)
            for (const letter of [Qt.Key_S, Qt.Key_N, Qt.Key_A, Qt.Key_P])
                keyClick(letter)
            compare(palette.found.length, 1)
            keyClick(Qt.Key_Return)
            tryVerify(() => !palette.visible)
            compare(palette.ran, "take")
        }
    }
}
